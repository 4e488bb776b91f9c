import type { OidcPages } from '../../oidc/provider/pages.ts';
import { uiLocalesOf } from '../../oidc/interaction/ui-locales.ts';
import type { Pages } from './pages.ts';

/** Renders the pages of oidc-provider. The OAuth error code and description are shown for support. */
export function oidcPagesOf(pages: Pages): OidcPages {
  return {
    error(ctx, { code, description, incident }) {
      ctx.state.uiLocales = uiLocalesOf(ctx);
      if (code === 'server_error') {
        pages.error(ctx, 500, { incident });
        return;
      }
      const reason = description === undefined ? code : `${code}: ${description}`;
      const reference = incident === undefined ? reason : `${reason} (${incident})`;
      const status = ctx.status >= 400 ? ctx.status : 400;
      pages.notice(ctx, status, { ...pages.messagesOf(ctx).openIdError, reference });
    },
    logout(ctx, form) {
      ctx.state.uiLocales = uiLocalesOf(ctx);
      pages.draw(ctx, 200, 'logout', { service: undefined, form });
    },
    loggedOut(ctx) {
      pages.notice(ctx, 200, pages.messagesOf(ctx).notices.loggedOut);
    },
  };
}
