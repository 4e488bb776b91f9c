/**
 * The cookie by which a browser is known: a random token that says nothing by itself. It is set after a login by device
 * link, which proves that the person was at this browser. (RP API 3.2, Additional security measures)
 */
import { FLOW_TRAITS } from '../../flows/flows.ts';
import type { LoginResult } from '../../login/login-result.ts';
import type { KnownBrowserStore } from '../../login/known-browser-store.ts';
import type { WebContext } from '../context.ts';
import { type Cookie, cookieOf, dropCookie, setCookie } from '../cookies.ts';

/** What knowing browsers takes. */
export interface BrowserRooms {
  readonly knownBrowsers: KnownBrowserStore;
  /** A token that nobody can guess, URL-safe. */
  readonly newBrowserToken: () => string;
  readonly now: () => number;
}

/** Browsers keep no cookie for longer than 400 days. */
export const KNOWN_MS = 365 * 24 * 60 * 60 * 1000;
const TOKEN = /^[\w-]{43}$/;

const BROWSER: Cookie = { name: 'sild_browser', path: '/' };

/** The token of this browser; whether it is known is for the store to say. */
function browserTokenOf(ctx: WebContext): string | undefined {
  const token = cookieOf(ctx, BROWSER);
  return token !== undefined && TOKEN.test(token) ? token : undefined;
}

/** Whether anybody has logged in from this browser with a device link before. */
export async function isKnownBrowser(rooms: BrowserRooms, ctx: WebContext): Promise<boolean> {
  const token = browserTokenOf(ctx);
  return token !== undefined && rooms.knownBrowsers.knows(token);
}

/** The account that a person has logged in with from this browser before. */
export async function accountKnownHere(
  rooms: BrowserRooms,
  ctx: WebContext,
  identifier: string,
): Promise<{ readonly documentNumber: string } | undefined> {
  const token = browserTokenOf(ctx);
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
  const { knownBrowsers, newBrowserToken, now } = rooms;
  const identifier = person.semanticsIdentifier;
  if (FLOW_TRAITS[flow].sendsPush && !(await accountKnownHere(rooms, ctx, identifier))) return;
  const held = browserTokenOf(ctx);
  // A token that the store does not know may have been planted by somebody who knows it.
  const token = held !== undefined && (await knownBrowsers.knows(held)) ? held : newBrowserToken();
  await knownBrowsers.remember(token, identifier, documentNumber, now() + KNOWN_MS);
  setCookie(ctx, BROWSER, token, KNOWN_MS);
}

export async function forgetBrowser(rooms: BrowserRooms, ctx: WebContext): Promise<void> {
  const token = browserTokenOf(ctx);
  if (token !== undefined) await rooms.knownBrowsers.forget(token);
  dropCookie(ctx, BROWSER);
}
