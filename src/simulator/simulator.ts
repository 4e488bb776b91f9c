/**
 * A simulator of the Smart-ID service with the same protocol: RP API v3 and v2 over HTTP, with its own certificates and
 * signatures. It shares no code with the product, so that it cannot repeat its mistakes.
 *
 *   rp-api-v3, -v2 → request-validation → accounts → sessions ⇄ answers (automated, or the virtual phone at /)
 *                          device-link (/device-link, /mock/…) ─┘      └ credentials (certificate-authority) → signing
 *   /control → the same sessions, answers and accounts, for programs
 *   /ocsp, /ca → publications: OCSP and CRLs, with the settings of /revocation
 *
 * It authenticates nobody: anyone can log in as anyone. Therefore it has its own CA and listens only on loopback by default.
 */
import 'reflect-metadata';
import Koa, { type Middleware } from 'koa';
import type { Logger } from '../log/logger.ts';
import { createAccounts } from './accounts/accounts.ts';
import { createAnswers } from './accounts/answers.ts';
import { openCertificateAuthority } from './ca/certificate-authority.ts';
import { openCredentials } from './accounts/credentials.ts';
import { createIssuedCertificates } from './ca/issued-certificates.ts';
import { controlRoutes } from './control/control.ts';
import type { Delays } from './delays.ts';
import { createConnections, type Handler, type TlsCredentials } from './connections.ts';
import { listen } from './listen.ts';
import { refuseOtherNames } from './page-security.ts';
import { mockDeviceRoutes } from './phone/mock-device.ts';
import { phoneRoutes } from './phone/phone.ts';
import { refuseOtherMethods } from './methods.ts';
import { Problem, problemBody } from './problem.ts';
import type { RegisteredName } from './request-members.ts';
import { publicationRoutes } from './ca/publications.ts';
import { createRevocation } from './ca/revocation.ts';
import { revocationRoutes } from './ca/revocation-routes.ts';
import { rpApiV2Routes } from './rp-api/rp-api-v2.ts';
import { rpApiV3Routes } from './rp-api/rp-api-v3.ts';
import { createSessions } from './accounts/sessions.ts';

export interface SimulatorOptions {
  /** 0 selects a free port. */
  readonly port: number;
  /** `localhost` by default: both loopback addresses. */
  readonly host?: string | undefined;
  /** To serve TLS too, on the same port. */
  readonly tls?: TlsCredentials | undefined;
  /** Directory for the CA and the account key; if undefined, they are only in memory. */
  readonly dataDir: string | undefined;
  /** The RP API version whose HTTP responses to imitate; 3.2 by default. */
  readonly answersLike?: '3.1' | '3.2' | undefined;
  /** Whether the relying party may ask for ADVANCED; false by default, as for the relying party of SK's demo. */
  readonly allowsAdvanced?: boolean | undefined;
  /** Names that the relying party may use beside DEMO. Default: none. */
  readonly relyingParties?: readonly RegisteredName[] | undefined;
  /** Delay of automated accounts in milliseconds; 1,500 by default. */
  readonly answerDelayMs?: number | undefined;
  /** Delay of a slow OCSP responder or CRL in milliseconds; 3,000 by default. */
  readonly slowMs?: number | undefined;
  /** Timeout of a session in seconds; 90 by default. */
  readonly sessionSeconds?: number | undefined;
  readonly log: Logger;
  readonly now?: (() => Date) | undefined;
  /** For the mock device's callback; the platform's `fetch` by default. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

export interface Simulator {
  readonly port: number;
  /** Base URL of RP API v3: `http://localhost:3001/smart-id-rp/v3/`. */
  readonly baseUrl: string;
  /** Base URL of RP API v2: `http://localhost:3001/smart-id-rp/v2/`. */
  readonly baseUrlV2: string;
  /** DER of the issuing CAs. */
  readonly trustAnchors: readonly Uint8Array[];
  readonly phoneUrl: string;
  /** Ends the long polls (with RUNNING) and resolves when all requests are answered. */
  close(): Promise<void>;
}

const DEFAULT_HOST = 'localhost';

/** @throws the error of listen() (EADDRINUSE …), or of a file that cannot be read or written */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const { host = DEFAULT_HOST } = options;
  // Certificates contain the CA's address, so listen first to learn the port; requests wait until the handler exists.
  const handler = Promise.withResolvers<Handler>();
  const connections = createConnections(async (request, response) => {
    await (
      await handler.promise
    )(request, response);
  }, options.tls);
  const listening = await listen(connections, host, options.port);
  try {
    const { handle, ...simulator } = await build(options, `http://${urlHost(host)}:${listening.port}/`);
    handler.resolve(handle);
    let closed: Promise<void> | undefined;
    return {
      ...simulator,
      port: listening.port,
      close() {
        simulator.close();
        closed ??= listening.close();
        return closed;
      },
    };
  } catch (error) {
    handler.resolve(async (_request, response) => void response.destroy());
    await listening.close();
    throw error;
  }
}

/** Creates the application. `close` ends pending waits. */
async function build(
  options: SimulatorOptions,
  publicUrl: string,
): Promise<Omit<Simulator, 'port' | 'close'> & { handle: Handler; close(): void }> {
  const { host = DEFAULT_HOST, dataDir, log, now = () => new Date(), fetch = globalThis.fetch } = options;
  const accounts = createAccounts();
  const authority = await openCertificateAuthority(dataDir, publicUrl, now());
  const issued = createIssuedCertificates(authority);
  const revocation = createRevocation(accounts);
  const delays: Delays = {
    answerMs: options.answerDelayMs ?? 1_500,
    slowMs: options.slowMs ?? 3_000,
    sessionSeconds: options.sessionSeconds ?? 90,
  };
  const sessions = createSessions({ seconds: () => delays.sessionSeconds, now });
  const credentialsOf = openCredentials({ authority, dataDir, issued, publicUrl, now });
  const deviceLinkBase = `${publicUrl}device-link`;
  const answers = createAnswers({ sessions, credentialsOf, delayMs: () => delays.answerMs, log });

  const app = new Koa();
  app.on('error', (error: unknown) => {
    // answerProblems handles all handler errors; the remaining ones are clients that disconnected.
    log.debug({ err: error }, 'a connection of the simulator ended early');
  });
  app.use(closeConnections(sessions.closing));
  app.use(answerProblems(log));
  app.use(refuseOtherNames(host));
  app.use(refuseOtherMethods);
  const rights = { advanced: options.allowsAdvanced ?? false, names: options.relyingParties };
  const answersLike = options.answersLike ?? '3.2';
  const { closing } = sessions;
  for (const router of [
    rpApiV3Routes({ accounts, sessions, answers, rights, answersLike, deviceLinkBase, log }),
    rpApiV2Routes({ accounts, sessions, answers, rights, now, log }),
    mockDeviceRoutes({ accounts, sessions, answers, deviceLinkBase, fetch, now, log }),
    publicationRoutes({ authority, issued, revocation, delays, now, closing }),
    revocationRoutes(revocation),
    controlRoutes({ accounts, sessions, answers, delays, deviceLinkBase, now }),
    phoneRoutes({ accounts, sessions, answers, deviceLinkBase, now }),
  ])
    app.use(router.routes());

  return {
    handle: app.callback(),
    baseUrl: `${publicUrl}smart-id-rp/v3/`,
    baseUrlV2: `${publicUrl}smart-id-rp/v2/`,
    trustAnchors: Object.values(authority.issuing).map(
      ({ certificate }) => new Uint8Array(certificate.rawData),
    ),
    phoneUrl: publicUrl,
    close() {
      answers.close();
      sessions.close();
    },
  };
}

/** Converts errors to problem bodies; an unexpected error becomes a 500 and is logged. */
function answerProblems(log: Logger): Middleware {
  return async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && ctx.body === undefined) throw new Problem(404);
    } catch (error) {
      const problem = toProblem(error);
      if (problem.status === 500 && !(error instanceof Problem))
        log.error({ err: error }, 'the simulator failed');
      ctx.status = problem.status;
      // RFC 9457 defines application/problem+json, but SK's API uses application/json.
      ctx.body = problemBody(problem);
    }
  };
}

/** Koa's own errors (a malformed or too large body) carry a status. */
function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isOfZlib(error))
    return new Problem(400, { detail: 'The body is not compressed as Content-Encoding says' });
  const status = error instanceof Error && 'status' in error ? error.status : undefined;
  return new Problem(typeof status === 'number' && status >= 400 && status < 500 ? status : 500);
}

/** The codes of zlib, like Z_DATA_ERROR, and of Brotli, like ERR__ERROR_FORMAT_…, which Node makes of the decoder's. */
function isOfZlib(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return code.startsWith('Z_') || code.startsWith('ERR__ERROR_FORMAT_');
}

/** While closing, closes each connection after its response; otherwise idle ones would keep the server open. */
function closeConnections(closing: AbortSignal): Middleware {
  return async (ctx, next) => {
    await next();
    if (closing.aborted) ctx.res.shouldKeepAlive = false;
  };
}

function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}
