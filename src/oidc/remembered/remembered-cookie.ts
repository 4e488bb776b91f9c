/**
 * The cookie with which a browser finds the remembered login of one client: one cookie a client, named by a hash of its ID. Its
 * value is the ID of the session, which is a secret of this browser. Over https its name has the prefix `__Host-`: a sibling host
 * cannot set it, and so cannot log a person in as somebody else.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { parseCookie } from 'cookie';
import type { Context } from 'koa';
import { cookieName } from '../cookie-name.ts';

/** More than the clients that remember a person. A session is looked for behind each cookie. */
const MOST_COOKIES = 50;
const SESSION_ID = /^[\w-]{1,64}$/;

/** What is needed of a request to read and set its cookies. */
export interface BrowserContext {
  readonly req: Pick<IncomingMessage, 'headers'>;
  readonly cookies: { set(...cookie: Parameters<Context['cookies']['set']>): unknown };
}

export interface RememberedCookie {
  set(ctx: Pick<Context, 'cookies'>, clientId: string, sessionId: string, seconds: number): void;
  /** The ID of the session. */
  get(ctx: Pick<Context, 'cookies'>, clientId: string): string | undefined;
  /** The IDs of the sessions of a client, or of all clients. */
  sessionIds(req: Pick<IncomingMessage, 'headers'>, clientId?: string): readonly string[];
  /** Deletes the cookie of a client, or of all clients: once their sessions have ended, since nothing else names these. */
  remove(ctx: BrowserContext, clientId?: string): void;
}

/** @param secure whether the issuer is https */
export function createRememberedCookie(secure: boolean): RememberedCookie {
  const prefix = cookieName('sild_remembered_', '/', secure);
  // Not signed: no other host can set the cookie, and a session of another client is refused.
  const attributes = { path: '/', httpOnly: true, sameSite: 'lax', secure, signed: false } as const;
  return {
    set(ctx, clientId, sessionId, seconds) {
      ctx.cookies.set(nameOf(clientId), sessionId, { ...attributes, maxAge: seconds * 1000 });
    },
    get(ctx, clientId) {
      return sessionIdIn(ctx.cookies.get(nameOf(clientId), { signed: false }));
    },
    sessionIds: (req, clientId) => cookiesOf(req, clientId).flatMap(([, value]) => sessionIdIn(value) ?? []),
    remove(ctx, clientId) {
      for (const [name] of cookiesOf(ctx.req, clientId)) ctx.cookies.set(name, null, attributes);
    },
  };

  function cookiesOf({ headers }: Pick<IncomingMessage, 'headers'>, clientId?: string) {
    return Object.entries(parseCookie(headers.cookie ?? ''))
      .filter(([name]) => (clientId === undefined ? name.startsWith(prefix) : name === nameOf(clientId)))
      .slice(0, MOST_COOKIES);
  }

  function nameOf(clientId: string): string {
    return `${prefix}${createHash('sha256').update(clientId).digest('base64url').slice(0, 22)}`;
  }
}

function sessionIdIn(value: string | undefined): string | undefined {
  return value !== undefined && SESSION_ID.test(value) ? value : undefined;
}
