import Koa from 'koa';
import type { Logger } from '../../log/logger.ts';
import { isAuthorization, isLogout, loginOf } from '../addresses.ts';
import { wantsJson, type WebContext, type WebMiddleware } from '../context.ts';
import type { ErrorStatus } from '../messages/messages.ts';
import { drawLoginError, drawLogoutError } from '../pages/request-error.ts';
import { COME_BACK_SECONDS, type Pages } from '../pages/pages.ts';

const REFUSALS: readonly number[] = [400, 403, 404, 405, 413, 415] satisfies ErrorStatus[];

/** Reasons for the developer, where a service has sent the request, and not the person by a form. */
const REQUEST_ERRORS: Readonly<Partial<Record<ErrorStatus, string>>> = {
  400: 'malformed request',
  413: 'request too large',
  415: 'unsupported media type or encoding',
};

/**
 * Turns a thrown error into a response. An HTTP error keeps its status; anything else is a 500 with an incident number
 * that is also in the log. Details of the error are only in the log.
 *
 * While the database is away, the answer is 503, and a page reloads itself, so that no login is lost.
 *
 * @param isOutage whether an error says that the database cannot be reached for now
 */
export function errorPages(pages: Pages, log: Logger, isOutage: (error: unknown) => boolean): WebMiddleware {
  return async (ctx, next) => {
    ctx.state.goOn = (work) => {
      work.catch((error: unknown) => {
        fail(ctx, error);
      });
    };
    try {
      await next();
    } catch (error) {
      fail(ctx, error);
    }
  };

  function fail(ctx: WebContext, error: unknown): void {
    const incident = ctx.state.requestId;
    const status = statusOf(error);
    if (status === 500) {
      log.error(
        { event: 'request_failed', request: incident, route: ctx.state.route, err: error },
        'request failed',
      );
    }
    if (ctx.headerSent) {
      // Part of the response is sent already. Closing the connection tells the client that it is incomplete.
      ctx.res.destroy();
      return;
    }
    if (isOutage(error)) answerOutage(ctx, pages);
    else answer(ctx, status, status === 500 ? incident : undefined, pages);
  }
}

function answer(ctx: WebContext, status: ErrorStatus, incident: string | undefined, pages: Pages): void {
  ctx.respond = true;
  if (wantsJson(ctx)) {
    ctx.status = status;
    ctx.set('Cache-Control', 'no-store');
    ctx.body = { error: status === 500 ? 'server_error' : 'invalid_request', incident };
    return;
  }
  const reason = REQUEST_ERRORS[status];
  const refusal = `invalid_request: ${reason} (${ctx.state.requestId})`;
  if ((reason !== undefined || status === 500) && isLogout(ctx.path)) {
    drawLogoutError(pages, ctx, status, { reference: incident ?? refusal });
    return;
  }
  if (reason !== undefined && isAuthorization(ctx.path)) {
    drawLoginError(pages, ctx, status, { reference: refusal });
    return;
  }
  // The address of a login continues the login, or explains why it cannot.
  pages.error(ctx, status, { incident, retry: loginOf(ctx.path) });
}

function answerOutage(ctx: WebContext, pages: Pages): void {
  ctx.respond = true;
  if (!wantsJson(ctx)) {
    pages.unavailable(ctx);
    return;
  }
  ctx.status = 503;
  ctx.set({ 'Retry-After': String(COME_BACK_SECONDS), 'Cache-Control': 'no-store' });
  ctx.body = { error: 'temporarily_unavailable' };
}

function statusOf(error: unknown): ErrorStatus {
  if (!(error instanceof Koa.HttpError) || error.status >= 500) return 500;
  return REFUSALS.includes(error.status) ? (error.status as ErrorStatus) : 400;
}
