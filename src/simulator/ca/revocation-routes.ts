/**
 * Where a developer tells the simulator which certificates are revoked, and how those who say so behave: a page for
 * people, JSON for programs.
 *
 *   GET  /revocation            the page; as JSON to who accepts only that
 *   POST /revocation            { "ocsp"?, "crl"?, "revoked"? }, each as it is to be from now on, answered with all of it
 */
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { refuseOtherSites, securityHeaders } from '../page-security.ts';
import { invalid, Problem } from '../problem.ts';
import { errorDetail } from '../request-members.ts';
import { BEHAVIOURS, isHolder, MOST_REVOKED, type Revocation, revocationChanges } from './revocation.ts';
import { revocationPage, type RevocationView } from './revocation-page.ts';

const body = bodyParser({ enableTypes: ['json', 'form'], jsonLimit: '64kb', formLimit: '64kb' });
const form = z.object({ ocsp: z.enum(BEHAVIOURS), crl: z.enum(BEHAVIOURS), revoked: z.string() });
/** Of a line that is no account, so much is told. */
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
      const changes = revocationChanges.safeParse(ctx.request.body);
      if (!changes.success)
        throw invalid(changes.error.issues.map(({ path, message }) => errorDetail(path, message)));
      revocation.change(changes.data);
      ctx.body = revocation.settings;
      return;
    }
    if (!ctx.is('application/x-www-form-urlencoded')) throw new Problem(415);
    const typed = form.safeParse(ctx.request.body).data;
    const error = typed ? errorIn(typed.revoked) : 'That was not the form of this page.';
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

/** What to correct in the lines, by the number that it has where it was typed. */
function errorIn(text: string): string | undefined {
  const lines = text.split('\n').map((line) => line.trim());
  const wrong = lines.findIndex((line) => line !== '' && !isHolder(line));
  const line = lines[wrong];
  if (line !== undefined) {
    const quoted = line.length > QUOTED_LENGTH ? `${line.slice(0, QUOTED_LENGTH)}…` : line;
    return `Line ${wrong + 1}, “${quoted}”, is no account.`;
  }
  return linesOf(text).length > MOST_REVOKED ? `There are more than ${MOST_REVOKED} lines.` : undefined;
}
