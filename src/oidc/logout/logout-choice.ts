/**
 * Chooses the login that a logout ends. There is no single sign-on: each login is a separate session of one person at one
 * client, and a browser can have several. oidc-provider's cookie identifies only one of them. Therefore each login sets a
 * separate cookie, which only the logout endpoint receives, and the logout chooses among these:
 *
 *   /logout?id_token_hint=… ─▶ the login that the `sid` of the ID token names, without a question; or none
 *   /logout?client_id=…     ─▶ the newest login at that client, or none
 *   /logout                 ─▶ the newest login
 *   /logout/confirm?login=… ─▶ the login whose confirmation page was shown
 *
 * Logins of other browsers are never chosen: an ID token alone ends no login.
 */
import type { EventEmitter } from 'node:events';
import type { Context } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type Provider from 'oidc-provider';
import { sessionSeconds } from '../remember-login.ts';
import { type BrowserLogin, type BrowserLogins, sessionOfLogin } from './browser-logins.ts';
import { languageOfLogout } from './logout-language.ts';
import { unverifiedClaimsOf } from './id-token-hint.ts';
import { hasLogin } from './without-login.ts';

/**
 * Makes oidc-provider's logout act on the chosen login, by overriding `Session.get`, with which oidc-provider finds the
 * session of a request.
 *
 * @param now milliseconds since the epoch
 */
export function chooseLoginToEnd(provider: Provider, logins: BrowserLogins, now: () => number): void {
  const { Session } = provider;
  const events: EventEmitter = provider;
  const getByCookie = Session.get.bind(Session);

  events.on('authorization.success', (ctx: KoaContextWithOIDC) => {
    const { session, client } = ctx.oidc;
    if (!session || !client) return;
    const login = { uid: session.uid, since: now(), sessionId: session.jti, client: client.clientId };
    // The cookie expires with the tokens: after that there is nothing left to revoke.
    logins.add(ctx, login, sessionSeconds(ctx, session, now()));
  });

  events.on('end_session.success', (ctx: KoaContextWithOIDC) => {
    const { session } = ctx.oidc;
    if (session && hasLogin(session)) logins.remove(ctx, session.uid);
  });

  Session.get = async (ctx: KoaContextWithOIDC) => {
    switch (ctx.oidc.route) {
      case 'end_session':
        return sessionOf(ctx, chosenBy(ctx, logins.listIn(ctx.req)));
      case 'end_session_confirm':
        if (ctx.query.login === undefined) return getByCookie(ctx);
        return sessionOf(ctx, askedAbout(ctx, logins));
      default:
        return getByCookie(ctx);
    }
  };

  /** Without a chosen login it returns a new session: the logout then ends at once (`without-login.ts`), and revokes nothing. */
  async function sessionOf({ oidc }: KoaContextWithOIDC, chosen: BrowserLogin | undefined) {
    const session = (chosen && (await sessionOfLogin(provider, chosen))) ?? new Session();
    oidc.entity('Session', session);
    return session;
  }
}

/** Adds the chosen login to the confirmation form, because another tab can show the form of another login; and the language. */
export function askingAbout(ctx: KoaContextWithOIDC, form: string): string {
  const login = ctx.oidc.session?.uid ?? '';
  const query = new URLSearchParams({ login, ...languageOfLogout(ctx) }).toString();
  return form.replace(/(?<= action="[^"]*)(?=")/, () => `?${query.replaceAll('&', '&amp;')}`);
}

/** The login whose confirmation form this request submits; undefined if this browser does not have it. */
export function askedAbout(
  { req, query }: Pick<Context, 'req' | 'query'>,
  logins: BrowserLogins,
): BrowserLogin | undefined {
  return logins.listIn(req).find(({ uid }) => uid === query.login);
}

/**
 * Whether the request has the ID token of the chosen login as its hint: then the client that has received this login asks to end
 * it, and the person need not be asked. oidc-provider has verified the token. (RP-Initiated Logout 2)
 */
export function hasItsIdToken({ oidc: { entities, session } }: KoaContextWithOIDC): boolean {
  const { IdTokenHint: hint } = entities;
  return hint !== undefined && session?.accountId !== undefined && hint.payload.sid === session.uid;
}

function chosenBy({ query }: KoaContextWithOIDC, known: readonly BrowserLogin[]): BrowserLogin | undefined {
  const { id_token_hint: hint = '', client_id: asked = '' } = query;
  // oidc-provider treats a parameter without a value as absent.
  if (hint !== '') {
    // Not verified here: it only selects among this browser's own logins.
    const { sid } = unverifiedClaimsOf(hint);
    return known.find(({ uid }) => uid === sid);
  }
  const client = String(asked);
  return known
    .filter((login) => client === '' || login.client === client)
    .toSorted((one, other) => other.since - one.since)
    .at(0);
}
