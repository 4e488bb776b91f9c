/**
 * The cookie by which a browser is recognised: a random token that contains no information. It is set after a login by
 * device link, which proves that the person was at this browser. (RP API 3.2, Additional security measures)
 */
import { FLOW_TRAITS } from '../../flows/flows.ts';
import type { LoginResult } from '../../login/login-result.ts';
import type { KnownBrowserStore, RememberedBrowser } from '../../login/known-browser-store.ts';
import type { WebContext } from '../context.ts';
import { type Cookie, cookieOf, dropCookie, setCookie } from '../cookies.ts';

/** What is needed to recognise and remember browsers. */
export interface KnownBrowserDependencies {
  readonly knownBrowsers: KnownBrowserStore;
  /** An unguessable token, URL-safe. */
  readonly newBrowserToken: () => string;
  readonly now: () => number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** After a login by the app on the device of the browser. Browsers keep no cookie for longer than 400 days. */
export const KNOWN_MS = 365 * DAY_MS;
/** After a login by a QR code, which an attacker can have relayed to the person, and after each push since. */
const KNOWN_BY_QR_MS = 30 * DAY_MS;
const TOKEN = /^[\w-]{43}$/;

const BROWSER: Cookie = { name: 'sild_browser', path: '/' };

/** The token that this browser sends; only the store can say whether it is known. */
export function browserTokenOf(ctx: WebContext): string | undefined {
  const token = cookieOf(ctx, BROWSER);
  return token !== undefined && TOKEN.test(token) ? token : undefined;
}

/** Whether anybody has logged in from this browser with a device link before. */
export async function isKnownBrowser(
  dependencies: KnownBrowserDependencies,
  ctx: WebContext,
): Promise<boolean> {
  const token = browserTokenOf(ctx);
  return token !== undefined && dependencies.knownBrowsers.knows(token);
}

/** The account that a person has logged in with from this browser before. */
export async function accountKnownHere(
  dependencies: KnownBrowserDependencies,
  ctx: WebContext,
  identifier: string,
): Promise<{ readonly documentNumber: string } | undefined> {
  const token = browserTokenOf(ctx);
  return token === undefined ? undefined : dependencies.knownBrowsers.find(token, identifier);
}

/**
 * What is to be remembered of a login in this browser; `undefined`: nothing. A login by push does not make a browser known, since
 * anybody can type a person's code; it only extends the lifetime of what is known already. Only the link to the app proves that phone
 * and browser are one device, so a QR code makes a browser known for a shorter time.
 */
export async function browserToRemember(
  dependencies: KnownBrowserDependencies,
  ctx: WebContext,
  { person, documentNumber, flow }: LoginResult,
): Promise<RememberedBrowser | undefined> {
  const { knownBrowsers, newBrowserToken, now } = dependencies;
  const identifier = person.semanticsIdentifier;
  if (FLOW_TRAITS[flow].sendsPush && !(await accountKnownHere(dependencies, ctx, identifier)))
    return undefined;
  const held = browserTokenOf(ctx);
  // A token that the store does not know may have been set by an attacker who knows it: it is replaced.
  const token = held !== undefined && (await knownBrowsers.knows(held)) ? held : newBrowserToken();
  const knownMs = FLOW_TRAITS[flow].needsCallback ? KNOWN_MS : KNOWN_BY_QR_MS;
  return [token, identifier, documentNumber, now() + knownMs];
}

/** Gives the browser the token of what was remembered. */
export function setBrowserCookie(ctx: WebContext, browser: RememberedBrowser | undefined): void {
  if (browser) setCookie(ctx, BROWSER, browser[0], KNOWN_MS);
}

export async function forgetBrowser(dependencies: KnownBrowserDependencies, ctx: WebContext): Promise<void> {
  const token = browserTokenOf(ctx);
  if (token !== undefined) await dependencies.knownBrowsers.forget(token);
  dropCookie(ctx, BROWSER);
}
