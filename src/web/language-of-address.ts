import { ENDPOINTS } from '../oidc/endpoints.ts';
import { uiLocalesOf } from '../oidc/ui-locales.ts';
import { isLogout } from './addresses.ts';
import type { WebMiddleware } from './context.ts';

/**
 * Reads the `ui_locales` of an authorization or logout request from its address, so that a page that refuses it before
 * oidc-provider has read it, as at a limit, is in the language of the others.
 */
export function languageOfAddress(): WebMiddleware {
  return async (ctx, next) => {
    if (ctx.path === ENDPOINTS.authorization || isLogout(ctx.path)) {
      const locales = uiLocalesOf(ctx);
      if (locales) ctx.state.uiLocales = locales;
    }
    await next();
  };
}
