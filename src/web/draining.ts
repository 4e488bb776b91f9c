import type { WebMiddleware } from './context.ts';
import type { Pages } from './pages.ts';

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
    pages.error(ctx, 503, {
      // A GET of the form's address shows the form; what else was posted cannot be asked for again.
      retry: ctx.method === 'GET' || ctx.path.startsWith('/login/') ? ctx.path + ctx.search : undefined,
    });
  };
}

function startsLogin(path: string): boolean {
  return /^\/(authorize|par|login\/[^/]+(\/code|\/device-link)?)\/?$/.test(path);
}
