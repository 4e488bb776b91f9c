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
import { parseCookie } from 'cookie';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type Provider from 'oidc-provider';
import { cookieName } from '../cookie-name.ts';
import { ENDPOINTS } from '../provider/protocol.ts';
import { sessionSeconds } from '../remember-login.ts';
import { languageOfLogout } from './logout-language.ts';
import { unverifiedClaimsOf } from './id-token-hint.ts';
import { hasLogin } from './without-login.ts';

const UID = /^[\w-]{1,64}$/;
/** A cookie's value: time of the login, session ID, and client ID, which can contain any character. */
const VALUE = /^(?<since>\d{1,15})\.(?<sessionId>[\w-]{1,64})\.(?<client>.*)$/s;

/** A login of this browser, read from its cookie. */
interface KnownLogin {
  /** The session's `uid`: not secret, the `sid` of its ID token. */
  readonly uid: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** The key to the session: a secret of this browser. */
  readonly sessionId: string;
  readonly client: string;
}

/**
 * Makes oidc-provider's logout act on the chosen login, by overriding `Session.get`, with which oidc-provider finds the
 * session of a request.
 *
 * @param secure whether the issuer is https
 * @param now milliseconds since the epoch
 */
export function chooseLoginToEnd(provider: Provider, secure: boolean, now: () => number): void {
  const { Session } = provider;
  const events: EventEmitter = provider;
  const getByCookie = Session.get.bind(Session);
  const prefix = cookieName('sild_session_', ENDPOINTS.end_session, secure);
  const nameOf = (uid: string) => `${prefix}${uid}`;
  // Not signed: the session that the secret finds must have the UID in the cookie's name.
  const attributes = {
    path: ENDPOINTS.end_session,
    httpOnly: true,
    sameSite: 'lax',
    secure,
    signed: false,
  } as const;

  events.on('authorization.success', (ctx: KoaContextWithOIDC) => {
    const { session, client } = ctx.oidc;
    if (!session || !client) return;
    const value = `${now()}.${session.jti}.${encodeURIComponent(client.clientId)}`;
    // The cookie expires with the tokens: after that there is nothing left to revoke.
    const maxAge = sessionSeconds(ctx, session, now()) * 1000;
    ctx.cookies.set(nameOf(session.uid), value, { ...attributes, maxAge });
  });

  events.on('end_session.success', (ctx: KoaContextWithOIDC) => {
    const { session } = ctx.oidc;
    if (session && hasLogin(session)) ctx.cookies.set(nameOf(session.uid), null, attributes);
  });

  Session.get = async (ctx: KoaContextWithOIDC) => {
    switch (ctx.oidc.route) {
      case 'end_session':
        return sessionOf(ctx, chosenBy(ctx, knownIn(ctx)));
      case 'end_session_confirm': {
        const { login } = ctx.query;
        if (login === undefined) return getByCookie(ctx);
        return sessionOf(
          ctx,
          knownIn(ctx).find(({ uid }) => uid === login),
        );
      }
      default:
        return getByCookie(ctx);
    }
  };

  /** Without a chosen login it returns a new session: the logout then ends at once (`without-login.ts`), and revokes nothing. */
  async function sessionOf({ oidc }: KoaContextWithOIDC, chosen: KnownLogin | undefined) {
    const found = chosen && (await Session.find(chosen.sessionId));
    const session = chosen && found?.uid === chosen.uid ? found : new Session();
    oidc.entity('Session', session);
    return session;
  }

  function knownIn({ req }: KoaContextWithOIDC): readonly KnownLogin[] {
    return Object.entries(parseCookie(req.headers.cookie ?? '')).flatMap(([name, value = '']) => {
      const uid = name.startsWith(prefix) ? name.slice(prefix.length) : '';
      const { since, sessionId, client } = VALUE.exec(value)?.groups ?? {};
      if (!UID.test(uid) || sessionId === undefined || client === undefined) return [];
      return [{ uid, since: Number(since), sessionId, client }];
    });
  }
}

/** Adds the chosen login to the confirmation form, because another tab can show the form of another login; and the language. */
export function askingAbout(ctx: KoaContextWithOIDC, form: string): string {
  const login = ctx.oidc.session?.uid ?? '';
  const query = new URLSearchParams({ login, ...languageOfLogout(ctx) }).toString();
  return form.replace(/(?<= action="[^"]*)(?=")/, () => `?${query.replaceAll('&', '&amp;')}`);
}

/**
 * Whether the request has the ID token of the chosen login as its hint: then the client that has received this login asks to end
 * it, and the person need not be asked. oidc-provider has verified the token. (RP-Initiated Logout 2)
 */
export function hasItsIdToken({ oidc: { entities, session } }: KoaContextWithOIDC): boolean {
  const { IdTokenHint: hint } = entities;
  return hint !== undefined && session?.accountId !== undefined && hint.payload.sid === session.uid;
}

function chosenBy({ query }: KoaContextWithOIDC, known: readonly KnownLogin[]): KnownLogin | undefined {
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
