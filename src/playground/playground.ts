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
import { bodyParser } from '@koa/bodyparser';
import Router from '@koa/router';
import type { Context, Middleware, Next } from 'koa';
import type { Logger } from '../log/logger.ts';
import { html, type Html } from '../sample-app/html.ts';
import { CLIENTS, createClientKey, registrationOf } from './clients.ts';
import { formPage } from './form-page.ts';
import { createProtocol, reasonOf } from './protocol.ts';
import { runPage } from './run-page.ts';
import { createRuns, randomId, type Run } from './runs.ts';
import { settingsOf } from './settings.ts';
import { PATH, playgroundPage } from './site.ts';

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

/** Longer than any answer of an authorization, or form of the playground. */
const FORM_LIMIT = '32kb';

export function createPlayground({ issuer, url, log }: PlaygroundOptions): Playground {
  const home = `${url.replace(/\/$/, '')}${PATH}`;
  const redirectUri = `${home}/callback`;
  const key = createClientKey();
  const runs = createRuns(Date.now);
  const protocol = createProtocol({ issuer, redirectUri, key });
  const router = new Router({ prefix: PATH });
  const ownForms = refuseOtherSites(home);
  const form = bodyParser({ enableTypes: ['form'], formLimit: FORM_LIMIT });

  router.get('/', (ctx) => {
    const { settings, problems } = settingsOf(new URLSearchParams(ctx.querystring));
    ctx.body = formPage(settings, problems);
  });

  router.post('/runs', ownForms, form, async (ctx) => {
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
    show(ctx, run);
  });

  router.get('/runs/:id', withRun, (ctx) => {
    ctx.body = runPage(runOf(ctx), { issuer, redirectUri });
  });

  router.post('/runs/:id/send', ownForms, withRun, async (ctx) => {
    const run = runOf(ctx);
    if (run.answer) {
      show(ctx, run);
      return;
    }
    run.exchanges.request.length = 0;
    await attempt(run, 'send', async () => {
      run.sent = await protocol.send(run);
    });
    if (run.problem !== undefined || !run.sent) {
      show(ctx, run);
      return;
    }
    ctx.status = 303;
    ctx.redirect(run.sent.address.href);
  });

  router.get('/callback', (ctx) => {
    const answer = new URLSearchParams(ctx.querystring);
    if (answer.size === 0) ctx.body = fragmentPage(false);
    else take(ctx, answer);
  });

  // The answer by form_post comes from the login service's page. Whose it is, its `state` says.
  router.post('/callback', form, (ctx) => {
    take(ctx, posted(ctx));
  });

  router.post('/fragment', ownForms, form, (ctx) => {
    const address = URL.parse(posted(ctx).get('address') ?? '');
    const answer = new URLSearchParams(address?.hash.slice(1));
    if (runs.findByState(answer.get('state') ?? '')) {
      take(ctx, answer);
    } else {
      ctx.status = 422;
      ctx.body = fragmentPage(true);
    }
  });

  router.post('/runs/:id/redeem', ownForms, withRun, async (ctx) => {
    const run = runOf(ctx);
    if (run.answer && !run.answer.has('error') && run.redeemed !== true) {
      run.redeemed = true;
      await attempt(run, 'redeem', async () => {
        run.tokens = await protocol.redeem(run);
      });
    }
    show(ctx, run);
  });

  router.post('/runs/:id/userinfo', ownForms, withRun, async (ctx) => {
    const run = runOf(ctx);
    if (run.tokens && !run.userinfo) {
      run.exchanges.userinfo.length = 0;
      await attempt(run, 'userinfo', async () => {
        run.userinfo = await protocol.userinfo(run);
      });
    }
    show(ctx, run);
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

  /** Stores the answer with its run, once, and goes to the run, which opens in its own browser only. */
  function take(ctx: Context, answer: URLSearchParams): void {
    const run = runs.findByState(answer.get('state') ?? '');
    if (!run?.sent) {
      missing(ctx, 'This answer is not expected', 'It answers no request of the last hour.');
      return;
    }
    run.answer ??= answer;
    run.problem = undefined;
    show(ctx, run);
  }

  async function withRun(ctx: Context, next: Next): Promise<void> {
    const { id = '' } = ctx.params as { id?: string };
    const run = runs.find(id, ctx.cookies.get(COOKIE));
    if (!run) {
      missing(ctx, 'There is no such request', 'It was built in another browser, or more than an hour ago.');
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

function show(ctx: Context, run: Run): void {
  ctx.status = 303;
  ctx.redirect(`${PATH}/runs/${run.id}`);
}

function posted(ctx: Context): URLSearchParams {
  return new URLSearchParams(ctx.request.rawBody);
}

/**
 * Forms of other sites build, send and redeem nothing. The configured origin decides, not the request's Host, which another
 * site's DNS can choose. Programs other than browsers may send neither header.
 */
function refuseOtherSites(home: string): Middleware {
  const own = new URL(home).origin;
  return async (ctx, next) => {
    const origin = ctx.get('origin');
    const site = ctx.get('sec-fetch-site');
    if ((origin !== '' && origin !== own) || !['', 'same-origin', 'none'].includes(site)) {
      missing(ctx, 'This form is of another site', `Build the request at ${home}.`, 403);
      return;
    }
    await next();
  };
}

function missing(ctx: Context, title: string, text: string, status = 404): void {
  ctx.status = status;
  ctx.body = notice(title, html`<p>${text}</p>`);
}

function notice(title: string, content: Html): string {
  return playgroundPage(
    title,
    html`<h1>${title}</h1>
      ${content}
      <p><a class="button" href="${PATH}">Build a request</a></p>`,
  );
}

/** With `response_mode=fragment` the answer stays in the browser's address: the person brings it. */
function fragmentPage(isWrong: boolean): string {
  const title = 'Bring the answer';
  return playgroundPage(
    isWrong ? `Problem: ${title}` : title,
    html`<h1>${title}</h1>
      <p>
        With <code>response_mode=fragment</code> the answer is behind the # of this page’s address, which no
        server sees. In an application a script reads it. Here, copy the whole address into the field.
      </p>
      <form method="post" action="${PATH}/fragment">
        <div class="field">
          <label for="address">Address of this page</label>
          ${isWrong ? html`<p class="wrong" id="address-problem">It has no answer to a request of the last hour.</p>` : ''}
          <input
            name="address"
            id="address"
            autocomplete="off"
            spellcheck="false"
            ${isWrong ? html`aria-invalid="true" aria-describedby="address-problem"` : ''}
          />
        </div>
        <button class="button">Show the answer</button>
      </form>`,
  );
}
