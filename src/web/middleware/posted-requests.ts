import { bodyParser } from '@koa/bodyparser';
import { ENDPOINTS } from '../../oidc/endpoints.ts';
import { seeOther, type WebMiddleware } from '../context.ts';
import { MAX_AUTHORIZATION_REQUEST } from './authorization-limits.ts';
import { refuseEncodedBody } from './form-body.ts';

const ADDRESSES: readonly string[] = [ENDPOINTS.authorization, ENDPOINTS.end_session];

/**
 * Redirects an authorization or logout request that was posted to the same request by GET. Clients may use either method.
 * (OpenID Connect Core 3.1.2.1, RP-Initiated Logout 2) For POST, oidc-provider would need cookies that browsers send with
 * forms of other sites; with GET they send our `SameSite=Lax` cookies.
 *
 * Accepts forms from any site, since the redirect changes nothing. Repeated parameters are kept: oidc-provider validates
 * them. Answers 413 to more than 6 KiB, 415 to another content type or encoding.
 */
export function postedRequests(): WebMiddleware {
  // As text: a form parser would change a repeated parameter, or one with brackets in its name.
  const read = bodyParser({
    enableTypes: ['text'],
    extendTypes: { text: ['application/x-www-form-urlencoded'] },
    textLimit: String(MAX_AUTHORIZATION_REQUEST),
  });
  return async (ctx, next) => {
    if (ctx.method !== 'POST' || !ADDRESSES.includes(ctx.path)) return next();
    ctx.state.route = ctx.path.slice(1);
    refuseEncodedBody(ctx);
    if (ctx.request.length !== 0 && ctx.is('urlencoded') === false) ctx.throw(415);
    await read(ctx, () => {
      const { body } = ctx.request;
      const query = new URLSearchParams(typeof body === 'string' ? body : '').toString();
      if (query.length > MAX_AUTHORIZATION_REQUEST) ctx.throw(413);
      seeOther(ctx, query === '' ? ctx.path : `${ctx.path}?${query}`);
      return Promise.resolve();
    });
  };
}
