import { bodyParser } from '@koa/bodyparser';
import { ENDPOINTS } from '../../oidc/provider/protocol.ts';
import { seeOther, type WebMiddleware } from '../context.ts';

/** What both the form and the address that comes of it may have: a request that a browser can also send by GET. */
const LIMIT = 8 * 1024;
const ADDRESSES: readonly string[] = [ENDPOINTS.authorization, ENDPOINTS.end_session];

/**
 * Sends the browser on from an authorization or logout request that it has posted to the same one by GET. Clients may use
 * either. (OpenID Connect Core 3.1.2.1, RP-Initiated Logout 2) oidc-provider's own way wants cookies that other sites' forms
 * carry; by GET ours come along (`SameSite=Lax`).
 *
 * From any site, since nothing is done here. Every parameter goes along as often as it came: what is wrong with it is for
 * oidc-provider to say. Answers 413 to more than 8 KiB, 415 to anything but a form.
 */
export function postedRequests(): WebMiddleware {
  // As text: a parser of forms would make something else of a parameter that comes twice, or has brackets in its name.
  const read = bodyParser({
    enableTypes: ['text'],
    extendTypes: { text: ['application/x-www-form-urlencoded'] },
    textLimit: String(LIMIT),
  });
  return async (ctx, next) => {
    if (ctx.method !== 'POST' || !ADDRESSES.includes(ctx.path)) return next();
    ctx.state.route = ctx.path.slice(1);
    if (ctx.request.length !== 0 && ctx.is('urlencoded') === false) ctx.throw(415);
    await read(ctx, () => {
      const { body } = ctx.request;
      const query = new URLSearchParams(typeof body === 'string' ? body : '').toString();
      if (query.length > LIMIT) ctx.throw(413);
      seeOther(ctx, query === '' ? ctx.path : `${ctx.path}?${query}`);
      return Promise.resolve();
    });
  };
}
