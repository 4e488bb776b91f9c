/**
 * Bounds what authorization requests can occupy in the database, where each of them stays until it is completed or expires.
 *
 * - Size: 6 KiB, several times the size of real requests. 413 beyond it.
 * - Number, by `GET /authorize`: for each network three times as many as logins that may be started from there, in memory, for
 *   this instance. 429. Pushed requests are not counted: they come from a client's server, for all of its users, and live a minute.
 */
import { countedNetworksOf } from '../../audit/network.ts';
import type { Rate } from '../../login/limits/limit-rules.ts';
import { ENDPOINTS } from '../../oidc/provider/protocol.ts';
import type { WebMiddleware } from '../context.ts';
import type { Pages } from '../pages/pages.ts';
import { createRateLimiter, type RateLimiter } from './rate-limiter.ts';
import { refuseRequest } from './request-limits.ts';

/** Length of the query or the form of an authorization request, in bytes. */
export const MAX_AUTHORIZATION_REQUEST = 6 * 1024;
/** Not every request leads to a start: people go back, reload, and change their mind. */
const REQUESTS_PER_START = 3;

/** @param rate of starts from one address; undefined: no limit of the number */
export function authorizationLimits(rate: Rate | undefined, pages: Pages, now: () => number): WebMiddleware {
  const waitOf = rate ? createNetworkLimiter(rate, now) : () => 0;
  return async (ctx, next) => {
    // oidc-provider matches paths case-insensitively, and with or without a slash at the end.
    const path = ctx.path.toLowerCase().replace(/\/$/, '');
    if (path === ENDPOINTS.pushed_authorization_request && ctx.method === 'POST') {
      const length = ctx.get('Content-Length');
      if (length === '' || Number(length) > MAX_AUTHORIZATION_REQUEST) {
        ctx.state.route = 'par';
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

/** Counts a request by all networks of its address. Returns the seconds to wait, 0 if it is allowed. */
function createNetworkLimiter({ count, perMs }: Rate, now: () => number): (address: string) => number {
  const limiters = new Map<number, RateLimiter>();
  const limiterOf = (allowance: number) => {
    const limiter =
      limiters.get(allowance) ??
      createRateLimiter({ count: count * REQUESTS_PER_START * allowance, perMs }, now);
    limiters.set(allowance, limiter);
    return limiter;
  };
  return (address) => {
    for (const { network, allowance } of countedNetworksOf(address)) {
      const seconds = limiterOf(allowance).take(network);
      // A refused request does not count for the wider networks, as one address must not use them up.
      if (seconds > 0) return seconds;
    }
    return 0;
  };
}
