import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../../log/logger.ts';
import { ENDPOINTS } from '../../oidc/endpoints.ts';
import { isLogout } from '../addresses.ts';
import type { WebContext, WebMiddleware } from '../context.ts';
import { drawLogoutError } from '../pages/request-error.ts';
import type { Pages } from '../pages/pages.ts';
import { OPENID_POLICY, setSecurityHeaders } from './security-headers.ts';

/** Handles a request completely, and ends its response. */
export type OpenIdHandler = (req: IncomingMessage, res: ServerResponse) => unknown;

/** Endpoints whose responses may be cached: they are the same for everybody and contain nothing personal. */
const PUBLIC: readonly string[] = ['.well-known', 'jwks'];
const ROUTES: readonly string[] = [...Object.values(ENDPOINTS), '/.well-known'].map((path) => path.slice(1));

/**
 * Passes every request that no page answers to oidc-provider. Its JSON, CORS and redirects are sent unchanged, with our
 * headers added; its HTML comes from `OidcPages`.
 *
 * It is a separate Koa app: for an unknown route, or an error outside its handlers, Koa answers with plain text and removes
 * the headers. A browser gets our page instead.
 */
export function openIdRequests(
  handler: OpenIdHandler,
  issuer: string,
  pages: Pages,
  log: Logger,
): WebMiddleware {
  return async (ctx) => {
    const [, endpoint = ''] = ctx.path.split('/', 2);
    ctx.state.route = ROUTES.includes(endpoint) ? endpoint : 'unknown';
    ctx.set('Content-Security-Policy', OPENID_POLICY);
    if (PUBLIC.includes(endpoint)) ctx.remove('Cache-Control');
    ctx.respond = false;
    replaceBareText(ctx, () => {
      setSecurityHeaders(ctx, issuer);
      if (ctx.status !== 404) {
        const incident = ctx.state.requestId;
        log.error(
          { event: 'request_failed', request: incident, route: ctx.state.route },
          'OpenID provider failed',
        );
        if (isLogout(ctx.path)) drawLogoutError(pages, ctx, 500, { reference: incident });
        else pages.error(ctx, 500, { incident });
      } else {
        pages.error(ctx, 404);
      }
      return String(ctx.body);
    });
    await handler(ctx.req, ctx.res);
  };
}

function replaceBareText(ctx: WebContext, draw: () => string): void {
  const { res } = ctx;
  const end = res.end.bind(res) as (...parts: unknown[]) => ServerResponse;
  res.end = ((...parts: unknown[]) => {
    res.end = end as typeof res.end;
    const bare = !res.headersSent && res.statusCode >= 400 && ctx.response.is('text/plain') === 'text/plain';
    return bare && ctx.accepts('html', 'text') === 'html' ? end(draw()) : end(...parts);
  }) as typeof res.end;
}
