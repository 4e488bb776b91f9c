/**
 * The language of a page: the first of these that names a supported language.
 *
 *   the person's choice during this login ─▶ `ui_locales` of the client's request ─▶ the person's earlier choice
 *   ─▶ `Accept-Language` ─▶ `DEFAULT_LANGUAGE`
 *
 * `ui_locales` is more recent than an earlier choice, but a choice during this login is more recent than both. Where the client's
 * request is not known, as in an outage or after its end, the language of the pages before stands for its `ui_locales`.
 */
import type { Context } from 'koa';
import type { Language } from '../config/languages.ts';
import { INTERACTION_SECONDS } from '../oidc/lifetimes.ts';
import { loginOf, resumePathOf } from './addresses.ts';
import { type Cookie, cookieOf, setCookie } from './cookies.ts';
import { spokenLanguage } from './messages/languages.ts';

const SAVED: Cookie = { name: 'sild_language', path: '/' };
const SAVED_MS = 365 * 24 * 60 * 60 * 1000;

/** What the language of a page depends on, in our Koa app and in oidc-provider's. */
export interface LanguageHints extends Pick<Context, 'cookies' | 'secure' | 'acceptsLanguages'> {
  readonly state: { readonly uiLocales?: readonly string[] | undefined };
}

/** @param before the language of the pages of this login before */
export function languageOf(ctx: LanguageHints, defaultLanguage: Language, before?: Language): Language {
  return (
    chosen(ctx, chosenFor('/login')) ??
    chosen(ctx, chosenForEndOf('/login')) ??
    supportedLanguage(ctx.state.uiLocales ?? (before === undefined ? [] : [before])) ??
    chosen(ctx, SAVED) ??
    // Sorted by quality, without ranges of quality 0. (RFC 9110 12.4.2, 12.5.4)
    supportedLanguage(ctx.acceptsLanguages()) ??
    defaultLanguage
  );
}

/** Stores the person's choice for later logins and, with the highest precedence, for the login of this address. */
export function saveLanguage(
  ctx: Pick<Context, 'cookies' | 'secure'>,
  language: Language,
  path: string,
): void {
  setCookie(ctx, SAVED, language, SAVED_MS);
  const login = loginOf(path);
  if (login === undefined) return;
  for (const cookie of [chosenFor(login), chosenForEndOf(login)])
    setCookie(ctx, cookie, language, INTERACTION_SECONDS * 1000);
}

/** The choice for one login: the cookie's path limits it to the pages of that login. */
function chosenFor(login: string): Cookie {
  return { name: 'sild_login_language', path: login };
}

/** The same for the address at which the request is resumed, which can show a page too. */
function chosenForEndOf(login: string): Cookie {
  return { name: 'sild_resume_language', path: resumePathOf(login) };
}

/**
 * Lookup (RFC 4647 3.4): each range in turn, shortened from its end until it matches. Our tags have no subtags, so only
 * the first part of a range is compared.
 */
export function supportedLanguage(ranges: readonly string[]): Language | undefined {
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
