/**
 * Binds each interaction to the browser that started it, with one cookie for each interaction.
 *
 * oidc-provider's own cookies identify the interaction and are signed. But an attacker who starts a login receives valid
 * ones, and a sibling host (`evil.example.ee` beside `login.example.ee`) can set them in the victim's browser. Both browsers
 * would then share one login: the victim confirms it, and the attacker continues it. oidc-provider's cookies cannot have the
 * prefix `__Host-`, because each has a path. These cookies have it, so that no other host can set them.
 */
import type { IncomingMessage } from 'node:http';
import { parseCookie } from 'cookie';
import type { Context } from 'koa';
import { cookieName } from '../cookie-name.ts';
import { INTERACTION_SECONDS } from '../lifetimes.ts';

const UID = /^[\w-]{1,64}$/;
const SECONDS = /^\d{1,12}$/;

/** Limit of logins that one browser has begun in `INTERACTION_SECONDS`. The oldest bindings are removed, so that the cookies fit into a request. */
const MAX_BINDINGS = 20;

export interface BrowserBinding {
  /**
   * Binds an interaction to this browser, for the lifetime of an interaction. The binding outlives a completed login: other
   * tabs of the browser can still learn that it is over.
   */
  remember(ctx: Pick<Context, 'req' | 'cookies'>, uid: string): void;
  /** Whether this browser started the interaction. */
  has(req: Pick<IncomingMessage, 'headers'>, uid: string): boolean;
}

/**
 * @param secure whether the issuer is https
 * @param now milliseconds since the epoch
 */
export function createBrowserBinding(secure: boolean, now: () => number): BrowserBinding {
  const prefix = cookieName('sild_begun_', '/', secure);
  const nameOf = (uid: string) => `${prefix}${uid}`;
  // Not signed: no other host can set the cookie, and its value contains no secret.
  const attributes = { path: '/', httpOnly: true, sameSite: 'lax', secure, signed: false } as const;
  return { remember, has };

  function remember(ctx: Pick<Context, 'req' | 'cookies'>, uid: string): void {
    const newestFirst = cookiesOf(ctx.req).toSorted((one, other) => other.since - one.since);
    // No more than a browser can have: another client may send any number of cookies.
    for (const { uid: oldest } of newestFirst.slice(MAX_BINDINGS - 1, 2 * MAX_BINDINGS)) {
      ctx.cookies.set(nameOf(oldest), null, attributes);
    }
    ctx.cookies.set(nameOf(uid), String(Math.floor(now() / 1000)), {
      ...attributes,
      maxAge: INTERACTION_SECONDS * 1000,
    });
  }

  function has(req: Pick<IncomingMessage, 'headers'>, uid: string): boolean {
    return cookiesOf(req).some((cookie) => cookie.uid === uid);
  }

  /** The value is the time at which the cookie was set, in seconds. */
  function cookiesOf({ headers }: Pick<IncomingMessage, 'headers'>) {
    return Object.entries(parseCookie(headers.cookie ?? '')).flatMap(([name, value = '']) =>
      name.startsWith(prefix) && UID.test(name.slice(prefix.length)) && SECONDS.test(value)
        ? [{ uid: name.slice(prefix.length), since: Number(value) }]
        : [],
    );
  }
}
