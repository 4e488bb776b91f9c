/** An HTTP/2 server on loopback, over TLS, that answers as a test says, and counts what comes. */
import { once } from 'node:events';
import {
  createSecureServer,
  type IncomingHttpHeaders,
  type SecureServerOptions,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { TestContext } from 'node:test';
import type { Dispatcher } from 'undici';
import { createDispatcher, type DispatcherOptions } from '../../../src/http/dispatcher.ts';
import { type HttpBounds, fetchBounded, type HttpRequest } from '../../../src/http/bounded-fetch.ts';
import { HttpError } from '../../../src/http/errors.ts';
import { createTestPki } from '../../support/certificates/certificates.ts';
import { issueServerCertificate, pemOf, type ServerCertificate } from '../../support/servers/tls-server.ts';

export const pki = createTestPki();
export const ca = pemOf(pki.root.certificate);

export type Answer = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void;

export interface H2Server {
  /** `https://localhost:PORT/`. */
  readonly url: string;
  readonly port: number;
  /** Open ones, the oldest first. */
  readonly sessions: ServerHttp2Session[];
  /** Since the beginning. */
  readonly connections: () => number;
  readonly requests: () => number;
  /** Resolves when so many requests have come since the beginning. */
  came(count: number): Promise<void>;
}

export interface H2ServerOptions extends SecureServerOptions {
  readonly certificate?: ServerCertificate;
}

const genuine = issueServerCertificate(pki);
export const genuineTls = tlsOf(genuine);

function tlsOf({ certificate, keys }: ServerCertificate): { readonly key: string; readonly cert: string } {
  return {
    key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: [certificate, pki.issuing.certificate].map(pemOf).join(''),
  };
}

/** Closed at the end of the test. */
export async function h2Server(
  test: TestContext,
  answer: Answer,
  { certificate = genuine, ...options }: H2ServerOptions = {},
): Promise<H2Server> {
  const sessions: ServerHttp2Session[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  let requests = 0;
  const arrivals = new Set<() => void>();
  const server = createSecureServer({
    ...tlsOf(certificate),
    ...options,
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('session', (session) => {
    connections += 1;
    sessions.push(session);
    session.on('error', () => undefined);
    session.once('close', () => sessions.splice(sessions.indexOf(session), 1));
  });
  server.on('stream', (stream, headers) => {
    requests += 1;
    stream.on('error', () => undefined);
    answer(stream, headers);
    for (const arrived of arrivals) arrived();
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  test.after(async () => {
    for (const session of [...sessions]) session.destroy();
    // A session that was closed gracefully would wait for its client.
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://localhost:${port}/`,
    port,
    sessions,
    connections: () => connections,
    requests: () => requests,
    came: (count) =>
      new Promise((resolve) => {
        const look = () => {
          if (requests < count) return;
          arrivals.delete(look);
          resolve();
        };
        arrivals.add(look);
        look();
      }),
  };
}

/** Of the product, with HTTP/2, for this test. */
export function http2Dispatcher(test: TestContext, options: DispatcherOptions = {}): Dispatcher {
  const dispatcher = createDispatcher({ ca, http2: {}, ...options });
  test.after(() => dispatcher.destroy());
  return dispatcher;
}

export const json =
  (text = '{}', status = 200): Answer =>
  (stream) => {
    stream.respond({ ':status': status, 'content-type': 'application/json' });
    stream.end(text);
  };

/** Keeps the streams that come, unanswered. */
export function polls() {
  const held: ServerHttp2Stream[] = [];
  const hold: Answer = (stream) => held.push(stream);
  const answerAll = () => {
    for (const stream of held.splice(0).filter(({ destroyed }) => !destroyed)) {
      stream.respond({ ':status': 200 });
      stream.end('{}');
    }
  };
  return { held, hold, answerAll };
}

export const many = (count: number, ask: () => Promise<number | string>) =>
  Array.from({ length: count }, ask);

/** The status of an answer, or why there was none: code and reason. */
export async function outcomeOf(
  dispatcher: Dispatcher,
  sent: HttpRequest,
  bounds: Partial<HttpBounds> = {},
): Promise<number | string> {
  try {
    const { status } = await fetchBounded(sent, {
      dispatcher,
      timeoutMs: 10_000,
      maxBytes: 1_000,
      ...bounds,
    });
    return status;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return `${error.code} ${error.reason ?? ''}`.trim();
  }
}
