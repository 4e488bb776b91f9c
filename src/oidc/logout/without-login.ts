/**
 * A logout that finds no login in this browser ends at once:
 *
 *   /logout ─ no login ─▶ the address to return to, or Sild's own page
 *
 * oidc-provider would first send a form, and store a session for it, with the `state` of the request: a row for each request that
 * anybody sends, for as long as the sessions of the named client last. A session without a login is of no use, and is never stored.
 */
import type { EventEmitter } from 'node:events';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type Provider from 'oidc-provider';
import { withParameters } from '../uris.ts';
import { overrideMethod } from '../override-method.ts';
import { ENDPOINTS } from '../endpoints.ts';

export function storeNoSessionWithoutLogin(provider: Provider): void {
  overrideMethod(provider.Session.prototype, 'save', async (session, save, ttl) => {
    if (hasLogin(session)) return save(ttl);
    // As after it was saved.
    Object.assign(session, { touched: false });
    return session.jti;
  });
}

/** Middleware, within everything that acts on the end of a logout. */
export function endLogoutWithoutLogin(provider: Provider) {
  const events: EventEmitter = provider;
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    const policy = ctx.res.getHeader('Content-Security-Policy');
    await next();
    const { oidc } = ctx as Partial<KoaContextWithOIDC>;
    if (oidc?.route !== 'end_session' || ctx.status !== 200 || hasLogin(oidc.session)) return;
    // oidc-provider has allowed the inline script of its form.
    if (policy !== undefined) ctx.res.setHeader('Content-Security-Policy', policy);
    const session = { path: ENDPOINTS.end_session, overwrite: true };
    ctx.cookies.set(provider.cookieName('session'), null, session);
    if (isVisit(ctx)) events.emit('end_session.success', ctx);
    ctx.status = 303;
    ctx.redirect(addressAfter(ctx));
  };
}

export function hasLogin(session: { readonly accountId?: string | undefined } | undefined): boolean {
  return session?.accountId !== undefined;
}

/** Whether a person opens the address: an image of another site, or a page loaded in advance, ends no remembered login. */
function isVisit(ctx: KoaContextWithOIDC): boolean {
  return ['', 'document'].includes(ctx.get('Sec-Fetch-Dest')) && ctx.get('Sec-Purpose') === '';
}

/** oidc-provider has checked that the address to return to is registered. */
function addressAfter({ oidc }: KoaContextWithOIDC): string {
  const { post_logout_redirect_uri: uri, state } = oidc.params ?? {};
  if (typeof uri !== 'string') return oidc.urlFor('end_session_success');
  return withParameters(uri, new URLSearchParams(typeof state === 'string' ? { state } : {}));
}
