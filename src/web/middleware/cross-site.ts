import type { Audit } from '../../audit/audit.ts';
import type { WebMiddleware } from '../context.ts';
import { isOurForm } from './form-body.ts';

/**
 * Refuses a form of ours that another site sent, and one that does not say where it comes from: every browser of today
 * sends at least one of the two headers with a form. The cookies are `SameSite=Lax` besides.
 *
 * OpenID Connect's own endpoints are not ours to guard: clients send to them from other sites rightly.
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
