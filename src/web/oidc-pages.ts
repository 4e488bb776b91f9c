import type { OidcPages } from '../oidc/pages.ts';
import type { Pages } from './pages.ts';

/** Draws the pages that oidc-provider asks for. What an error says in OAuth's words is shown for whoever helps. */
export function oidcPagesOf(pages: Pages): OidcPages {
  const { messages } = pages;
  return {
    error(ctx, { code, description, incident }) {
      if (incident !== undefined) {
        pages.error(ctx, 500, { incident });
        return;
      }
      const reference = description === undefined ? code : `${code}: ${description}`;
      const status = ctx.status >= 400 ? ctx.status : 400;
      pages.notice(ctx, status, { ...messages.openIdError, reference });
    },
    logout(ctx, form) {
      pages.draw(ctx, 200, 'logout', { service: undefined, form });
    },
    loggedOut(ctx) {
      pages.notice(ctx, 200, messages.notices.loggedOut);
    },
  };
}
