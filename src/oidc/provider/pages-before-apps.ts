/**
 * A redirect to an app (a URI scheme of its own) leaves the browser's tab as it is, and some browsers follow it only after a tap. Where
 * no login page comes before it, as for a remembered login or a logout, a page leads to the app: by itself, and with a link.
 * (RFC 8252 7.1, B.2)
 */
import type { Context } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { shownClient } from '../clients/shown-client.ts';
import { isRecalled } from '../remembered/recalled.ts';
import type { OidcPages } from './pages.ts';

/** Middleware. */
export function showPagesBeforeApps(pages: OidcPages) {
  return async (ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> => {
    await next();
    const href = appAddressOf(ctx);
    const { client } = (ctx as Partial<KoaContextWithOIDC>).oidc ?? {};
    const done = href === undefined ? undefined : whatIsDone(ctx);
    if (href === undefined || !client || done === undefined) return;
    ctx.remove('Location');
    ctx.status = 200;
    pages.onward(ctx, { client: shownClient(client, ctx.oidc.params), done, href });
  };
}

/** The address to which a response redirects, if its scheme is that of an app. */
export function appAddressOf({ res }: Pick<Context, 'res'>): string | undefined {
  const location = res.getHeader('Location');
  return typeof location === 'string' && /^(?!https?:)[a-z][a-z0-9+.-]*:/i.test(location)
    ? location
    : undefined;
}

/** Undefined where a page comes before the redirect, or none may be shown. */
function whatIsDone(ctx: KoaContextWithOIDC): 'login' | 'logout' | undefined {
  const { route, params } = ctx.oidc;
  switch (route) {
    case 'authorization':
      return isRecalled(ctx) && params?.prompt !== 'none' ? 'login' : undefined;
    case 'end_session':
    case 'end_session_confirm':
      return 'logout';
    default:
      return undefined;
  }
}
