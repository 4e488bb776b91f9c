/**
 * Who may see the operator's page: whoever sends OPS_TOKEN, as a Bearer token, or once in a form, which begins a session. The
 * session is a signed cookie, so every instance with the same secrets accepts it; it ends with the token that began it.
 */
import { createHmac } from 'node:crypto';
import type { Context } from 'koa';
import { equalInConstantTime } from '../constant-time.ts';
import type { Logger } from '../log/logger.ts';
import type { Secrets } from '../secrets/secrets.ts';

/** How long a session lasts: a working day. */
const SESSION_MS = 10 * 3_600_000;
/** Wrong tokens from one address in a minute; then the address is refused, also with the right one. */
const MAX_FAILURES = 10;
const WINDOW_MS = 60_000;
/** Most addresses that are counted; beyond it all are forgotten. */
const MAX_ADDRESSES = 10_000;
const COOKIE = 'sild_ops';

/** `none`: nothing was presented. */
export type AccessRefusal = 'none' | 'wrong' | 'limited';

export interface Access {
  /** Undefined: the request may see the page. */
  refusalOf(ctx: Context): AccessRefusal | undefined;
  /** Begins a session for the token of the form. */
  begin(ctx: Context, token: string): AccessRefusal | undefined;
  end(ctx: Context): void;
}

export interface AccessOptions {
  readonly token: string;
  readonly origins: readonly string[];
  readonly secrets: Pick<Secrets, 'cookieKeys'>;
  readonly log: Logger;
  readonly now: () => number;
}

export function createAccess({ token, origins, secrets, log, now }: AccessOptions): Access {
  const failures = new Map<string, { readonly endsAt: number; count: number }>();
  const isSecure = (ctx: Context) => origins.includes(`https://${ctx.host}`);
  return { refusalOf, begin, end };

  function refusalOf(ctx: Context): AccessRefusal | undefined {
    const [, bearer] = /^Bearer +(\S+)$/i.exec(ctx.get('Authorization')) ?? [];
    if (bearer !== undefined) return check(ctx, bearer);
    return hasSession(ctx) ? undefined : 'none';
  }

  function begin(ctx: Context, typed: string): AccessRefusal | undefined {
    const refusal = check(ctx, typed);
    if (refusal === undefined) {
      const expires = String(now() + SESSION_MS);
      setCookie(ctx, `${expires}.${signature(expires, secrets.cookieKeys[0] ?? '')}`, SESSION_MS / 1000);
      log.info({ event: 'ops_session_begun' }, 'a session at the operator’s page began');
    }
    return refusal;
  }

  function end(ctx: Context): void {
    setCookie(ctx, '', 0);
  }

  function check(ctx: Context, presented: string): AccessRefusal | undefined {
    const address = ctx.req.socket.remoteAddress ?? '';
    const at = now();
    const counted = failures.get(address);
    // One that ends too far ahead began before the clock was set back.
    const isOpen = counted && counted.endsAt > at && counted.endsAt <= at + WINDOW_MS;
    const window = isOpen ? counted : { endsAt: at + WINDOW_MS, count: 0 };
    if (window.count >= MAX_FAILURES) return 'limited';
    if (equalInConstantTime(presented, token)) return undefined;
    if (failures.size >= MAX_ADDRESSES) failures.clear();
    window.count += 1;
    failures.set(address, window);
    log.warn({ event: 'ops_token_refused', failures: window.count }, 'a wrong token for the operator’s page');
    return 'wrong';
  }

  function hasSession(ctx: Context): boolean {
    const [, expires, mac] = /^(\d{1,15})\.([\w-]{43})$/.exec(ctx.cookies.get(COOKIE) ?? '') ?? [];
    if (expires === undefined || mac === undefined) return false;
    const isOurs = secrets.cookieKeys.some((key) => equalInConstantTime(signature(expires, key), mac));
    return isOurs && Number(expires) > now() && Number(expires) <= now() + SESSION_MS;
  }

  /** With the token, so that another one ends all sessions. */
  function signature(expires: string, key: string): string {
    return createHmac('sha256', key).update(`ops session\n${expires}\n${token}`).digest('base64url');
  }

  function setCookie(ctx: Context, value: string, seconds: number): void {
    const secure = isSecure(ctx) ? '; Secure' : '';
    ctx.set(
      'Set-Cookie',
      `${COOKIE}=${value}; Path=/; Max-Age=${seconds}; HttpOnly; SameSite=Strict${secure}`,
    );
  }
}
