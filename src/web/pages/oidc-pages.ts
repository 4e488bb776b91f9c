import type { OidcPages } from '../../oidc/provider/pages.ts';
import { uiLocalesOf } from '../../oidc/interaction/ui-locales.ts';
import { brandedClient } from '../branding/branded-client.ts';
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
    submit(ctx, { form, client, purpose }) {
      ctx.state.uiLocales = uiLocalesOf(ctx);
      const { language, logout, onward } = pages.messagesOf(ctx);
      const service = client && brandedClient(client, language);
      const heading = purpose === 'logout' || !service ? logout.ongoing : onward.heading(service.name);
      pages.draw(ctx, ctx.status, 'submit', { service, heading, form });
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
