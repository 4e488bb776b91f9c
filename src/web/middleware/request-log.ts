import type { Logger } from '../../log/logger.ts';
import { withRequestId } from '../../log/request-id.ts';
import type { WebMiddleware } from '../context.ts';

/**
 * Gives each request a number and writes one line when it has ended: route, status, duration. The address is left out,
 * since it identifies a login, and so is everything that the person sent.
 */
export function requestLog(log: Logger, now: () => number): WebMiddleware {
  return (ctx, next) =>
    withRequestId(async (requestId) => {
      const begun = now();
      ctx.state.requestId = requestId;
      ctx.state.route = undefined;
      ctx.res.once('close', () => {
        const line = {
          event: 'request',
          request: requestId,
          route: ctx.state.route ?? 'none',
          method: ctx.method,
          status: ctx.res.statusCode,
          milliseconds: now() - begun,
          ...(ctx.res.writableFinished ? {} : { aborted: true }),
        };
        if (ctx.state.route === 'health' || ctx.state.route === 'asset') log.debug(line, 'request');
        else log.info(line, 'request');
      });
      await next();
    });
}
