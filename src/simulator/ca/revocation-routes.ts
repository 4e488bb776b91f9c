/**
 * The settings for revoked certificates and for the behaviour of OCSP responders and CRLs: a page for people, JSON for
 * programs.
 *
 *   GET  /revocation            the page, or JSON if the client accepts only that
 *   POST /revocation            { "ocsp"?, "crl"?, "revoked"? } replaces these settings and returns all of them
 */
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { refuseOtherSites, securityHeaders } from '../page-security.ts';
import { invalid, Problem } from '../problem.ts';
import { errorDetail } from '../request-members.ts';
import { BEHAVIOURS, MAX_REVOKED, type Revocation } from './revocation.ts';
import { revocationPage, type RevocationView } from './revocation-page.ts';

const body = bodyParser({ enableTypes: ['json', 'form'], jsonLimit: '64kb', formLimit: '64kb' });
const form = z.object({ ocsp: z.enum(BEHAVIOURS), crl: z.enum(BEHAVIOURS), revoked: z.string() });
/** The number of characters of a wrong line that the error quotes. */
const QUOTED_LENGTH = 40;

export function revocationRoutes(revocation: Revocation): Router {
  const router = new Router();
  const show = (ctx: Context, changes: Partial<RevocationView>) => {
    const { revoked, ...behaviours } = revocation.settings;
    ctx.type = 'text/html';
    ctx.body = revocationPage({
      ...behaviours,
      revoked: revoked.join('\n'),
      changed: false,
      error: undefined,
      ...changes,
    }).text;
  };

  router.get('/revocation', (ctx) => {
    ctx.set(securityHeaders());
    if (ctx.accepts('html', 'json') === 'json') {
      ctx.body = revocation.settings;
      return;
    }
    show(ctx, { changed: ctx.query.changed !== undefined });
  });

  router.post('/revocation', refuseOtherSites, body, (ctx) => {
    ctx.set(securityHeaders());
    if (ctx.is('application/json')) {
      const changes = revocation.changes.safeParse(ctx.request.body);
      if (!changes.success)
        throw invalid(changes.error.issues.map(({ path, message }) => errorDetail(path, message)));
      revocation.change(changes.data);
      ctx.body = revocation.settings;
      return;
    }
    if (!ctx.is('application/x-www-form-urlencoded')) throw new Problem(415);
    const typed = form.safeParse(ctx.request.body).data;
    const error = typed
      ? errorIn(typed.revoked, (name) => revocation.isHolder(name))
      : 'That was not the form of this page.';
    if (!typed || error !== undefined) {
      ctx.status = 422;
      show(ctx, { ...typed, error });
      return;
    }
    revocation.change({ ...typed, revoked: linesOf(typed.revoked) });
    ctx.status = 303;
    ctx.redirect('/revocation?changed');
  });
  return router;
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The first error in the typed lines, with its line number. */
function errorIn(text: string, isHolder: (name: string) => boolean): string | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const wrong = lines.findIndex((line) => line !== '' && !isHolder(line));
  const line = lines[wrong];
  if (line !== undefined) {
    const quoted = line.length > QUOTED_LENGTH ? `${line.slice(0, QUOTED_LENGTH)}…` : line;
    return `Line ${wrong + 1}, “${quoted}”, is no account.`;
  }
  return linesOf(text).length > MAX_REVOKED ? `There are more than ${MAX_REVOKED} lines.` : undefined;
}
