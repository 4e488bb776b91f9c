import { bodyParser } from '@koa/bodyparser';
import type { WebContext, WebMiddleware } from '../context.ts';

const LIMIT = '4kb';

/** Parses the body of our own forms, up to 4 KiB. Answers 413 to a larger one, 415 to another content type or encoding. */
export function formBody(): WebMiddleware {
  const parse = bodyParser({ enableTypes: ['form'], formLimit: LIMIT });
  return async (ctx, next) => {
    // oidc-provider parses the bodies of its endpoints, with its own limit.
    if (!isOurForm(ctx.path) || ctx.method !== 'POST') return next();
    refuseEncodedBody(ctx);
    if (ctx.request.length !== 0 && !ctx.is('urlencoded')) ctx.throw(415);
    await parse(ctx, next);
  };
}

/**
 * Answers 415 to a compressed body: no browser compresses a form. The parser would decode some encodings, and throws an error without a
 * status for a body that is not encoded as it says.
 */
export function refuseEncodedBody(ctx: WebContext): void {
  if (!['', 'identity'].includes(ctx.get('Content-Encoding'))) ctx.throw(415);
}

/** Whether this address receives forms of our own pages. The OpenID Connect endpoints do not belong to these. */
export function isOurForm(path: string): boolean {
  return path.startsWith('/login/') || path.startsWith('/browser/') || path.startsWith('/me/');
}
