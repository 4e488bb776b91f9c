import type { EventEmitter } from 'node:events';
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import type { Logger } from '../../log/logger.ts';
import { currentRequestId } from '../../log/request-id.ts';
import type { OidcPages } from './pages.ts';

/** Seconds after which a client can try again. */
const RETRY_AFTER = 5;

/**
 * Answers 503 where the stores cannot be reached: a page that comes back by itself, JSON for clients. oidc-provider would
 * redirect the browser to the client with `server_error`, and take the cookie with which it resumes the request.
 *
 * @returns whether a request has failed by an error of this server, of any kind
 */
export function answerOutages(
  provider: Provider,
  pages: OidcPages,
  isOutage: (error: unknown) => boolean,
  log: Logger,
): (ctx: Context) => boolean {
  const events: EventEmitter = provider;
  /** Whether each failed request failed by an outage. */
  const failed = new WeakMap<object, boolean>();

  events.on('server_error', (ctx: object, error: unknown) => {
    failed.set(ctx, isOutage(error));
  });

  provider.use(async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      if (!isOutage(error)) throw error;
      log.error({ event: 'oidc_failed', request: currentRequestId(), err: error }, 'the stores are away');
      failed.set(ctx, true);
    }
    if (failed.get(ctx)) answer(ctx);
  });
  return (ctx) => failed.has(ctx);

  function answer(ctx: Context): void {
    ctx.remove('Location');
    ctx.remove('Set-Cookie');
    if (ctx.accepts('json', 'html') === 'html') {
      pages.unavailable(ctx);
      return;
    }
    ctx.status = 503;
    ctx.set('Retry-After', String(RETRY_AFTER));
    ctx.body = { error: 'server_error', error_description: `incident ${currentRequestId()}` };
  }
}
