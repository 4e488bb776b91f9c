import type { ParameterizedContext } from 'koa';

/** What the middleware stores about a request. */
export interface WebState {
  /** Identifies the request in the log; an error page shows it as the incident number. */
  requestId: string;
  /** Name of the route that answered, for the log. Never the address itself, which identifies a login. */
  route: string | undefined;
  /** The client's `ui_locales`, best first, once its authorization request is found. */
  uiLocales?: readonly string[];
  /** Takes what a response needs after its handler has returned. An error of it is logged, and ends the response, as one of the handler. */
  goOn: (work: Promise<void>) => void;
}

export type WebContext = ParameterizedContext<WebState>;
export type WebMiddleware = (ctx: WebContext, next: () => Promise<void>) => Promise<void>;

/** Whether the request prefers JSON to a page, as the requests of our scripts do. */
export function wantsJson(ctx: WebContext): boolean {
  return ctx.accepts('html', 'json') === 'json';
}

/** Redirects the browser with 303: it follows with a GET, whatever method the request had. */
export function seeOther(ctx: WebContext, address: string): void {
  ctx.status = 303;
  ctx.redirect(address);
}

/** Whether a request only reads (GET or HEAD), so that it can be repeated. */
export function isRead({ method }: Pick<WebContext, 'method'>): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Refuses other methods than GET and HEAD, with 405. */
export function requireRead(ctx: WebContext): void {
  if (isRead(ctx)) return;
  ctx.set('Allow', 'HEAD, GET');
  ctx.throw(405);
}
