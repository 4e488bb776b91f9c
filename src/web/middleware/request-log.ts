import type { Logger } from '../../log/logger.ts';
import { withRequestId } from '../../log/request-id.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { WebMiddleware } from '../context.ts';

/**
 * Gives each request a number and writes one line when it has ended: route, status, duration. The address is left out,
 * since it identifies a login, and so is everything that the person sent.
 */
export function requestLog(
  { log, metrics }: { readonly log: Logger; readonly metrics?: Pick<Metrics, 'requestEnded'> | undefined },
  now: () => number,
): WebMiddleware {
  return (ctx, next) =>
    withRequestId(async (requestId) => {
      const begun = now();
      ctx.state.requestId = requestId;
      ctx.state.route = undefined;
      ctx.res.once('close', () => {
        const { route = 'none' } = ctx.state;
        const { statusCode: status, writableFinished } = ctx.res;
        const milliseconds = now() - begun;
        const line = {
          event: 'request',
          request: requestId,
          route,
          method: ctx.method,
          status,
          milliseconds,
          ...(writableFinished ? {} : { aborted: true }),
        };
        metrics?.requestEnded({
          route,
          outcome: writableFinished ? `${Math.floor(status / 100)}xx` : 'aborted',
          seconds: milliseconds / 1000,
        });
        if (route === 'health' || route === 'asset') log.debug(line, 'request');
        else log.info(line, 'request');
      });
      await next();
    });
}
