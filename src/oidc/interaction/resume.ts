import type { Context } from 'koa';
import type { Audit } from '../../audit/audit.ts';
import { currentRequestId } from '../../log/request-id.ts';
import type { BrowserBinding } from './browser-binding.ts';
import { documentationOf } from '../refusal-guidance.ts';
import type { OidcPages } from '../provider/pages.ts';
import { ENDPOINTS } from '../endpoints.ts';

/** oidc-provider matches routes case-insensitively, and with or without a slash at the end. */
const RESUME = new RegExp(`^${ENDPOINTS.authorization}/(?<uid>[^/]+)/?$`, 'i');

/**
 * The interaction that a request resumes; undefined for any other request.
 *
 * @param resumeCookie name of oidc-provider's cookie. oidc-provider resumes the interaction in its value, not the one in the
 *   address, so the value is what is checked
 */
export function resumedInteraction(resumeCookie: string): (ctx: Context) => string | undefined {
  return (ctx) => (RESUME.test(ctx.path) ? ctx.cookies.get(resumeCookie, { signed: true }) : undefined);
}

/** The interaction that the address of a request names, as one to resume; undefined for any other request. */
export function namedInteraction(ctx: Pick<Context, 'path'>): string | undefined {
  return RESUME.exec(ctx.path)?.groups?.uid;
}

/** Resumes an authorization request only in the browser that started it, as `BrowserBinding` knows it. */
export function requireBoundBrowser(
  resumedBy: (ctx: Context) => string | undefined,
  binding: BrowserBinding,
  pages: OidcPages,
  audit: Audit,
) {
  return async (ctx: Context, next: () => Promise<void>): Promise<void> => {
    const uid = resumedBy(ctx);
    if (uid === undefined) return next();
    if (!binding.has(ctx.req, uid)) {
      audit.record({ event: 'browser_refused', address: ctx.ip });
      ctx.status = 400;
      pages.error(ctx, {
        purpose: 'login',
        code: 'invalid_request',
        description: 'authorization request has expired',
        documentation: documentationOf('login', 'invalid_request'),
        incident: currentRequestId(),
      });
      return;
    }
    await next();
  };
}
