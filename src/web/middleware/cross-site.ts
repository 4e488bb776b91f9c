import type { Audit } from '../../audit/audit.ts';
import type { WebMiddleware } from '../context.ts';
import { isOurForm } from './form-body.ts';

/**
 * Refuses one of our forms if another site sent it, or if the request has neither `Sec-Fetch-Site` nor `Origin`: every
 * current browser sends at least one of them with a form. In addition the cookies are `SameSite=Lax`.
 *
 * The OpenID Connect endpoints are not checked: clients may send requests to them from other sites.
 */
export function crossSite(issuer: string, audit: Audit): WebMiddleware {
  const { origin } = new URL(issuer);
  return async (ctx, next) => {
    if (ctx.method === 'POST' && isOurForm(ctx.path)) {
      const site = ctx.get('Sec-Fetch-Site');
      const from = ctx.get('Origin');
      const silent = site === '' && from === '';
      if (silent || (site !== '' && site !== 'same-origin') || (from !== '' && from !== origin)) {
        audit.record({ event: 'cross_site_refused', address: ctx.ip });
        ctx.throw(403);
      }
    }
    await next();
  };
}
