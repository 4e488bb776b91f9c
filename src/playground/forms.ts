/** The forms that the playground accepts. */
import { bodyParser } from '@koa/bodyparser';
import type { Context, Middleware } from 'koa';
import { showNotice } from './site.ts';

/** Longer than any answer of an authorization, or form of the playground. */
const FORM_LIMIT = '32kb';

export const readForm: Middleware = bodyParser({ enableTypes: ['form'], formLimit: FORM_LIMIT });

/** The fields of the form that `readForm` has read. */
export function posted(ctx: Context): URLSearchParams {
  return new URLSearchParams(ctx.request.rawBody);
}

/**
 * Forms of other sites build, send and redeem nothing. The configured origin decides, not the request's Host, which another
 * site's DNS can choose. Programs other than browsers may send neither header.
 */
export function refuseOtherSites(home: string): Middleware {
  const own = new URL(home).origin;
  return async (ctx, next) => {
    const origin = ctx.get('origin');
    const site = ctx.get('sec-fetch-site');
    if ((origin !== '' && origin !== own) || !['', 'same-origin', 'none'].includes(site)) {
      showNotice(ctx, 403, 'This form is of another site', `Build the request at ${home}.`);
      return;
    }
    await next();
  };
}
