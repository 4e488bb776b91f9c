import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, Server as NetServer } from 'node:net';
import { MTLS_ENDPOINTS } from '../oidc/mtls/mutual-tls.ts';
import { isHealthCheck } from './middleware/health.ts';

export interface HttpServer {
  readonly port: number;
  /**
   * Keeps serving until no request is running and none has come for `quietMs`, health checks aside, at most `limitMs` in all, then
   * closes. A waiting page sends requests more often than that, so its login can end.
   */
  drain(quietMs: number, limitMs: number): Promise<void>;
  /**
   * Accepts no further connections, for another process that listens at the same port does, and serves those that there are: each
   * ends with its next answer, or when it is idle. After `limitMs` what is left is cut off.
   */
  handOver(limitMs: number): Promise<void>;
}

export interface HttpServerOptions {
  readonly port: number;
  readonly host: string | undefined;
  /** PEM, to serve https. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  /** Asks for a TLS certificate of the client, which need not have one, and which nothing checks here. Default: false. */
  readonly asksForCertificate?: boolean;
  readonly listener: RequestListener;
  /** Further connections are closed at once. Infinity by default. */
  readonly maxConnections?: number;
  /** Called for each connection that was refused: `connection_limit`, or the system's error code. */
  readonly onRefused?: (refused: { readonly reason: string }) => void;
  /** `TIME_LIMITS` by default. */
  readonly timeLimits?: Partial<TimeLimits>;
}

/** Time limits for slow clients, in milliseconds. */
export interface TimeLimits {
  /** For the TLS handshake. */
  readonly handshake: number;
  /** From the connection, or the end of the previous request, until all headers have arrived. */
  readonly headers: number;
  /** Until the body has arrived too. */
  readonly request: number;
  /** Without any data sent or received. */
  readonly silence: number;
  /** From an answer to the next request. A proxy must close its connections earlier, or it sends a form into one that just ends. */
  readonly idle: number;
  /** Interval at which the limits of headers and requests are checked. */
  readonly check: number;
}

/** `silence` does not cut an event stream, which sends a heartbeat every 15 seconds. */
export const TIME_LIMITS: TimeLimits = {
  handshake: 10_000,
  headers: 10_000,
  request: 15_000,
  silence: 60_000,
  idle: 5_000,
  check: 1_000,
};
const MAX_HEADER_BYTES = 16 * 1024;

/**
 * Those of TLS 1.3, and those that RFC 9325 (BCP 195), 4.2, recommends for TLS 1.2: with forward secrecy and authenticated encryption.
 * FAPI 2.0 allows no others. (FAPI 2.0 Security Profile 5.2.2)
 */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
].join(':');

/**
 * An HTTP server for the open internet: it disconnects slow clients, limits headers and parses strictly. Requests that a
 * proxy and Node might parse differently (two lengths, a length with chunked encoding, bare line feeds) are refused by
 * Node's parser, which prevents request smuggling.
 *
 * @throws the system's error (`EADDRINUSE`, `EACCES`, …) when the port cannot be opened
 */
export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { port, host, tls, listener, maxConnections = Infinity, onRefused = () => undefined } = options;
  const { handshake, headers, request, silence, idle, check } = { ...TIME_LIMITS, ...options.timeLimits };
  const limits = {
    headersTimeout: headers,
    requestTimeout: request,
    connectionsCheckingInterval: check,
    keepAliveTimeout: idle,
    maxHeaderSize: MAX_HEADER_BYTES,
    insecureHTTPParser: false,
    requireHostHeader: true,
  };
  const server: Server = tls
    ? createHttpsServer({
        ...limits,
        handshakeTimeout: handshake,
        minVersion: 'TLSv1.2',
        ciphers: CIPHERS,
        ...tls,
        ...(options.asksForCertificate ? { requestCert: true, rejectUnauthorized: false } : {}),
      })
    : createHttpServer(limits);
  server.setTimeout(silence);
  // With a limit, Node would silently drop further headers; their total size is limited already.
  server.maxHeadersCount = 0;
  server.maxConnections = maxConnections;
  server.on('drop', () => {
    onRefused({ reason: 'connection_limit' });
  });
  let running = 0;
  let lastActivity = -Infinity;
  let handsOver = false;
  server.on('request', (request, response) => {
    if (handsOver) response.shouldKeepAlive = false;
    // Load balancers send health checks for as long as the port is open: if they counted, a drain would never be quiet.
    if (isHealthCheck(request.url ?? '')) return;
    running += 1;
    response.once('close', () => {
      running -= 1;
      lastActivity = performance.now();
    });
  });
  server.on('request', listener);
  await listen(server, port, host);
  // The system could not accept a connection. Without a listener, this event ends the process.
  server.on('error', (error: NodeJS.ErrnoException) => {
    onRefused({ reason: error.code ?? error.name });
  });

  return { port: (server.address() as AddressInfo).port, drain, handOver };

  async function handOver(limitMs: number): Promise<void> {
    handsOver = true;
    const closed = new Promise<void>((resolve) => {
      // Not http's close, which cuts idle connections, in which the next request may be on its way.
      NetServer.prototype.close.call(server, () => {
        resolve();
      });
    });
    const cut = setTimeout(() => {
      server.closeAllConnections();
    }, limitMs);
    await closed;
    clearTimeout(cut);
  }

  async function drain(quietMs: number, limitMs: number): Promise<void> {
    const limit = performance.now() + limitMs;
    await until(
      () => (running === 0 && performance.now() - lastActivity >= quietMs) || performance.now() >= limit,
    );
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
      Math.max(0, limit - performance.now()),
    );
    await closed;
    clearTimeout(cut);
  }
}

/** A listener for the port that asks for certificates: people and their browsers have no business there. */
export function onlyMtlsEndpoints(listener: RequestListener): RequestListener {
  const paths: readonly string[] = Object.values(MTLS_ENDPOINTS);
  return (request, response) => {
    if (paths.includes(request.url?.split('?', 1)[0] ?? '')) listener(request, response);
    else response.writeHead(404).end();
  };
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
