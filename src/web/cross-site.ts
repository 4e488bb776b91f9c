import type { WebMiddleware } from './context.ts';
import { isOurForm } from './form-body.ts';

/**
 * Refuses a form of ours that another site sent. The interaction's cookie is `SameSite=Lax` besides, so that such a form
 * would not find a login anyway; a request with neither header comes from no current browser and has that check left.
 *
 * OpenID Connect's own endpoints are not ours to guard: clients send to them from other sites rightly.
 */
export function crossSite(issuer: string): WebMiddleware {
  const { origin } = new URL(issuer);
  return async (ctx, next) => {
    if (ctx.method === 'POST' && isOurForm(ctx.path)) {
      const site = ctx.get('Sec-Fetch-Site');
      const from = ctx.get('Origin');
      if ((site !== '' && site !== 'same-origin') || (from !== '' && from !== origin)) ctx.throw(403);
    }
    await next();
  };
}
