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

/** Allows only our own origin, also for forms. */
const PAGE_POLICY = [...POLICY, "form-action 'self'"].join('; ');

/**
 * For oidc-provider's own pages, without `form-action`: `form_post` sends the response to the client's address, a logout
 * redirects there, and Chromium applies `form-action` to every redirect that follows, which we cannot know. These pages
 * have no input fields.
 */
export const OPENID_POLICY = POLICY.join('; ');

/**
 * The headers of every response, including JSON and errors. `no-store` is the default; a handler that allows caching
 * overrides it.
 *
 * `Referrer-Policy: same-origin` discloses as little to other origins as `no-referrer`. With `no-referrer` browsers would
 * send `Origin: null` with our own forms (Fetch, append a request `Origin` header), and the cross-site check would fail.
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
