import type { Context } from 'koa';
import type { Assets } from './assets.ts';
import type { ErrorStatus, Messages } from './messages/messages.ts';
import type { Action, NoticePage, PageModels } from './page-models.ts';
import { createRender, type Surroundings } from './rendering.ts';

/** What drawing needs of a Koa context: ours, and oidc-provider's own. */
type Canvas = Pick<Context, 'status' | 'type' | 'body' | 'set'>;

export interface ErrorDetails {
  /** The number that the log has as well. */
  readonly incident?: string | undefined;
  /** Where trying again may work. */
  readonly retry?: string | undefined;
}

/** Draws pages. Each sets status, type and body, and that nobody keeps the page. */
export interface Pages {
  readonly messages: Messages;
  draw<P extends keyof PageModels>(ctx: Canvas, status: number, page: P, model: PageModels[P]): void;
  notice(
    ctx: Canvas,
    status: number,
    notice: Pick<NoticePage, 'heading' | 'paragraphs'> & Partial<NoticePage>,
  ): void;
  error(ctx: Canvas, status: ErrorStatus, details?: ErrorDetails): void;
}

export function createPages(surroundings: Surroundings, assets: Assets, messages: Messages): Pages {
  const render = createRender(surroundings, assets, messages);
  return { messages, draw, notice, error };

  function draw<P extends keyof PageModels>(
    ctx: Canvas,
    status: number,
    page: P,
    model: PageModels[P],
  ): void {
    const html = render(page, model);
    ctx.status = status;
    ctx.type = 'html';
    ctx.set('Cache-Control', 'no-store');
    ctx.body = html;
  }

  function notice(
    ctx: Canvas,
    status: number,
    { service, reference, actions = [], ...text }: Parameters<Pages['notice']>[2],
  ): void {
    draw(ctx, status, 'notice', { service, reference, actions, ...text });
  }

  function error(ctx: Canvas, status: ErrorStatus, { incident, retry }: ErrorDetails = {}): void {
    const { heading, paragraphs } = messages.errors[status];
    const actions: Action[] = retry === undefined ? [] : [link(retry, messages.action.tryAgain, 'primary')];
    notice(ctx, status, { heading, paragraphs, reference: incident, actions });
  }
}

/** A link within Sild, or to the service that asked. */
export function link(href: string, text: string, look: Action['look']): Action {
  return { kind: 'link', href, text, look, external: false };
}
