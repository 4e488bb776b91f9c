import { bodyParser } from '@koa/bodyparser';
import type { WebMiddleware } from '../context.ts';

const LIMIT = '4kb';

/** Reads the body of our own forms, of at most 4 KiB: answers 413 to more, 415 to anything but a form as it is. */
export function formBody(): WebMiddleware {
  const parse = bodyParser({ enableTypes: ['form'], formLimit: LIMIT });
  return async (ctx, next) => {
    // oidc-provider reads its own bodies, with its own limit.
    if (!isOurForm(ctx.path) || ctx.method !== 'POST') return next();
    // No browser compresses a form. The parser would unpack some encodings, and throws what is no HTTP error at the others.
    if (!['', 'identity'].includes(ctx.get('Content-Encoding'))) ctx.throw(415);
    if (ctx.request.length !== 0 && !ctx.is('urlencoded')) ctx.throw(415);
    await parse(ctx, next);
  };
}

/** Whether a form sent to this address is one of our pages' own, and not OpenID Connect's. */
export function isOurForm(path: string): boolean {
  return path.startsWith('/login/') || path.startsWith('/browser/');
}
