import type { Rate } from '../../login/limits/limit-rules.ts';
import { CALLBACK_PATH, loginOf, MOST_PATH } from '../addresses.ts';
import { isRead, type WebContext, type WebMiddleware } from '../context.ts';
import type { Pages } from '../pages/pages.ts';
import { createNetworkLimiter } from './network-limiter.ts';

/** Limits the requests of one address, and of its wider networks, to this instance. @param rate undefined: no limit */
export function requestLimits(rate: Rate | undefined, pages: Pages, now: () => number): WebMiddleware {
  const waitOf = createNetworkLimiter(rate, now);
  return async (ctx, next) => {
    const seconds = waitOf(ctx.ip);
    if (seconds === 0) return next();
    ctx.state.route = 'limited';
    refuseRequest(ctx, seconds, pages);
  };
}

/** Answers 429 with JSON. @param seconds until the next request is allowed */
export function refuseAsJson(ctx: WebContext, seconds: number): void {
  ctx.status = 429;
  ctx.set({ 'Retry-After': String(seconds), 'Cache-Control': 'no-store' });
  // The closest error code of OAuth 2.0. (RFC 6749 4.1.2.1)
  ctx.body = { error: 'temporarily_unavailable', error_description: 'too many requests' };
}

/**
 * Answers 429 with a page, or with JSON to a client that is not a browser. At the callback from the app the page reloads itself: the
 * address is a credential, and is never written into a page.
 *
 * @param seconds until the next request is allowed
 */
export function refuseRequest(ctx: WebContext, seconds: number, pages: Pages): void {
  // Browsers accept text/html explicitly when they load a page; client libraries and our scripts do not.
  if (!ctx.get('Accept').includes('text/html')) {
    refuseAsJson(ctx, seconds);
    return;
  }
  // If the browser did not request it again, a login that the person has confirmed would be lost.
  if (ctx.path === CALLBACK_PATH) {
    pages.unavailable(ctx, seconds);
    return;
  }
  ctx.set('Retry-After', String(seconds));
  pages.error(ctx, 429, { retry: addressOf(ctx), seconds });
}

/** The address for another try. */
function addressOf(ctx: WebContext): string | undefined {
  // Not one that leads to another site: `//evil.example`, or one with a host in the request line.
  if (ctx.path.startsWith('//') || ctx.path.length > MOST_PATH) return undefined;
  return isRead(ctx) ? ctx.path + ctx.search : loginOf(ctx.path);
}
