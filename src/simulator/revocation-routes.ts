/**
 * Where a developer tells the simulator which certificates are revoked, and how those who say so behave: a page for
 * people, JSON for programs.
 *
 *   GET  /revocation            the page; as JSON to who accepts only that
 *   POST /revocation            { "ocsp"?, "crl"?, "revoked"? }, each as it is to be from now on, answered with all of it
 */
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import { z } from 'zod';
import { refuseOtherSites, securityHeaders } from './page-security.ts';
import { invalid, Problem } from './problem.ts';
import { errorDetail } from './request-members.ts';
import { type Revocation, revocationChanges } from './revocation.ts';
import { revocationPage } from './revocation-page.ts';

const body = bodyParser({ enableTypes: ['json', 'form'], jsonLimit: '64kb', formLimit: '64kb' });
/** The form has a line for each holder. */
const form = z.object({
  ocsp: z.string(),
  crl: z.string(),
  revoked: z.string().transform((lines) => lines.split(/\s+/).filter((line) => line !== '')),
});

export function revocationRoutes(revocation: Revocation): Router {
  const router = new Router();

  router.get('/revocation', (ctx) => {
    ctx.set(securityHeaders());
    if (ctx.accepts('html', 'json') === 'json') {
      ctx.body = revocation.settings;
      return;
    }
    ctx.type = 'text/html';
    ctx.body = revocationPage(
      revocation.settings,
      ctx.query.changed === undefined ? undefined : 'changed',
    ).text;
  });

  router.post('/revocation', refuseOtherSites, body, (ctx) => {
    ctx.set(securityHeaders());
    if (ctx.is('application/json')) {
      const changes = revocationChanges.safeParse(ctx.request.body);
      if (!changes.success)
        throw invalid(changes.error.issues.map(({ path, message }) => errorDetail(path, message)));
      revocation.change(changes.data);
      ctx.body = revocation.settings;
      return;
    }
    if (!ctx.is('application/x-www-form-urlencoded')) throw new Problem(415);
    const changes = revocationChanges.safeParse(form.safeParse(ctx.request.body).data);
    if (!changes.success) {
      ctx.status = 422;
      ctx.type = 'text/html';
      ctx.body = revocationPage(revocation.settings, 'refused').text;
      return;
    }
    revocation.change(changes.data);
    ctx.status = 303;
    ctx.redirect('/revocation?changed');
  });
  return router;
}
