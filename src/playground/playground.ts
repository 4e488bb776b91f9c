/**
 * A playground for developers: builds an authorization request, sends it, and shows request, answer, tokens and claims, with
 * the curl commands and the code of each step. It is a client of the login service by the public protocol alone.
 *
 *   form → POST runs → the request → POST send → the login service → callback → POST redeem → POST userinfo
 *
 * Runs are kept in memory and belong to one browser. The issuer is fixed: no form or answer chooses who is asked, or where a
 * browser is sent.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Router from '@koa/router';
import type { Context, Middleware, Next } from 'koa';
import type { Logger } from '../log/logger.ts';
import { addAnswerRoutes } from './answers.ts';
import { CLIENTS, createClientKey, registrationOf } from './clients.ts';
import { formPage } from './form-page.ts';
import { posted, readForm, refuseOtherSites } from './forms.ts';
import { createProtocol, reasonOf } from './protocol.ts';
import { runPage } from './run-page.ts';
import { createRuns, randomId, type Run } from './runs.ts';
import { settingsOf } from './settings.ts';
import { PATH, showNotice, showRun } from './site.ts';

export interface PlaygroundOptions {
  /** The only login service that is asked. */
  readonly issuer: string;
  /** The origin at which the playground is served, with a slash at its end. */
  readonly url: string;
  readonly log: Logger;
}

export interface Playground {
  readonly path: string;
  readonly respond: Middleware;
  /** Must be registered at the login service. */
  readonly clients: readonly ReturnType<typeof registrationOf>[];
}

const STYLE = readFileSync(join(import.meta.dirname, 'assets', 'playground.css'), 'utf8');
const COOKIE = 'playground_browser';

export function createPlayground({ issuer, url, log }: PlaygroundOptions): Playground {
  const home = `${url.replace(/\/$/, '')}${PATH}`;
  const redirectUri = `${home}/callback`;
  const key = createClientKey();
  const runs = createRuns(Date.now);
  const protocol = createProtocol({ issuer, redirectUri, key });
  const router = new Router({ prefix: PATH });
  const ownForms = refuseOtherSites(home);

  router.get('/', (ctx) => {
    const { settings, problems } = settingsOf(new URLSearchParams(ctx.querystring));
    ctx.body = formPage(settings, problems);
  });

  router.post('/runs', ownForms, readForm, async (ctx) => {
    const { settings, problems } = settingsOf(posted(ctx));
    if (Object.keys(problems).length > 0) {
      ctx.status = 422;
      ctx.body = formPage(settings, problems);
      return;
    }
    const owner = ctx.cookies.get(COOKIE) ?? randomId();
    // Lax, because the browser must send it when the login service redirects here.
    ctx.cookies.set(COOKIE, owner, { httpOnly: true, sameSite: 'lax', overwrite: true, path: PATH });
    const hint = settings.id_token_hint ? runs.lastIdToken(owner, settings.client) : undefined;
    const prepared = await protocol.prepare(settings, hint);
    const run = runs.add({
      ...prepared,
      owner,
      settings,
      exchanges: { request: [], tokens: [], userinfo: [] },
    });
    showRun(ctx, run);
  });

  router.get('/runs/:id', withRun, (ctx) => {
    ctx.body = runPage(runOf(ctx), { issuer, redirectUri });
  });

  router.post('/runs/:id/send', ownForms, withRun, async (ctx) => {
    const run = runOf(ctx);
    if (run.answer) {
      showRun(ctx, run);
      return;
    }
    run.exchanges.request.length = 0;
    await attempt(run, 'send', async () => {
      run.sent = await protocol.send(run);
    });
    if (run.problem !== undefined || !run.sent) {
      showRun(ctx, run);
      return;
    }
    ctx.status = 303;
    ctx.redirect(run.sent.address.href);
  });

  addAnswerRoutes(router, runs, ownForms);

  router.post('/runs/:id/redeem', ownForms, withRun, async (ctx) => {
    const run = runOf(ctx);
    if (run.answer && !run.answer.has('error') && run.redeemed !== true) {
      run.redeemed = true;
      await attempt(run, 'redeem', async () => {
        run.tokens = await protocol.redeem(run);
      });
    }
    showRun(ctx, run);
  });

  router.post('/runs/:id/userinfo', ownForms, withRun, async (ctx) => {
    const run = runOf(ctx);
    if (run.tokens && !run.userinfo) {
      run.exchanges.userinfo.length = 0;
      await attempt(run, 'userinfo', async () => {
        run.userinfo = await protocol.userinfo(run);
      });
    }
    showRun(ctx, run);
  });

  router.get('/playground.css', (ctx) => {
    ctx.set('Cache-Control', 'max-age=3600');
    ctx.type = 'css';
    ctx.body = STYLE;
  });

  return {
    path: PATH,
    respond: router.routes() as Middleware,
    clients: CLIENTS.map((client) => registrationOf(client, redirectUri, home, key)),
  };

  async function withRun(ctx: Context, next: Next): Promise<void> {
    const { id = '' } = ctx.params as { id?: string };
    const run = runs.find(id, ctx.cookies.get(COOKIE));
    if (!run) {
      showNotice(
        ctx,
        404,
        'There is no such request',
        'It was built in another browser, or more than an hour ago.',
      );
      return;
    }
    (ctx.state as { run?: Run }).run = run;
    await next();
  }

  async function attempt(run: Run, step: string, act: () => Promise<void>): Promise<void> {
    run.problem = undefined;
    try {
      await act();
    } catch (error) {
      run.problem = reasonOf(error);
      log.info({ event: 'playground_step_failed', step }, 'playground: a step failed');
    }
  }
}

function runOf(ctx: Context): Run {
  const { run } = ctx.state as { run?: Run };
  if (!run) throw new Error('the route has no run');
  return run;
}
