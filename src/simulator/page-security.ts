import type { Middleware } from 'koa';
import { Problem } from './problem.ts';

/** @param formAction another origin to which forms may lead */
export function securityHeaders(formAction?: string): Record<string, string> {
  const forms = formAction === undefined ? "'self'" : `'self' ${formAction}`;
  return {
    'content-security-policy': `default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action ${forms}; base-uri 'none'; frame-ancestors 'none'`,
    'x-content-type-options': 'nosniff',
    // With no-referrer, browsers would send `Origin: null` with the page's own forms.
    'referrer-policy': 'same-origin',
    'cache-control': 'no-store',
  };
}

/** Names and addresses of loopback. DNS can map any other name there. */
const LOOPBACK = /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|\[?::1\]?)$/i;

/**
 * On loopback, refuses requests by any other name: a site whose DNS leads here (DNS rebinding) would be of the same origin as the
 * pages, and could read them and confirm. On another host, its network chooses the names: all are served.
 *
 * @param host where the simulator listens
 */
export function refuseOtherNames(host: string): Middleware {
  const isOnLoopback = LOOPBACK.test(host);
  return async (ctx, next) => {
    if (isOnLoopback && !LOOPBACK.test(ctx.hostname)) throw new Problem(403);
    await next();
  };
}

/** Prevents CSRF on Confirm: browsers send the origin of a POST. Other programs may omit it. */
export const refuseOtherSites: Middleware = async (ctx, next) => {
  const origin = ctx.get('origin');
  const site = ctx.get('sec-fetch-site');
  if (origin !== '' && origin !== `${ctx.protocol}://${ctx.host}`) throw new Problem(403);
  if (site !== '' && site !== 'same-origin' && site !== 'none') throw new Problem(403);
  await next();
};
