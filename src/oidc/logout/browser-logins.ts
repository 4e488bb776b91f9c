/** The logins that a browser can end: a cookie for each of them, which only the logout endpoint receives. */
import type { IncomingMessage } from 'node:http';
import { parseCookie } from 'cookie';
import type { Context } from 'koa';
import type Provider from 'oidc-provider';
import { cookieName } from '../cookie-name.ts';
import { ENDPOINTS } from '../endpoints.ts';

const UID = /^[\w-]{1,64}$/;
/** A cookie's value: time of the login, session ID, and client ID, which can contain any character. */
const VALUE = /^(?<since>\d{1,15})\.(?<sessionId>[\w-]{1,64})\.(?<client>.*)$/s;

/** A login of this browser, read from its cookie. */
export interface BrowserLogin {
  /** The session's `uid`: not secret, the `sid` of its ID token. */
  readonly uid: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** The key to the session: a secret of this browser. */
  readonly sessionId: string;
  readonly client: string;
}

export interface BrowserLogins {
  /** @param seconds until the login ends by itself */
  add(ctx: Pick<Context, 'cookies'>, login: BrowserLogin, seconds: number): void;
  remove(ctx: Pick<Context, 'cookies'>, uid: string): void;
  /** In no order. */
  listIn(request: Pick<IncomingMessage, 'headers'>): readonly BrowserLogin[];
}

/** @param secure whether the issuer is https */
export function createBrowserLogins(secure: boolean): BrowserLogins {
  const prefix = cookieName('sild_session_', ENDPOINTS.end_session, secure);
  // Not signed: the session that the secret finds must have the UID in the cookie's name.
  const attributes = {
    path: ENDPOINTS.end_session,
    httpOnly: true,
    sameSite: 'lax',
    secure,
    signed: false,
  } as const;
  return {
    add({ cookies }, { uid, since, sessionId, client }, seconds) {
      const value = `${since}.${sessionId}.${encodeURIComponent(client)}`;
      cookies.set(`${prefix}${uid}`, value, { ...attributes, maxAge: seconds * 1000 });
    },
    remove({ cookies }, uid) {
      cookies.set(`${prefix}${uid}`, null, attributes);
    },
    listIn({ headers }) {
      return Object.entries(parseCookie(headers.cookie ?? '')).flatMap(([name, value = '']) => {
        const uid = name.startsWith(prefix) ? name.slice(prefix.length) : '';
        const { since, sessionId, client } = VALUE.exec(value)?.groups ?? {};
        if (!UID.test(uid) || sessionId === undefined || client === undefined) return [];
        return [{ uid, since: Number(since), sessionId, client }];
      });
    },
  };
}

/** The session of a login of this browser; undefined if it has ended. */
export async function sessionOfLogin(
  { Session }: Pick<Provider, 'Session'>,
  { uid, sessionId }: BrowserLogin,
): Promise<InstanceType<Provider['Session']> | undefined> {
  const session = await Session.find(sessionId);
  return session?.uid === uid ? session : undefined;
}
