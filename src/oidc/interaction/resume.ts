import type { Context } from 'koa';
import type { Audit } from '../../audit/audit.ts';
import { currentRequestId } from '../../log/request-id.ts';
import type { BrowserBinding } from './browser-binding.ts';
import type { OidcPages } from '../provider/pages.ts';
import { ENDPOINTS } from '../provider/protocol.ts';

/** oidc-provider matches its routes without regard to case, and to a slash at the end. */
const RESUME = new RegExp(`^${ENDPOINTS.authorization}/[^/]+/?$`, 'i');

/**
 * Takes an authorization request up again only in the browser that it began in, by the one cookie that cannot be planted.
 * Once the browser has left for the client that cookie has done its work.
 *
 * @param resumeCookie the name of oidc-provider's cookie, whose value it goes by, whatever the address says
 */
export function requireBoundBrowser(
  resumeCookie: string,
  binding: BrowserBinding,
  pages: OidcPages,
  audit: Audit,
) {
  return async (ctx: Context, next: () => Promise<void>): Promise<void> => {
    const uid = RESUME.test(ctx.path) ? ctx.cookies.get(resumeCookie) : undefined;
    if (uid === undefined) return next();
    if (!binding.has(ctx.req, uid)) {
      audit.record({ event: 'browser_refused', address: ctx.ip });
      ctx.status = 400;
      pages.error(ctx, {
        code: 'invalid_request',
        description: 'authorization request has expired',
        incident: currentRequestId(),
      });
      return;
    }
    await next();
    if (ctx.status < 400) binding.forget(ctx, uid);
  };
}
