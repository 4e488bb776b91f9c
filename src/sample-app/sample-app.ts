/**
 * A small web app that logs in its visitors with OpenID Connect: an example with openid-client and Koa.
 *
 *   / → /login → the login service → /callback → / with the claims → /logout → the login service → /
 *
 * relying-party.ts implements OpenID Connect, visits.ts stores browser sessions, pages.ts renders HTML.
 * It is a sample: visits are stored in memory, so they end with the process and are not shared between processes.
 */
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Router from '@koa/router';
import Koa, { type Context, type Middleware } from 'koa';
import type { Logger } from '../log/logger.ts';
import { claimsPage, problemPage, welcomePage } from './pages.ts';
import { problemOf, type Problem } from './problem.ts';
import { createRelyingParty, type RelyingParty } from './relying-party.ts';
import { createVisits } from './visits.ts';

export interface SampleAppOptions {
  /** 0: any free port. */
  readonly port: number;
  /** `localhost` by default. */
  readonly host?: string;
  /** The login service. It is first contacted at the first login, so it may start later. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly log: Logger;
  /** What answers at its path on the same port, with the same headers; none by default. */
  readonly playground?: { readonly path: string; readonly respond: Middleware } | undefined;
}

export interface SampleApp {
  readonly port: number;
  readonly url: string;
  /** Must be registered for the client at the login service. */
  readonly redirectUri: string;
  close(): Promise<void>;
}

const STYLE = readFileSync(join(import.meta.dirname, 'assets', 'sample-app.css'), 'utf8');
const ICON = readFileSync(join(import.meta.dirname, 'assets', 'icon.svg'), 'utf8');
const COOKIE = 'sample_app_visit';

/** @throws the system's error (`EADDRINUSE`, …) if it cannot listen on the port */
export async function startSampleApp(options: SampleAppOptions): Promise<SampleApp> {
  const server = createServer();
  await listen(server, options.port, options.host ?? 'localhost');
  const { port } = server.address() as AddressInfo;
  const url = `http://localhost:${port}/`;
  const redirectUri = `${url}callback`;
  const relyingParty = createRelyingParty({ ...options, redirectUri, postLogoutRedirectUri: url });
  const respond = createApp(relyingParty, options).callback();
  server.on('request', (request, response) => void respond(request, response));
  return { port, url, redirectUri, close: () => close(server) };
}

function createApp(relyingParty: RelyingParty, { issuer, log, playground }: SampleAppOptions): Koa {
  const visits = createVisits(Date.now);
  const router = new Router();

  router.get('/', (ctx) => {
    const { visitor } = visits.find(ctx.cookies.get(COOKIE)) ?? {};
    ctx.body = visitor ? claimsPage(visitor) : welcomePage(playground?.path);
  });

  router.get('/login', async (ctx) => {
    const { address, pending } = await relyingParty.beginLogin();
    const visit = visits.findOrCreate(ctx.cookies.get(COOKIE));
    visits.addLogin(visit, pending);
    setCookie(ctx, visit.id);
    ctx.redirect(address.href);
  });

  router.get('/callback', async (ctx) => {
    const visit = visits.find(ctx.cookies.get(COOKIE));
    const pending = visit && visits.takeLogin(visit, ctx.query.state);
    if (!visit || !pending) {
      // Reload and the back button repeat this request after a successful login.
      if (visit?.visitor) ctx.redirect('/');
      else show(ctx, { kind: 'not_expected' });
      return;
    }
    const visitor = await relyingParty.completeLogin(ctx.querystring, pending);
    // A new ID after login prevents session fixation: an ID that an attacker planted in this browser stays logged out.
    setCookie(ctx, visits.logIn(visit, visitor).id);
    log.info({ event: 'sample_app_login' }, 'sample app: somebody logged in');
    ctx.redirect('/');
  });

  router.post('/logout', async (ctx) => {
    const visit = visits.find(ctx.cookies.get(COOKIE));
    if (visit) visits.remove(visit);
    ctx.cookies.set(COOKIE, null);
    ctx.status = 303;
    ctx.redirect(visit?.visitor ? (await relyingParty.logoutAddress()).href : '/');
  });

  router.get('/sample-app.css', (ctx) => {
    ctx.set('Cache-Control', 'max-age=3600');
    ctx.type = 'css';
    ctx.body = STYLE;
  });

  router.get('/icon.svg', (ctx) => {
    ctx.set('Cache-Control', 'max-age=3600');
    ctx.type = 'svg';
    ctx.body = ICON;
  });

  const app = new Koa();
  app.on('error', (error: unknown) => {
    log.warn({ event: 'sample_app_request_failed', error }, 'sample app: a request failed');
  });
  app.use(async (ctx, next) => {
    ctx.set({
      // Browsers apply form-action to redirects too, and logging out redirects to the login service.
      'Content-Security-Policy': `default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' ${new URL(issuer).origin}; base-uri 'none'; frame-ancestors 'none'`,
      'X-Content-Type-Options': 'nosniff',
      'Referrer-Policy': 'same-origin',
      'Cache-Control': 'no-store',
    });
    try {
      await next();
      if (ctx.status === 404 && ctx.body === undefined) show(ctx, { kind: 'no_such_page' });
    } catch (error) {
      const problem = problemOf(error);
      log.info({ event: 'sample_app_login_failed', problem: problem.kind }, 'sample app: a login failed');
      if (problem.kind === 'unexpected') ctx.app.emit('error', error, ctx);
      show(ctx, problem);
    }
  });
  if (playground) app.use(playground.respond);
  app.use(router.routes()).use(router.allowedMethods());
  return app;
}

const STATUS = {
  cancelled: 200,
  refused: 403,
  not_expected: 400,
  no_such_page: 404,
  unreachable: 503,
  unexpected: 500,
} as const satisfies Record<Problem['kind'], number>;

function show(ctx: Context, problem: Problem): void {
  ctx.status = STATUS[problem.kind];
  ctx.body = problemPage(problem);
}

/** Lax, because the browser must send it when the login service redirects here. An app on https adds `secure: true`. */
function setCookie(ctx: Context, id: string): void {
  ctx.cookies.set(COOKIE, id, { httpOnly: true, sameSite: 'lax', overwrite: true });
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeIdleConnections();
  });
}
