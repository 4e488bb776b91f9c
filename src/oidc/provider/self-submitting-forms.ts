/**
 * Pages that submit a form by themselves, or by a button where JavaScript does not run: an answer by `form_post`, and a logout
 * without a question. oidc-provider writes such a page itself, in English and without a style. Here it is replaced by a page of
 * Sild with the same form.
 */
import type { Context } from 'koa';
import type { KoaContextWithOIDC } from 'oidc-provider';
import { shownClient } from '../clients/shown-client.ts';
import type { HiddenForm, OidcPages } from './pages.ts';

/** The page of oidc-provider's `formPost`. No page of Sild has this title, because all values are escaped. */
const FORM_POST = '<title>Submitting Callback</title>';
const ACTION = /<form [^>]*\baction="(?<action>[^"]*)"/;
const FIELD = /<input type="hidden" name="(?<name>[^"]*)" value="(?<value>[^"]*)"\/>/g;

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&amp;': '&',
};

const answered = new WeakSet<object>();

/** Whether a response is such a page, whatever its status: that of a refusal by `form_post` is 400. */
export function isSelfSubmitting(ctx: object): boolean {
  return answered.has(ctx);
}

/** Middleware: replaces oidc-provider's page by Sild's. */
export function replaceSelfSubmittingPages(pages: OidcPages) {
  return async (ctx: Context, next: () => Promise<void>): Promise<void> => {
    const policy = ctx.res.getHeader('Content-Security-Policy');
    await next();
    const { body } = ctx;
    if (typeof body !== 'string' || !body.includes(FORM_POST)) return;
    // oidc-provider has allowed the inline script of its page. Sild's page has none.
    if (policy !== undefined) ctx.res.setHeader('Content-Security-Policy', policy);
    answered.add(ctx);
    showSelfSubmitting(pages, ctx as unknown as KoaContextWithOIDC, hiddenFormIn(body));
  };
}

export function showSelfSubmitting(pages: OidcPages, ctx: KoaContextWithOIDC, form: HiddenForm): void {
  const { client, route } = ctx.oidc;
  pages.submit(ctx, {
    form,
    client: client && shownClient(client),
    purpose: route.startsWith('end_session') ? 'logout' : 'answer',
  });
}

/** The form in oidc-provider's HTML. @throws when there is none */
export function hiddenFormIn(html: string): HiddenForm {
  const { action } = ACTION.exec(html)?.groups ?? {};
  if (action === undefined) throw new Error('oidc-provider’s page has no form');
  const fields = Array.from(html.matchAll(FIELD), ({ groups }) => ({
    name: groups?.name ?? '',
    value: unescaped(groups?.value ?? ''),
  }));
  return { action: unescaped(action), fields };
}

function unescaped(text: string): string {
  return text.replace(/&(?:lt|gt|quot|#39|amp);/g, (entity) => ENTITIES[entity] ?? entity);
}
