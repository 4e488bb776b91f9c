import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';

export interface HttpServer {
  readonly port: number;
  /**
   * Serves on until the requests that run have finished and none has come for `quietMs`, at most `limitMs` in all, then
   * closes. A waiting page listens or comes back within that time, so that its login comes to an end.
   */
  drain(quietMs: number, limitMs: number): Promise<void>;
}

export interface HttpServerOptions {
  readonly port: number;
  readonly host: string | undefined;
  /** PEM, to serve https. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly listener: RequestListener;
  /** `TIME_LIMITS` by default. */
  readonly timeLimits?: Partial<TimeLimits>;
}

/** What slow clients are given, in milliseconds. */
export interface TimeLimits {
  /** For the TLS handshake. */
  readonly handshake: number;
  /** From the connection, or the request before, until all headers are there. */
  readonly headers: number;
  /** Until the body is there as well. */
  readonly request: number;
  /** In which nothing of an answer was taken. */
  readonly silence: number;
  /** How often headers and requests are looked after. */
  readonly check: number;
}

/** An event stream says something every 15 seconds, so that silence is none of its own. */
export const TIME_LIMITS: TimeLimits = {
  handshake: 10_000,
  headers: 10_000,
  request: 15_000,
  silence: 60_000,
  check: 1_000,
};
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * An HTTP server for the open internet: no slow clients, no large headers, no lenient parsing. What a proxy in front and
 * Node might read differently (two lengths, a length beside chunks, bare line feeds) is refused by Node's parser.
 *
 * @throws the system's error (`EADDRINUSE`, `EACCES`, …) when the port cannot be had */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { port, host, tls, listener } = options;
  const { handshake, headers, request, silence, check } = { ...TIME_LIMITS, ...options.timeLimits };
  const limits = {
    headersTimeout: headers,
    requestTimeout: request,
    connectionsCheckingInterval: check,
    maxHeaderSize: MAX_HEADER_BYTES,
    insecureHTTPParser: false,
    requireHostHeader: true,
  };
  const server: Server = tls
    ? createHttpsServer({ ...limits, handshakeTimeout: handshake, minVersion: 'TLSv1.2', ...tls })
    : createHttpServer(limits);
  server.setTimeout(silence);
  // Beyond a number of headers Node would leave out the rest without a word; their size is limited already.
  server.maxHeadersCount = 0;
  let running = 0;
  let lastActivity = 0;
  server.on('request', (_request, response) => {
    running += 1;
    response.once('close', () => {
      running -= 1;
      lastActivity = Date.now();
    });
  });
  server.on('request', listener);
  await listen(server, port, host);

  return { port: (server.address() as AddressInfo).port, drain };

  async function drain(quietMs: number, limitMs: number): Promise<void> {
    const limit = Date.now() + limitMs;
    await until(() => (running === 0 && Date.now() - lastActivity >= quietMs) || Date.now() >= limit);
    const closed = new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
    server.closeIdleConnections();
    const cut = setTimeout(
      () => {
        server.closeAllConnections();
      },
      Math.max(0, limit - Date.now()),
    );
    await closed;
    clearTimeout(cut);
  }
}

function listen(server: Server, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, ...(host === undefined ? {} : { host }) }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function until(condition: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    if (condition()) {
      resolve();
      return;
    }
    const timer = setInterval(() => {
      if (!condition()) return;
      clearInterval(timer);
      resolve();
    }, 50);
  });
}
