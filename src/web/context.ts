import type { ParameterizedContext } from 'koa';

/** What the middleware know of a request besides the request itself. */
export interface WebState {
  /** Names the request in the log; an error page shows it as the incident. */
  requestId: string;
  /** Which route answered, for the log: never the address itself, which names a login. */
  route: string | undefined;
  /** The languages that the client wishes for its person, best first, once its request is found. */
  uiLocales?: readonly string[];
}

export type WebContext = ParameterizedContext<WebState>;
export type WebMiddleware = (ctx: WebContext, next: () => Promise<void>) => Promise<void>;
