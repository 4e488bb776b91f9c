/**
 * The languages in the footer of a page, and what following one of them does: keeps the choice, and comes back to the
 * page. A login stays as it is.
 *
 * They are links rather than a form: coming back may lead onward to the client at once, and a form's policy
 * (`form-action 'self'`) would stop that in Chromium.
 */
import type { Context } from 'koa';
import { z } from 'zod';
import { type Language, LANGUAGES } from '../../config/languages.ts';
import { CALLBACK_PATH, loginOf } from '../addresses.ts';
import { seeOther, type WebMiddleware } from '../context.ts';
import { saveLanguage } from '../language.ts';
import { ENDONYMS } from '../messages/languages.ts';

const PATH = '/language';
/** The client's wish, which the person overrules. */
const CLIENTS_WISH = 'ui_locales';

export interface LanguageLink {
  readonly language: Language;
  readonly name: string;
  readonly href: string;
  readonly current: boolean;
}

/** None on a page that cannot be asked for again: the answer to what another site posted. */
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
    if (ctx.path !== PATH || (ctx.method !== 'GET' && ctx.method !== 'HEAD')) return next();
    ctx.state.route = 'language';
    const query = querySchema.safeParse(ctx.query);
    // Another site has no say in it. Who types the address, or has an old browser, may.
    if (!['', 'none', 'same-origin'].includes(ctx.get('Sec-Fetch-Site'))) return ctx.throw(403);
    if (!query.success) return ctx.throw(400);
    const { to, back } = query.data;
    const { pathname, search } = withinOrigin(back, issuer);
    saveLanguage(ctx, to, pathname);
    seeOther(ctx, pathname + search);
  };
}

/** Where the page of a request, or the one that it came from, can be had with a GET. */
function addressOf({
  method,
  path,
  search,
}: Pick<Context, 'method' | 'path' | 'search'>): string | undefined {
  // An error at the callback: its address is a credential, and not to be written into a page.
  if (path === CALLBACK_PATH) return undefined;
  // What was posted is not asked for again: a form's own address shows the form, any other one leads to the login's.
  if (method !== 'GET' && method !== 'HEAD')
    return loginOf(path) && path.endsWith('/code') ? path : loginOf(path);
  const query = new URLSearchParams(search);
  if (!query.has(CLIENTS_WISH)) return path + search;
  query.delete(CLIENTS_WISH);
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/** The address to come back to, never one of another site. */
function withinOrigin(back: string, issuer: string): URL {
  const url = URL.parse(back, issuer);
  return url?.origin === new URL(issuer).origin && !url.pathname.startsWith('//')
    ? url
    : new URL('/', issuer);
}
