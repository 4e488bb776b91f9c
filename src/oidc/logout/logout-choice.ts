/**
 * Which login a logout ends. There is no single sign-on: each login is a session of its own, of one person at one client, and
 * a browser may have several. oidc-provider's cookie names one of them, so each leaves a cookie of its own besides, bound to
 * the logout, which takes from these the login that it is about:
 *
 *   /logout?id_token_hint=… ─▶ the login that the ID token's `sid` names, or none
 *   /logout?client_id=…     ─▶ the newest one at that client, or none
 *   /logout                 ─▶ the newest one
 *   /logout/confirm?login=… ─▶ the one that the page has asked about
 *
 * A login of another browser is none: who has an ID token ends nothing with it.
 */
import type { EventEmitter } from 'node:events';
import type { KoaContextWithOIDC } from 'oidc-provider';
import type Provider from 'oidc-provider';
import { z } from 'zod';
import { cookieName } from '../cookie-name.ts';
import { SESSION_SECONDS } from '../lifetimes.ts';
import { ENDPOINTS } from '../provider/protocol.ts';

/** A login of this browser, as its cookie tells of it. */
interface KnownLogin {
  /** The session's `uid`: not secret, the `sid` of its ID token. */
  readonly uid: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** What the session is found by: a secret of this browser. */
  readonly sessionId: string;
  /** Encoded for a cookie. */
  readonly client: string;
}

/**
 * Makes oidc-provider's logout act on the login that it is about. `Session.get` is where oidc-provider asks which session a
 * request is of.
 *
 * @param secure whether the issuer is https
 * @param now milliseconds since the epoch
 */
export function chooseLoginToEnd(provider: Provider, secure: boolean, now: () => number): void {
  const { Session } = provider;
  const events: EventEmitter = provider;
  const ofItsCookie = Session.get.bind(Session);
  const nameOf = (uid: string) => cookieName(`sild_session_${uid}`, ENDPOINTS.end_session, secure);
  const each = new RegExp(
    String.raw`(?:^|; *)${nameOf(String.raw`([\w-]{1,64})`)}=(\d{1,15})\.([\w-]{1,64})\.([^;]*)(?=;|$)`,
    'g',
  );
  // Not signed: the session that is found by the secret has to be the one of the name.
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
    // When its tokens are over there is nothing left to end, so that these cookies never become many.
    ctx.cookies.set(nameOf(session.uid), value, { ...attributes, maxAge: SESSION_SECONDS * 1000 });
  });

  events.on('end_session.success', (ctx: KoaContextWithOIDC) => {
    const uid = ctx.oidc.session?.uid;
    if (uid !== undefined) ctx.cookies.set(nameOf(uid), null, attributes);
  });

  Session.get = async (ctx: KoaContextWithOIDC) => {
    switch (ctx.oidc.route) {
      case 'end_session':
        return sessionOf(ctx, chosenBy(ctx, knownIn(ctx)));
      case 'end_session_confirm': {
        const { login } = ctx.query;
        if (login === undefined) return ofItsCookie(ctx);
        return sessionOf(
          ctx,
          knownIn(ctx).find(({ uid }) => uid === login),
        );
      }
      default:
        return ofItsCookie(ctx);
    }
  };

  /** Of no login it is a new session, which only carries the logout to its end: nothing is asked, and nothing revoked. */
  async function sessionOf({ oidc }: KoaContextWithOIDC, chosen: KnownLogin | undefined) {
    const found = chosen && (await Session.find(chosen.sessionId));
    const session = chosen && found?.uid === chosen.uid ? found : new Session();
    oidc.entity('Session', session);
    return session;
  }

  function knownIn({ req }: KoaContextWithOIDC): readonly KnownLogin[] {
    return Array.from(
      (req.headers.cookie ?? '').matchAll(each),
      ([, uid = '', since, sessionId = '', client = '']) => ({
        uid,
        since: Number(since),
        sessionId,
        client,
      }),
    );
  }
}

/** The form of the page that asks whether to log out, bound to the login that it asks about: another tab may ask about another one. */
export function askingAbout({ oidc }: KoaContextWithOIDC, form: string): string {
  const uid = oidc.session?.uid ?? '';
  return form.replace(/(?<= action="[^"]*)(?=")/, `?login=${uid}`);
}

function chosenBy({ query }: KoaContextWithOIDC, known: readonly KnownLogin[]): KnownLogin | undefined {
  const { id_token_hint: hint = '', client_id: asked = '' } = query;
  // oidc-provider takes a parameter without a value for none.
  if (hint !== '') {
    const sid = sidOf(hint);
    return known.find(({ uid }) => uid === sid);
  }
  const client = encodeURIComponent(String(asked));
  return known
    .filter((login) => client === '' || login.client === client)
    .toSorted((one, other) => other.since - one.since)
    .at(0);
}

const claims = z.object({ sid: z.string() });

/** Not verified: it chooses among this browser's own logins. Before anything is done oidc-provider verifies the hint. */
function sidOf(idToken: unknown): string | undefined {
  if (typeof idToken !== 'string') return undefined;
  const [, payload = ''] = idToken.split('.');
  try {
    return claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString())).sid;
  } catch {
    return undefined;
  }
}
