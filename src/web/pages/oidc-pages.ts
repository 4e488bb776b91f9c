import type { OidcPages } from '../../oidc/provider/pages.ts';
import { uiLocalesOf } from '../../oidc/ui-locales.ts';
import { brandedClient } from '../branding/branded-client.ts';
import { drawLoginError, drawLogoutError } from './request-error.ts';
import { link } from './links.ts';
import type { Pages } from './pages.ts';

/** Renders the pages of oidc-provider. The OAuth error code and description are shown for support. */
export function oidcPagesOf(pages: Pages): OidcPages {
  return {
    error(ctx, { purpose, code, description, documentation, incident }) {
      ctx.state.uiLocales = uiLocalesOf(ctx);
      const failed = code === 'server_error';
      const reason = description === undefined ? code : `${code}: ${description}`;
      const reference = incident === undefined ? reason : `${reason} (${incident})`;
      const status = ctx.status >= 400 ? ctx.status : 400;
      switch (purpose) {
        case 'logout':
          drawLogoutError(pages, ctx, failed ? 500 : status, {
            reference: failed ? incident : reference,
            documentation,
          });
          return;
        case 'login':
          if (failed) pages.error(ctx, 500, { incident });
          else drawLoginError(pages, ctx, status, { reference, documentation });
      }
    },
    submit(ctx, { form, client, purpose }) {
      ctx.state.uiLocales = uiLocalesOf(ctx);
      const { language, logout, continuing } = pages.messagesOf(ctx);
      const service = client && brandedClient(client, language);
      const heading = purpose === 'logout' || !service ? logout.ongoing : continuing.heading(service.name);
      pages.draw(ctx, ctx.status, 'submit', { service, heading, form });
    },
    onward(ctx, { client, done, href }) {
      ctx.state.uiLocales = uiLocalesOf(ctx);
      const service = brandedClient(client, pages.messagesOf(ctx).language);
      const isLogin = done === 'login';
      pages.draw(ctx, 200, 'continue', {
        service,
        loggedIn: isLogin,
        loggedOut: !isLogin,
        href,
        seconds: 0,
      });
    },
    unavailable(ctx) {
      ctx.state.uiLocales = uiLocalesOf(ctx);
      pages.unavailable(ctx);
    },
    logout(ctx, form) {
      ctx.state.uiLocales = uiLocalesOf(ctx);
      pages.draw(ctx, 200, 'logout', { service: undefined, form });
    },
    stillLoggedIn(ctx, client) {
      ctx.state.uiLocales = uiLocalesOf(ctx);
      const { notices, action, language } = pages.messagesOf(ctx);
      const service = client && brandedClient(client, language);
      if (service?.uri === undefined) {
        pages.notice(ctx, 200, { ...notices.stillLoggedIn, onward: 'back' });
        return;
      }
      // Not its `post_logout_redirect_uri`: there the person would be told of a logout.
      const actions = [link(service.uri, action.backTo(service.name), 'primary')];
      pages.notice(ctx, 200, { ...notices.stillLoggedIn, service, actions });
    },
    loggedOut(ctx, unregistered) {
      ctx.state.uiLocales = uiLocalesOf(ctx);
      const { notices, unregisteredAddress, action, language } = pages.messagesOf(ctx);
      if (!unregistered) {
        pages.notice(ctx, 200, { ...notices.loggedOut, onward: 'back' });
        return;
      }
      const service = brandedClient(unregistered, language);
      const { name, uri } = service;
      pages.notice(ctx, 200, {
        service,
        heading: notices.loggedOut.heading,
        paragraphs: [unregisteredAddress.lead(name), unregisteredAddress.advice(name)],
        reference: 'invalid_request: post_logout_redirect_uri not registered',
        actions: uri === undefined ? [] : [link(uri, action.backTo(name), 'primary')],
      });
    },
  };
}
