/** Our own cookies: `HttpOnly`, `SameSite=Lax` and, over https, `Secure`. */
import type { Context } from 'koa';
import { cookieName } from '../oidc/cookie-name.ts';
import { SealError, type Secrets } from '../secrets/secrets.ts';

export interface Cookie {
  /** Without the prefix (`__Host-`, `__Secure-`) that it has over https. */
  readonly name: string;
  readonly path: string;
}

type WithCookies = Pick<Context, 'cookies' | 'secure'>;

/** The value that the browser sent. The caller must validate it. */
export function cookieOf(ctx: WithCookies, { name, path }: Cookie): string | undefined {
  return ctx.cookies.get(cookieName(name, path, ctx.secure), { signed: false });
}

/** @param maxAge milliseconds */
export function setCookie(ctx: WithCookies, cookie: Cookie, value: string, maxAge: number): void {
  write(ctx, cookie, value, { maxAge });
}

/** What `setSealedCookie` has set for a purpose. Undefined for a value that Sild did not seal for it. The caller must validate it. */
export function sealedCookieOf(
  ctx: WithCookies,
  cookie: Cookie,
  secrets: Pick<Secrets, 'open'>,
  purpose: string,
): unknown {
  const sealed = cookieOf(ctx, cookie);
  if (sealed === undefined) return undefined;
  try {
    return JSON.parse(secrets.open(sealed, purpose));
  } catch (error) {
    if (error instanceof SealError) return undefined;
    throw error;
  }
}

/** @param value is stored as JSON, readable for Sild alone */
export function setSealedCookie(
  ctx: WithCookies,
  cookie: Cookie,
  value: unknown,
  {
    secrets,
    purpose,
    lifetimeMs,
  }: { readonly secrets: Pick<Secrets, 'seal'>; readonly purpose: string; readonly lifetimeMs: number },
): void {
  setCookie(ctx, cookie, secrets.seal(JSON.stringify(value), purpose), lifetimeMs);
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
    // Not signed: each reader validates the value. oidc-provider's Koa app, which reads the language, would sign by default.
    signed: false,
    overwrite: true,
    ...lifetime,
  });
}
