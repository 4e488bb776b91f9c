/**
 * The language links in the footer of a page. Following one stores the choice and redirects back to the page; the login
 * does not change.
 *
 * They are links and not a form: the page may redirect to the client at once, and the policy of a form
 * (`form-action 'self'`) would block that in Chromium.
 */
import type { Context } from 'koa';
import { z } from 'zod';
import { type Language, LANGUAGES } from '../../config/languages.ts';
import { CALLBACK_PATH, isAuthorization, loginOf, MOST_PATH } from '../addresses.ts';
import { isRead, seeOther, type WebMiddleware } from '../context.ts';
import { saveLanguage } from '../language.ts';
import { ENDONYMS } from '../messages/languages.ts';

const PATH = '/language';
/**
 * Each page has its address for each language twice, so a long one would make a page of fifty times its length. Only an authorization
 * request has a long query, and no page a long path.
 */
const MOST_QUERY = 512;
/** The client's languages, which the person's choice overrides. */
const UI_LOCALES = 'ui_locales';

export interface LanguageLink {
  readonly language: Language;
  readonly name: string;
  readonly href: string;
  readonly current: boolean;
}

/** None on a page that has no address for GET: the response to a request that another site posted. */
export function languageLinks(
  ctx: Pick<Context, 'method' | 'path' | 'search'>,
  current: Language,
): readonly LanguageLink[] {
  const back = addressOf(ctx);
  if (back === undefined) return [];
  return LANGUAGES.map((language) => ({
    language,
    name: ENDONYMS[language],
    href: `${PATH}?${new URLSearchParams({ to: language, back }).toString()}`,
    current: language === current,
  }));
}

const querySchema = z.object({ to: z.enum(LANGUAGES), back: z.string() });

export function languageChoice(issuer: string): WebMiddleware {
  return async (ctx, next) => {
    if (ctx.path !== PATH || !isRead(ctx)) return next();
    ctx.state.route = 'language';
    const query = querySchema.safeParse(ctx.query);
    // Other sites must not change it. A typed address, or an old browser without the header, is allowed.
    if (!['', 'none', 'same-origin'].includes(ctx.get('Sec-Fetch-Site'))) return ctx.throw(403);
    if (!query.success) return ctx.throw(400);
    const { to, back } = query.data;
    const { pathname, search } = withinOrigin(back, issuer);
    saveLanguage(ctx, to, pathname);
    seeOther(ctx, pathname + search);
  };
}

/** The address of the page, or of the page before it, for a GET. */
function addressOf(ctx: Pick<Context, 'method' | 'path' | 'search'>): string | undefined {
  const { path, search } = ctx;
  // An error at the callback: its address is a credential and is never written into a page.
  if (path === CALLBACK_PATH) return undefined;
  // A POST is not repeated: the address of the code form shows the form, any other one leads to the login.
  if (!isRead(ctx)) return loginOf(path) && path.endsWith('/code') ? path : loginOf(path);
  if (path.length > MOST_PATH) return undefined;
  if (search.length > MOST_QUERY && !isAuthorization(path)) return path;
  const query = new URLSearchParams(search);
  if (!query.has(UI_LOCALES)) return path + search;
  query.delete(UI_LOCALES);
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/** The address to return to, never on another site. */
function withinOrigin(back: string, issuer: string): URL {
  const url = URL.parse(back, issuer);
  return url?.origin === new URL(issuer).origin && !url.pathname.startsWith('//')
    ? url
    : new URL('/', issuer);
}
