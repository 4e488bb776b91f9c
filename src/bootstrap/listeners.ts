import type { RequestListener } from 'node:http';
import type { Config } from '../config/config.ts';
import { chainExpiry } from '../pki/chain-expiry.ts';
import {
  type HttpServer,
  type HttpServerOptions,
  onlyMtlsEndpoints,
  startHttpServer,
} from '../web/http-server.ts';
import { connectionLimit, openFileLimit } from './connection-limits.ts';
import type { Foundation } from './foundation.ts';
import { reasonNotToListen } from './start-error.ts';
import { readTlsFiles } from './tls/tls-files.ts';

/** Serves PORT, and MTLS_PORT where there is one; both are drained and handed over as one server. @throws {StartError} */
export async function startListeners(
  config: Config,
  listener: RequestListener,
  { metrics, reportRefused }: Pick<Foundation, 'metrics' | 'reportRefused'>,
): Promise<HttpServer> {
  const tls = config.tls && readTlsFiles(config.tls);
  if (tls) metrics.tlsServed({ notAfter: chainExpiry(tls.cert) });
  const server = await listen('PORT', config.port, { listener });
  if (config.mtls?.port === undefined) return server;
  const mtlsServer = await listen('MTLS_PORT', config.mtls.port, {
    listener: onlyMtlsEndpoints(listener),
    asksForCertificate: true,
  }).catch(async (error: unknown) => {
    await server.drain(0, 0);
    throw error;
  });
  return bothOf(server, mtlsServer);

  function listen(
    variable: 'PORT' | 'MTLS_PORT',
    port: number,
    options: Pick<HttpServerOptions, 'listener' | 'asksForCertificate'>,
  ): Promise<HttpServer> {
    return startHttpServer({
      ...options,
      port,
      host: config.host,
      tls,
      maxConnections: connectionLimit(openFileLimit()),
      onRefused: (refused) => {
        reportRefused(variable, refused);
      },
    }).catch(reasonNotToListen(variable, port, config.host));
  }
}

/** Its port is that of the first. */
function bothOf(first: HttpServer, second: HttpServer): HttpServer {
  return {
    port: first.port,
    async drain(quietMs, limitMs) {
      await Promise.all([first.drain(quietMs, limitMs), second.drain(quietMs, limitMs)]);
    },
    async handOver(limitMs) {
      await Promise.all([first.handOver(limitMs), second.handOver(limitMs)]);
    },
  };
}
