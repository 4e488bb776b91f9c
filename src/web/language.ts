/**
 * Which language a page is in. The first of these that names one that Sild speaks:
 *
 *   what the person chose during this login ─▶ `ui_locales` of the client's request ─▶ what the person chose before
 *   ─▶ `Accept-Language` ─▶ `DEFAULT_LANGUAGE`
 *
 * A client knows its person better than last year's cookie does; it does not know better than a click of a moment ago.
 */
import type { Context } from 'koa';
import type { Language } from '../config/languages.ts';
import { INTERACTION_SECONDS } from '../oidc/lifetimes.ts';
import { loginOf } from './addresses.ts';
import { type Cookie, cookieOf, setCookie } from './cookies.ts';
import { spokenLanguage } from './messages/languages.ts';

const SAVED: Cookie = { name: 'sild_language', path: '/' };
const SAVED_MS = 365 * 24 * 60 * 60 * 1000;

/** What of a request tells the language, in our Koa app and in oidc-provider's. */
export interface LanguageHints extends Pick<Context, 'cookies' | 'secure' | 'acceptsLanguages'> {
  readonly state: { readonly uiLocales?: readonly string[] | undefined };
}

export function languageOf(ctx: LanguageHints, defaultLanguage: Language): Language {
  return (
    chosen(ctx, chosenFor('/login')) ??
    lookUp(ctx.state.uiLocales ?? []) ??
    chosen(ctx, SAVED) ??
    // By quality; ranges of quality 0, which the person does not want, are left out. (RFC 9110 12.4.2, 12.5.4)
    lookUp(ctx.acceptsLanguages()) ??
    defaultLanguage
  );
}

/** Keeps the person's choice, and for the login of this address as the choice that wins over all else. */
export function saveLanguage(
  ctx: Pick<Context, 'cookies' | 'secure'>,
  language: Language,
  path: string,
): void {
  setCookie(ctx, SAVED, language, SAVED_MS);
  const login = loginOf(path);
  if (login !== undefined) setCookie(ctx, chosenFor(login), language, INTERACTION_SECONDS * 1000);
}

/** The choice for one login: the browser sends it to the pages of that login alone, by its path. */
function chosenFor(login: string): Cookie {
  return { name: 'sild_login_language', path: login };
}

/**
 * RFC 4647 3.4: each range in turn, cut from its end until it fits. Our tags are bare languages, so that what is left to
 * compare is the first part of the range.
 */
function lookUp(ranges: readonly string[]): Language | undefined {
  for (const range of ranges) {
    const [primary = ''] = range.toLowerCase().split('-', 1);
    const found = spokenLanguage(primary);
    if (found) return found;
  }
  return undefined;
}

function chosen(ctx: LanguageHints, cookie: Cookie): Language | undefined {
  return spokenLanguage(cookieOf(ctx, cookie));
}
