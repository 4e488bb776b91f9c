/**
 * Bounds what authorization requests can occupy in the database, where each of them stays until it is completed or expires.
 *
 * - Size: 6 KiB, several times the size of real requests. 413 beyond it.
 * - Number, by `GET /authorize`: for each network three times as many as logins that may be started from there, in memory, for
 *   this instance. 429. As many again can be pushed by public clients: `oidc/provider/stored-requests.ts`.
 */
import type { Rate } from '../../login/limits/limit-rules.ts';
import { ENDPOINTS } from '../../oidc/endpoints.ts';
import type { WebMiddleware } from '../context.ts';
import type { Pages } from '../pages/pages.ts';
import { createNetworkLimiter, type NetworkLimiter } from './network-limiter.ts';
import { refuseRequest } from './request-limits.ts';

/** Length of the query or the form of an authorization request, in bytes. */
export const MAX_AUTHORIZATION_REQUEST = 6 * 1024;
const STORED_ON_POST: readonly string[] = [
  ENDPOINTS.pushed_authorization_request,
  ENDPOINTS.backchannel_authentication,
];
/** Not every request leads to a start: people go back, reload, and change their mind. */
const REQUESTS_PER_START = 3;

/**
 * Counts authorization requests, for `GET /authorize` or for those that public clients push.
 *
 * @param rate of starts from one address; undefined: no limit
 */
export function createAuthorizationLimiter(rate: Rate | undefined, now: () => number): NetworkLimiter {
  return createNetworkLimiter(rate && { ...rate, count: rate.count * REQUESTS_PER_START }, now);
}

/** @param rate of starts from one address; undefined: no limit of the number */
export function authorizationLimits(rate: Rate | undefined, pages: Pages, now: () => number): WebMiddleware {
  const waitOf = createAuthorizationLimiter(rate, now);
  return async (ctx, next) => {
    const { path } = ctx;
    if (STORED_ON_POST.includes(path) && ctx.method === 'POST') {
      const length = ctx.get('Content-Length');
      if (length === '' || Number(length) > MAX_AUTHORIZATION_REQUEST) {
        ctx.state.route = path.slice(1);
        ctx.status = length === '' ? 411 : 413;
        ctx.set('Cache-Control', 'no-store');
        ctx.body = {
          error: 'invalid_request',
          error_description: `the request needs a Content-Length of at most ${MAX_AUTHORIZATION_REQUEST}`,
        };
        return;
      }
    }
    if (path === ENDPOINTS.authorization && ctx.method !== 'POST') {
      ctx.state.route = 'authorize';
      if (ctx.querystring.length > MAX_AUTHORIZATION_REQUEST) ctx.throw(413);
      const seconds = waitOf(ctx.ip);
      if (seconds > 0) {
        refuseRequest(ctx, seconds, pages);
        return;
      }
    }
    await next();
  };
}
