import type { RequestListener } from 'node:http';
import type { Logger } from '../log/logger.ts';
import type { Metrics } from './metrics.ts';

/** Serves `GET /metrics` and nothing else, without authentication: the port must only be open to the operator's network. */
export function metricsListener(metrics: Pick<Metrics, 'exposition'>, log: Logger): RequestListener {
  return (request, response) => {
    const [path] = (request.url ?? '').split('?');
    if (path !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { allow: 'GET, HEAD' }).end();
      return;
    }
    metrics.exposition().then(
      ({ contentType, text }) => {
        response.writeHead(200, { 'content-type': contentType, 'cache-control': 'no-store' }).end(text);
      },
      (error: unknown) => {
        log.error({ event: 'metrics_failed', err: error }, 'the metrics could not be collected');
        response.writeHead(500).end();
      },
    );
  };
}
