/**
 * The operator's page, on a port of its own:
 *
 *   request ─ host, headers ─▶ access.ts: token or session ─▶ overview.ts: figures, heartbeats, what expires ─▶ views/
 *                                                          └▶ story of a reference
 *
 * It reads the figures that the audit's writer keeps by hour, the heartbeats of all instances, and the two ends of the audit:
 * never the audit as a whole. It has no script, and shows no personal data but the pseudonyms of the audit.
 */
import { readFileSync } from 'node:fs';
import Koa from 'koa';
import { parseReference } from '../reference.ts';
import { storyOf } from '../story/story.ts';
import { createAccess } from './access.ts';
import type { OpsOptions } from './options.ts';
import { overviewOf } from './overview.ts';
import { createOpsRender } from './rendering.ts';

const HOUR = 3_600_000;

const POLICY =
  "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': POLICY,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/** How long before and after a time the events of a reference are looked for. */
const STORY_BEFORE = HOUR;
const STORY_AFTER = HOUR;

export function createOpsApp(options: OpsOptions): Koa {
  const { log, figures, now } = options;
  const access = createAccess(options);
  const render = createOpsRender();
  const style = readFileSync(new URL('ops.css', import.meta.url), 'utf8');
  const hosts = options.origins.map((origin) => new URL(origin).host);
  const app = new Koa();
  app.silent = true;

  app.use(async (ctx, next) => {
    ctx.set(HEADERS);
    try {
      // A page that a foreign name leads to could be read by the site of that name.
      if (!hosts.includes(ctx.host)) {
        fail(ctx, 421, 'This address is not one of the page: see OPS_URL.');
        return;
      }
      await next();
      if (ctx.status === 404) fail(ctx, 404, 'There is no such page.');
    } catch (error) {
      log.error({ event: 'ops_failed', err: error }, 'the operator’s page failed');
      if (options.isOutage(error))
        fail(
          ctx,
          503,
          'The figures cannot be read: the database does not answer as it should. The log has the reason.',
        );
      else fail(ctx, 500, 'This page failed by an error of Sild, and not of the database. The log has it.');
    }
  });

  app.use(async (ctx) => {
    if (ctx.path === '/ops.css' && isRead(ctx.method)) {
      ctx.type = 'css';
      ctx.body = style;
      return;
    }
    if (ctx.method === 'POST') {
      if (!isSameOrigin(ctx)) {
        fail(ctx, 403, 'This form came from another site.');
        return;
      }
      if (ctx.path === '/session') return beginSession(ctx);
      if (ctx.path === '/session/end') {
        endSession(ctx);
        return;
      }
      return;
    }
    if (!isRead(ctx.method)) return;
    const refusal = access.refusalOf(ctx);
    if (refusal !== undefined) {
      askForToken(ctx, refusal);
      return;
    }
    if (ctx.path === '/') return overview(ctx);
    if (ctx.path.startsWith('/story/')) return story(ctx);
  });
  return app;

  async function overview(ctx: Koa.Context): Promise<void> {
    const hours = ctx.query.hours === '168' ? 168 : 24;
    page(ctx, 'overview', await overviewOf(options, hours));
  }

  async function story(ctx: Koa.Context): Promise<void> {
    const reference = parseReference(ctx.path.slice('/story/'.length));
    const at = Number(ctx.query.at);
    if (reference === undefined || !Number.isSafeInteger(at) || at <= 0 || at > now() + HOUR) return;
    const rows = await figures.referred(reference, at - STORY_BEFORE, at + STORY_AFTER);
    if (rows.length === 0) return;
    page(ctx, 'story', { reference, lines: storyOf(rows).join('\n') });
  }

  async function beginSession(ctx: Koa.Context): Promise<void> {
    const token = await formToken(ctx);
    if (token === undefined) return;
    const result = access.begin(ctx, token);
    if (result === undefined) {
      redirectHome(ctx);
      return;
    }
    askForToken(ctx, result);
  }

  function endSession(ctx: Koa.Context): void {
    access.end(ctx);
    redirectHome(ctx);
  }

  function askForToken(ctx: Koa.Context, refusal: 'none' | 'wrong' | 'limited'): void {
    ctx.set('WWW-Authenticate', 'Bearer');
    page(ctx, 'token', { refusal });
    ctx.status = refusal === 'limited' ? 429 : 401;
  }

  function page(ctx: Koa.Context, name: string, model: object): void {
    ctx.type = 'html';
    ctx.body = render(name, { issuer: options.issuer, ...model });
  }

  function fail(ctx: Koa.Context, status: number, sentence: string): void {
    page(ctx, 'problem', { sentence });
    ctx.status = status;
  }

  function isSameOrigin(ctx: Koa.Context): boolean {
    const [site, from] = [ctx.get('Sec-Fetch-Site'), ctx.get('Origin')];
    if (site === '' && from === '') return false;
    // The host is one of the page's already. The scheme may differ behind a proxy.
    const isOurs = from === '' || (URL.canParse(from) && new URL(from).host === ctx.host);
    return isOurs && (site === '' || site === 'same-origin');
  }
}

function redirectHome(ctx: Koa.Context): void {
  ctx.status = 303;
  ctx.redirect('/');
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

const MAX_FORM_BYTES = 4_096;

/** The token of the form; empty if there is none, or the form is too long. Undefined: the form did not arrive completely. */
async function formToken(ctx: Koa.Context): Promise<string | undefined> {
  if (!ctx.is('application/x-www-form-urlencoded')) return '';
  let body = '';
  try {
    // Reads the form to its end: leaving the loop would close the connection before the answer.
    for await (const chunk of ctx.req.setEncoding('utf8') as AsyncIterable<string>) {
      if (body.length <= MAX_FORM_BYTES) body += chunk;
    }
  } catch {
    return undefined;
  }
  if (body.length > MAX_FORM_BYTES) return '';
  return new URLSearchParams(body).get('token')?.trim() ?? '';
}
