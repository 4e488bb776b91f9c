/**
 * The cookie by which a browser is recognised: a random token that contains no information. It is set after a login by
 * device link, which proves that the person was at this browser. (RP API 3.2, Additional security measures)
 *
 * Where a client offers no device link, no browser could ever be known, and strangers who know a personal code could keep its owner
 * out. There a login by push is remembered too, apart from those: it gives the browser the allowance of a known one, and no more.
 */
import { FLOW_TRAITS, isDeviceLinkFlow } from '../../flows/flows.ts';
import type { LoginResult } from '../../login/login-result.ts';
import type { KnownBrowserStore, RememberedBrowser } from '../../login/known-browser-store.ts';
import type { OfferedFlows } from '../../oidc/login-settings/login-settings.ts';
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
function browserTokenOf(ctx: WebContext): string | undefined {
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

/** Whether pushes from this browser have the allowance of a known one, since the person has logged in here by a push. */
export async function hasOwnAllowance(
  { knownBrowsers }: KnownBrowserDependencies,
  ctx: WebContext,
  identifier: string,
  offered: Pick<OfferedFlows, 'flows'>,
): Promise<boolean> {
  const token = browserTokenOf(ctx);
  if (token === undefined || offered.flows.some(isDeviceLinkFlow)) return false;
  return (await knownBrowsers.find(pushTokenOf(token), identifier)) !== undefined;
}

/** Whether anything about a person is remembered of this browser. */
export async function isRememberedBrowser(
  dependencies: KnownBrowserDependencies,
  ctx: WebContext,
): Promise<boolean> {
  const token = browserTokenOf(ctx);
  if (token === undefined) return false;
  const { knownBrowsers } = dependencies;
  return (await knownBrowsers.knows(token)) || knownBrowsers.knows(pushTokenOf(token));
}

/** Whether an entry of the list of a person’s browsers is this one. */
export function isThisBrowser(
  { knownBrowsers }: { readonly knownBrowsers: Pick<KnownBrowserStore, 'isToken'> },
  ctx: WebContext,
  id: string,
): boolean {
  const token = browserTokenOf(ctx);
  return token !== undefined && [token, pushTokenOf(token)].some((each) => knownBrowsers.isToken(each, id));
}

/** What is remembered of a login, and the token that its browser gets. */
export interface BrowserToRemember {
  readonly token: string;
  readonly row: RememberedBrowser;
}

/**
 * What is to be remembered of a login in this browser; `undefined`: nothing. A login by push does not make a browser known, since
 * anybody can type a person's code; it only extends the lifetime of what is known already, and, where there is no other flow, gives
 * the browser an allowance. Only the link to the app proves that phone and browser are one device, so a QR code makes a browser known
 * for a shorter time.
 */
export async function browserToRemember(
  dependencies: KnownBrowserDependencies,
  ctx: WebContext,
  { person, documentNumber, flow }: LoginResult,
  offered: Pick<OfferedFlows, 'flows'>,
): Promise<BrowserToRemember | undefined> {
  const { knownBrowsers, newBrowserToken, now } = dependencies;
  const identifier = person.semanticsIdentifier;
  const isOfPush = FLOW_TRAITS[flow].sendsPush && !(await accountKnownHere(dependencies, ctx, identifier));
  if (isOfPush && offered.flows.some(isDeviceLinkFlow)) return undefined;
  const held = browserTokenOf(ctx);
  // A token that the store does not know may have been set by an attacker who knows it: it is replaced.
  const keeps =
    held !== undefined &&
    ((await knownBrowsers.knows(held)) || (isOfPush && (await knownBrowsers.knows(pushTokenOf(held)))));
  const token = keeps ? held : newBrowserToken();
  const knownMs = FLOW_TRAITS[flow].needsCallback ? KNOWN_MS : KNOWN_BY_QR_MS;
  const stored = isOfPush ? pushTokenOf(token) : token;
  return { token, row: [stored, identifier, documentNumber, now() + knownMs] };
}

/** Gives the browser the token of what was remembered. */
export function setBrowserCookie(ctx: WebContext, browser: BrowserToRemember | undefined): void {
  if (browser) setCookie(ctx, BROWSER, browser.token, KNOWN_MS);
}

export async function forgetBrowser(dependencies: KnownBrowserDependencies, ctx: WebContext): Promise<void> {
  const token = browserTokenOf(ctx);
  if (token !== undefined) {
    await dependencies.knownBrowsers.forget(token);
    await dependencies.knownBrowsers.forget(pushTokenOf(token));
  }
  dropCookie(ctx, BROWSER);
}

/** The token under which logins by push are stored. No cookie is accepted with it: it makes no browser known. */
function pushTokenOf(token: string): string {
  return `push ${token}`;
}
