/**
 * The cookie by which a browser is known: a random token that says nothing by itself. It is set after a login by device
 * link, which proves that the person was at this browser. (RP API 3.2, Additional security measures)
 */
import type { LoginResult } from '../../login/login-result.ts';
import type { KnownBrowserStore } from '../../login/known-browser-store.ts';
import type { WebContext } from '../context.ts';

/** What knowing browsers takes. */
export interface BrowserRooms {
  readonly knownBrowsers: KnownBrowserStore;
  /** A token that nobody can guess, URL-safe. */
  readonly newBrowserToken: () => string;
  /** Whether the pages are served over https. */
  readonly secure: boolean;
  readonly now: () => number;
}

/** Browsers keep no cookie for longer than 400 days. */
const KNOWN_MS = 365 * 24 * 60 * 60 * 1000;
const TOKEN = /^[\w-]{43}$/;

/** `__Host-` keeps sibling hosts and plain-http pages from planting one; it needs https. */
function cookieName(secure: boolean): string {
  return secure ? '__Host-sild_browser' : 'sild_browser';
}

/** The token of this browser; whether it is known is for the store to say. */
function browserTokenOf({ secure }: Pick<BrowserRooms, 'secure'>, ctx: WebContext): string | undefined {
  const token = ctx.cookies.get(cookieName(secure));
  return token !== undefined && TOKEN.test(token) ? token : undefined;
}

/** Whether anybody has logged in from this browser with a device link before. */
export async function isKnownBrowser(rooms: BrowserRooms, ctx: WebContext): Promise<boolean> {
  const token = browserTokenOf(rooms, ctx);
  return token !== undefined && rooms.knownBrowsers.knows(token);
}

/** The account that a person has logged in with from this browser before. */
export async function accountKnownHere(
  rooms: BrowserRooms,
  ctx: WebContext,
  identifier: string,
): Promise<{ readonly documentNumber: string } | undefined> {
  const token = browserTokenOf(rooms, ctx);
  return token === undefined ? undefined : rooms.knownBrowsers.find(token, identifier);
}

/**
 * Remembers a login. One by a push makes no browser known, since whoever types a code can ask for one; it refreshes what
 * is known already.
 */
export async function rememberBrowser(
  rooms: BrowserRooms,
  ctx: WebContext,
  { person, documentNumber, flow }: LoginResult,
): Promise<void> {
  const { knownBrowsers, newBrowserToken, secure, now } = rooms;
  const identifier = person.semanticsIdentifier;
  if (flow === 'notification' && !(await accountKnownHere(rooms, ctx, identifier))) return;
  const held = browserTokenOf(rooms, ctx);
  // A token that the store does not know may have been planted by somebody who knows it.
  const token = held !== undefined && (await knownBrowsers.knows(held)) ? held : newBrowserToken();
  await knownBrowsers.remember(token, identifier, documentNumber, now() + KNOWN_MS);
  ctx.cookies.set(cookieName(secure), token, { ...attributes(secure), maxAge: KNOWN_MS });
}

export async function forgetBrowser(rooms: BrowserRooms, ctx: WebContext): Promise<void> {
  const token = browserTokenOf(rooms, ctx);
  if (token !== undefined) await rooms.knownBrowsers.forget(token);
  ctx.cookies.set(cookieName(rooms.secure), null, attributes(rooms.secure));
}

function attributes(secure: boolean) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure, overwrite: true } as const;
}
