import type { ParameterizedContext } from 'koa';
import type { WebMiddleware } from '../context.ts';

const POLICY = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "object-src 'none'",
];

/** Everything but our own origin is shut out; forms may be sent to ourselves only. */
export const PAGE_POLICY = [...POLICY, "form-action 'self'"].join('; ');

/**
 * For oidc-provider's own pages. `form_post` sends the answer to the client's address, and logging out redirects there;
 * Chromium holds `form-action` against every redirect that follows, which may lead anywhere from the client on. Nothing
 * is typed into these pages, and their one inline script is allowed by its hash, which oidc-provider adds.
 */
export const OPENID_POLICY = POLICY.join('; ');

/**
 * The headers of every answer, JSON and errors included. Nobody keeps one, unless what answers says that it may be kept.
 *
 * `Referrer-Policy: same-origin` tells other origins as little as `no-referrer` does, but with that one browsers send
 * `Origin: null` with our own forms (Fetch, append a request `Origin` header), and there would be nothing to check.
 */
export function securityHeaders(issuer: string): WebMiddleware {
  return async (ctx, next) => {
    setSecurityHeaders(ctx, issuer);
    await next();
  };
}

export function setSecurityHeaders(ctx: Pick<ParameterizedContext, 'set'>, issuer: string): void {
  ctx.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': PAGE_POLICY,
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    ...(issuer.startsWith('https:') ? { 'Strict-Transport-Security': 'max-age=63072000' } : {}),
  });
}
