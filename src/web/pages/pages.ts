import type { Context } from 'koa';
import type { Language } from '../../config/languages.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { isRead } from '../context.ts';
import { CALLBACK_PATH, isOfLogin, loginOf, pageOfForm } from '../addresses.ts';
import type { Assets } from './assets.ts';
import { type LanguageHints, languageOf } from '../language.ts';
import { languageLinks } from './language-links.ts';
import { CATALOGUES } from '../messages/languages.ts';
import type { ErrorStatus, Messages } from '../messages/messages.ts';
import { link } from './links.ts';
import type { Action, NoticePage, PageModels, Service } from './page-models.ts';
import { createLoginOrigins, type LoginOrigin, type LoginOrigins } from './login-origins.ts';
import { onwardActions, type Onward } from './onward.ts';
import { createRender, type LayoutOptions } from './rendering.ts';

/** What rendering needs of a Koa context, of Sild's app or of oidc-provider's. */
type RenderContext = MessagesContext &
  Pick<Context, 'status' | 'type' | 'body' | 'set' | 'method' | 'search'>;

type MessagesContext = LanguageHints & Pick<Context, 'path'>;

export interface ErrorDetails {
  /** The request's number in the log. */
  readonly incident?: string | undefined;
  /** The address for another try. */
  readonly retry?: string | undefined;
  /** After which another try may succeed; 0 by default. */
  readonly seconds?: number | undefined;
}

/** A page that waits for the database comes back after this, and so does a script. */
export const COME_BACK_SECONDS = 4;

const EMPTY = { reference: undefined, documentation: undefined, list: [], retryAfter: undefined } as const;

/** Renders pages in the language of the request. Sets status, type, body and `Cache-Control: no-store`. */
export interface Pages {
  draw<P extends keyof PageModels>(ctx: RenderContext, status: number, page: P, model: PageModels[P]): void;
  /**
   * A page without a service names the one that this browser's login at this address was for, and leads back to it.
   *
   * @param notice.onward what the link to a service is for; `startAgain` by default
   */
  notice(
    ctx: RenderContext,
    status: number,
    notice: Pick<NoticePage, 'heading' | 'paragraphs'> & Partial<NoticePage> & { readonly onward?: Onward },
  ): void;
  error(ctx: RenderContext, status: ErrorStatus, details?: ErrorDetails): void;
  /**
   * 503: the database is away. The page comes back by itself, until the database does; where a form was sent outside of a login, it
   * asks the person to send it again. Sets `Retry-After`.
   *
   * @param limited 429: a limit admits the same request in so many seconds
   */
  unavailable(ctx: RenderContext, limited?: number): void;
  /** In the language that is known at the time of the call: a client's `ui_locales` count once its interaction is found. */
  messagesOf(ctx: MessagesContext): Messages;
  /** Which services the logins of this browser were for. */
  readonly origins: LoginOrigins;
}

export interface PageOptions extends LayoutOptions {
  readonly defaultLanguage: Language;
  /** Directory of the operator's templates, which replace Sild's of the same name. */
  readonly viewsDir?: string | undefined;
  /** Seals which services the logins of a browser were for. */
  readonly secrets: Pick<Secrets, 'seal' | 'open'>;
}

export function createPages(options: PageOptions, assets: Assets): Pages {
  const render = createRender(options, assets, options.viewsDir);
  const origins = createLoginOrigins(options.secrets);
  const messagesOf = (ctx: MessagesContext) =>
    CATALOGUES[languageOf(ctx, options.defaultLanguage, languageBefore(ctx))];
  return { draw, notice, error, unavailable, messagesOf, origins };

  function draw<P extends keyof PageModels>(
    ctx: RenderContext,
    status: number,
    page: P,
    model: PageModels[P],
  ): void {
    // What is for developers is in English, like the documentation.
    const messages = page === 'issuer' ? CATALOGUES.en : messagesOf(ctx);
    // Without language links: a page that submits itself, since its address may work only once; and a refusal by a limit at a long
    // address, since each link repeats the address, and the refusal would cost more than the request.
    const isWithout = page === 'submit' || page === 'issuer' || (status === 429 && ctx.search.length > 512);
    const languages = isWithout ? [] : languageLinks(ctx, messages.language);
    const html = render(page, model, messages, languages);
    ctx.status = status;
    ctx.type = 'html';
    ctx.set({ 'Cache-Control': 'no-store', 'Content-Language': messages.language });
    ctx.body = html;
  }

  function notice(
    ctx: RenderContext,
    status: number,
    { onward = 'startAgain', ...given }: Parameters<Pages['notice']>[2],
  ): void {
    const { actions = [] } = given;
    const { service = serviceOf(ctx) } = given;
    const more = given.service
      ? []
      : onwardActions(messagesOf(ctx), onward, origins.candidates(ctx), actions.length > 0);
    draw(ctx, status, 'notice', { ...EMPTY, ...given, service, actions: [...actions, ...more] });
  }

  /** The address of a callback does not say of which login it is. */
  function languageBefore(ctx: MessagesContext): Language | undefined {
    if (ctx.state.uiLocales) return undefined;
    const [newest] = ctx.path.startsWith(CALLBACK_PATH) ? origins.candidates(ctx) : [origins.of(ctx)];
    return newest?.language;
  }

  function serviceOf(ctx: RenderContext): Service | undefined {
    return asService(origins.of(ctx));
  }

  function error(
    ctx: RenderContext,
    status: ErrorStatus,
    { incident, retry, seconds }: ErrorDetails = {},
  ): void {
    const { errors, action } = messagesOf(ctx);
    const { heading, paragraphs } = errors[status];
    const actions: Action[] =
      retry === undefined
        ? []
        : [{ ...link(retry, action.tryAgain, 'primary'), waits: seconds !== undefined }];
    const retryAfter = retry === undefined || seconds === undefined ? undefined : { seconds, href: retry };
    notice(ctx, status, { heading, paragraphs, reference: incident, actions, retryAfter });
  }

  function unavailable(ctx: RenderContext, limited?: number): void {
    const after = limited ?? COME_BACK_SECONDS;
    const messages = messagesOf(ctx);
    const { moment } = messages;
    const isLogin = isOfLogin(ctx.path);
    const reloads = isRead(ctx);
    // A form cannot be sent again by itself: a login goes on at its own address, and the person sends any other form again.
    const href = reloads ? undefined : loginOf(ctx.path);
    const comesBack = reloads || href !== undefined;
    const form = comesBack ? undefined : pageOfForm(ctx.path);
    const again = form === undefined ? [] : [link(form, messages.action.tryAgain, 'primary')];
    const hasOthers = comesBack || again.length > 0;
    draw(ctx, limited === undefined ? 503 : 429, 'moment', {
      service: serviceOf(ctx),
      lead: comesBack ? (isLogin ? moment.login : moment.page) : moment.form,
      href,
      seconds: comesBack ? after : undefined,
      actions: [
        ...again,
        ...onwardActions(messages, isLogin ? 'startAgain' : 'back', origins.candidates(ctx), hasOthers),
      ],
    });
    ctx.set('Retry-After', String(after));
  }
}

function asService(origin: LoginOrigin | undefined): Service | undefined {
  return origin && { name: origin.name, logo: origin.logo, theme: origin.theme };
}
