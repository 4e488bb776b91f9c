/** Our own cookies: kept from scripts and from other sites' forms, over https from plain http as well. */
import type { Context } from 'koa';
import { cookieName } from '../oidc/cookie-name.ts';

export interface Cookie {
  /** Without the prefix that it has over https. */
  readonly name: string;
  readonly path: string;
}

type WithCookies = Pick<Context, 'cookies' | 'secure'>;

/** What the browser says; whether to believe it is for the caller to say. */
export function cookieOf(ctx: WithCookies, { name, path }: Cookie): string | undefined {
  return ctx.cookies.get(cookieName(name, path, ctx.secure), { signed: false });
}

/** @param maxAge milliseconds */
export function setCookie(ctx: WithCookies, cookie: Cookie, value: string, maxAge: number): void {
  write(ctx, cookie, value, { maxAge });
}

export function dropCookie(ctx: WithCookies, cookie: Cookie): void {
  write(ctx, cookie, null, {});
}

function write(
  ctx: WithCookies,
  { name, path }: Cookie,
  value: string | null,
  lifetime: { readonly maxAge?: number },
): void {
  const { secure } = ctx;
  ctx.cookies.set(cookieName(name, path, secure), value, {
    path,
    httpOnly: true,
    sameSite: 'lax',
    secure,
    // What hangs on a cookie is checked where it is read; oidc-provider's Koa, which reads the language, would sign.
    signed: false,
    overwrite: true,
    ...lifetime,
  });
}
