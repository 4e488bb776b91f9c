/**
 * The language of a logout. Only its first request has the client's `ui_locales`; oidc-provider makes the requests after it
 * without them. Here they go along, so that the last page is in the language of the first. (RP-Initiated Logout 2)
 *
 *   /logout?ui_locales=… ─▶ POST /logout/confirm?ui_locales=… ─▶ /logout/success?ui_locales=…
 */
import type { KoaContextWithOIDC } from 'oidc-provider';
import type Provider from 'oidc-provider';
import { withoutQuery, withParameters } from '../uris.ts';
import { uiLocalesOf } from '../ui-locales.ts';

const UI_LOCALES = 'ui_locales';
/** The routes that end a logout: where nobody is logged in, the first one does. */
const ENDS: readonly string[] = ['end_session', 'end_session_confirm'];

/** The parameters of the address that confirms this logout. */
export function languageOfLogout(ctx: object): Readonly<Record<string, string>> {
  const locales = uiLocalesOf(ctx) ?? [];
  return locales.length === 0 ? {} : { [UI_LOCALES]: locales.join(' ') };
}

/** Adds `ui_locales` to the address of Sild's own page after a logout. */
export function keepLanguageOfLogout(provider: Provider): void {
  provider.use(async (ctx, next) => {
    await next();
    const { oidc } = ctx as Partial<KoaContextWithOIDC>;
    const location = URL.parse(ctx.response.get('Location'));
    if (!oidc || !location || !ENDS.includes(oidc.route)) return;
    if (withoutQuery(location) === oidc.urlFor('end_session_success'))
      ctx.redirect(withParameters(location.href, new URLSearchParams(languageOfLogout(ctx))));
  });
}
