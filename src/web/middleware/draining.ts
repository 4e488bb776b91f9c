import { ENDPOINTS } from '../../oidc/endpoints.ts';
import { isAuthorization, loginOf } from '../addresses.ts';
import type { WebContext, WebMiddleware } from '../context.ts';
import type { Pages } from '../pages/pages.ts';

/** Seconds after which another instance should be available. */
const RETRY_AFTER = 5;

/**
 * While this instance stops, it begins no new login, so that the running ones can end. Requests of a running login are
 * still served: its waiting page, Cancel, and the return to the client (`/authorize/…`, `/token`, …).
 */
export function draining(isDraining: () => boolean, pages: Pages): WebMiddleware {
  return async (ctx, next) => {
    if (!isDraining() || !startsLogin(ctx.path)) return next();
    ctx.state.route = 'draining';
    ctx.set('Retry-After', String(RETRY_AFTER));
    pages.error(ctx, 503, { retry: retryOf(ctx) });
  };
}

const STARTS: readonly string[] = [
  ENDPOINTS.authorization,
  ENDPOINTS.pushed_authorization_request,
  ENDPOINTS.backchannel_authentication,
];

function startsLogin(path: string): boolean {
  return STARTS.includes(path) || /^\/login\/[^/]+(\/code|\/device-link)?\/?$/.test(path);
}

/** The address at which another instance continues the login. The browser requests it with GET, whatever the method was here. */
function retryOf(ctx: WebContext): string | undefined {
  const login = loginOf(ctx.path);
  // The address where a device link begins answers no GET; its button is on the page with the choice of flows.
  if (login !== undefined) return /\/device-link\/?$/.test(ctx.path) ? login : ctx.path + ctx.search;
  // A request that a client posted cannot be repeated with GET.
  return ctx.method === 'GET' && isAuthorization(ctx.path) ? ctx.path + ctx.search : undefined;
}
