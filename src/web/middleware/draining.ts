import { loginOf } from '../addresses.ts';
import type { WebContext, WebMiddleware } from '../context.ts';
import type { Pages } from '../pages/pages.ts';

/** Seconds after which another instance, or the next one, will be there. */
const RETRY_AFTER = 5;

/**
 * While this instance stops: no new login, so that those which run can end. What belongs to a running one is served on:
 * its waiting page, Cancel, and the way back to the client (`/authorize/…`, `/token`, …).
 */
export function draining(isDraining: () => boolean, pages: Pages): WebMiddleware {
  return async (ctx, next) => {
    if (!isDraining() || !startsLogin(ctx.path)) return next();
    ctx.state.route = 'draining';
    ctx.set('Retry-After', String(RETRY_AFTER));
    pages.error(ctx, 503, { retry: retryOf(ctx) });
  };
}

function startsLogin(path: string): boolean {
  return /^\/(authorize|par|login\/[^/]+(\/code|\/device-link)?)\/?$/.test(path);
}

/** The address from which another instance goes on. It is asked for by a GET, whatever was sent to this one. */
function retryOf(ctx: WebContext): string | undefined {
  const login = loginOf(ctx.path);
  // Nothing answers a GET where a device link begins; the button for it is on the page of the ways.
  if (login !== undefined) return /\/device-link\/?$/.test(ctx.path) ? login : ctx.path + ctx.search;
  // What a client posted cannot be asked for again.
  return ctx.method === 'GET' && ctx.path.startsWith('/authorize') ? ctx.path + ctx.search : undefined;
}
