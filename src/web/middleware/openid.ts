import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Logger } from '../../log/logger.ts';
import type { WebContext, WebMiddleware } from '../context.ts';
import type { Pages } from '../pages/pages.ts';
import { OPENID_POLICY, setSecurityHeaders } from './security-headers.ts';

/** Takes a request over, and ends its response sooner or later. */
export type OpenIdHandler = (req: IncomingMessage, res: ServerResponse) => unknown;

/** What clients may keep: it is the same for everybody, and says nothing of anybody. */
const PUBLIC: readonly string[] = ['.well-known', 'jwks'];
const ENDPOINTS: readonly string[] =
  'authorize token userinfo jwks par logout introspect revoke ciba .well-known'.split(' ');

/**
 * Hands everything that is not ours to oidc-provider. Its JSON, CORS and redirects go out as they are, with our headers
 * around them; its HTML comes from `OidcPages`.
 *
 * It is a Koa app of its own, so where it has no route, or an error goes past its handlers, Koa answers a line of bare
 * text and drops the headers. A person gets our page instead.
 */
export function openId(handler: OpenIdHandler, issuer: string, pages: Pages, log: Logger): WebMiddleware {
  return async (ctx) => {
    const [, endpoint = ''] = ctx.path.split('/', 2);
    ctx.state.route = ENDPOINTS.includes(endpoint) ? endpoint : 'unknown';
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
        pages.error(ctx, 500, { incident });
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
