/**
 * The cookie that lets the way back from the app go on in the browser that began: it names the interaction, under a name
 * that only this callback has, so that logins of several tabs do not meet. `Lax`, because the app opens the callback from
 * outside; a path of its own, since an interaction's cookie is bound to the pages of its login.
 */
import { createHash } from 'node:crypto';
import type { Attempt } from '../../login/attempt.ts';
import type { WebContext } from '../context.ts';

export const CALLBACK_PATH = '/callback/smart-id';
/** Where the page is that says that a callback is spent. */
export const USED_PATH = `${CALLBACK_PATH}/used`;

/** Longer than an attempt can last, in milliseconds. */
const KEPT_MS = 10 * 60 * 1000;
const UID = /^[\w-]{1,64}$/;

interface Secure {
  readonly secure: boolean;
}

export function rememberCallback({ secure }: Secure, ctx: WebContext, attempt: Attempt): void {
  if (!('callbackHash' in attempt) || attempt.callbackHash === undefined) return;
  ctx.cookies.set(cookieName(attempt.callbackHash, secure), attempt.interactionUid, {
    ...attributes(secure),
    maxAge: KEPT_MS,
  });
}

/** The interaction that this browser began and a callback belongs to, by the callback's value. Works once. */
export function spendCallbackCookie({ secure }: Secure, ctx: WebContext, value: string): string | undefined {
  const name = cookieName(createHash('sha256').update(value).digest('base64url'), secure);
  const uid = ctx.cookies.get(name);
  if (uid === undefined) return undefined;
  ctx.cookies.set(name, null, attributes(secure));
  return UID.test(uid) ? uid : undefined;
}

function cookieName(callbackHash: string, secure: boolean): string {
  return `${secure ? '__Secure-' : ''}sild_return_${callbackHash.slice(0, 16)}`;
}

function attributes(secure: boolean) {
  return { path: CALLBACK_PATH, httpOnly: true, sameSite: 'lax', secure, overwrite: true } as const;
}
