/**
 * The cookies by which a browser shows which logins began in it, one for each interaction.
 *
 * oidc-provider's own cookies name the interaction and are signed. Yet whoever begins a login gets such cookies, and a
 * sibling host (`evil.example.ee` beside `login.example.ee`) can plant them in another browser: the two would share one
 * login, the person would confirm it here, and it would go on there. They cannot be `__Host-` themselves, each being bound
 * to a path. These are: no host but ours can set them, so having one is proof enough.
 */
import type { IncomingMessage } from 'node:http';
import type { Context } from 'koa';
import { cookieName } from '../cookie-name.ts';
import { INTERACTION_SECONDS } from '../lifetimes.ts';

/** Logins that one browser can have going. Of more the oldest is let go, so that the cookies never outgrow a request. */
const MOST = 20;

export interface BegunCookies {
  /** From now on the interaction belongs to this browser. */
  remember(ctx: Pick<Context, 'req' | 'cookies'>, uid: string): void;
  /** Whether an interaction began in this browser. */
  has(req: Pick<IncomingMessage, 'headers'>, uid: string): boolean;
  forget(ctx: Pick<Context, 'cookies'>, uid: string): void;
}

/**
 * @param secure whether the issuer is https
 * @param now milliseconds since the epoch
 */
export function createBegunCookies(secure: boolean, now: () => number): BegunCookies {
  const nameOf = (uid: string) => cookieName(`sild_begun_${uid}`, '/', secure);
  // Browsers send `name=value; name=value`; the value is when it was set, in seconds.
  const each = new RegExp(`(?:^|; *)${nameOf('([\\w-]{1,64})')}=(\\d{1,12})(?=;|$)`, 'g');
  // Not signed: nothing else could plant it, and to whom it is given no signature is a secret.
  const attributes = { path: '/', httpOnly: true, sameSite: 'lax', secure, signed: false } as const;
  return { remember, has, forget };

  function remember(ctx: Pick<Context, 'req' | 'cookies'>, uid: string): void {
    const newestFirst = cookiesOf(ctx.req).toSorted((one, other) => other.since - one.since);
    for (const { uid: oldest } of newestFirst.slice(MOST - 1)) forget(ctx, oldest);
    ctx.cookies.set(nameOf(uid), String(Math.floor(now() / 1000)), {
      ...attributes,
      maxAge: INTERACTION_SECONDS * 1000,
    });
  }

  function has(req: Pick<IncomingMessage, 'headers'>, uid: string): boolean {
    return cookiesOf(req).some((cookie) => cookie.uid === uid);
  }

  function forget(ctx: Pick<Context, 'cookies'>, uid: string): void {
    ctx.cookies.set(nameOf(uid), null, attributes);
  }

  function cookiesOf({ headers }: Pick<IncomingMessage, 'headers'>) {
    return Array.from((headers.cookie ?? '').matchAll(each), ([, uid = '', since]) => ({
      uid,
      since: Number(since),
    }));
  }
}
