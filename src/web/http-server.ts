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
}

/** Headers must be there within this time and a request within the next one, in milliseconds: no slow clients. */
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 15_000;
const MAX_HEADER_BYTES = 16 * 1024;

/** @throws the system's error (`EADDRINUSE`, `EACCES`, …) when the port cannot be had */
export async function startHttpServer({ port, host, tls, listener }: HttpServerOptions): Promise<HttpServer> {
  const limits = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  };
  const server: Server = tls
    ? createHttpsServer({
        ...limits,
        minVersion: 'TLSv1.2',
        ...tls,
      })
    : createHttpServer(limits);
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
