/**
 * The web app on a real port, over a login and interactions that a test moves by hand: `web.login.answer(…)` is the
 * person's phone.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLogger } from '../../src/log/logger.ts';
import type { Attempt, WaitingAttempt } from '../../src/login/attempt.ts';
import type { Login, LoginRequest } from '../../src/login/login.ts';
import type { LoginResult } from '../../src/login/login-result.ts';
import type { LoginInteraction, LoginInteractions } from '../../src/oidc/login-interaction.ts';
import type { FailureCode } from '../../src/smart-id/outcome.ts';
import { createWebApp, type WebAppOptions } from '../../src/web/app.ts';

export const UID = 'V1StGXR8_Z5jdHi6B-myT';
export const CODE = '7180';
export const PERSONAL_CODE = '40504040001';
export const COOKIE = `_interaction=${UID}`;

/** A fake long poll lasts this part of the time that was asked for. */
const HASTE = 100;

const session: WaitingAttempt['session'] = {
  sessionId: 'session-that-no-browser-sees',
  schemeName: 'smart-id-demo',
  relyingPartyName: 'DEMO',
  rpChallenge: 'challenge-that-no-browser-sees',
  hashAlgorithm: 'SHA-512',
  certificateLevel: 'QUALIFIED',
  interactions: 'W10=',
  flows: ['Notification'],
};

export const result: LoginResult = {
  person: {
    semanticsIdentifier: `PNOEE-${PERSONAL_CODE}`,
    identityType: 'PNO',
    identityCountry: 'EE',
    identityNumber: PERSONAL_CODE,
    givenName: 'OK',
    surname: 'TESTNUMBER',
  },
  certificateLevel: 'QUALIFIED',
  documentNumber: `PNOEE-${PERSONAL_CODE}-DEMO-Q`,
  flow: 'notification',
  authenticatedAt: 1_700_000_000,
};

export type FakeLogin = ReturnType<typeof createFakeLogin>;

/** Attempts in memory, with the transitions that the web may see. */
export function createFakeLogin(now: () => number) {
  const attempts = new Map<string, Attempt>();
  const watchers = new Set<() => void>();
  const begun: LoginRequest[] = [];
  const looks: number[] = [];
  let pushes = 0;

  const put = (attempt: Attempt): Attempt => {
    attempts.set(attempt.interactionUid, attempt);
    for (const wake of watchers) wake();
    return attempt;
  };
  const base = (uid = UID, identifier = `PNOEE-${PERSONAL_CODE}`) => ({
    id: 'f0a3c1de-0000-4000-8000-000000000001',
    interactionUid: uid,
    clientId: 'sample-app',
    createdAt: now(),
    identifier,
  });
  const change = (waitMs: number, signal: AbortSignal | undefined) =>
    new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        watchers.delete(done);
        resolve();
      };
      const timer = setTimeout(done, waitMs / HASTE);
      watchers.add(done);
      signal?.addEventListener('abort', done);
    });

  const login: Login = {
    async begin(request) {
      begun.push(request);
      const live = attempts.get(request.interactionUid);
      if (live && ['pending', 'starting', 'waiting', 'authenticated'].includes(live.state)) return live;
      return put({
        ...base(request.interactionUid, request.identifier),
        state: 'pending',
        codeFirst: request.codeFirst,
        startAt: now() + (request.codeFirst ? 3_000 : 0),
        prepared: { session, verificationCode: CODE },
      });
    },
    async current(uid) {
      return attempts.get(uid);
    },
    async advance(attempt, waitMs, signal) {
      if (attempt.state === 'pending' && now() >= attempt.startAt) {
        pushes += 1;
        return put(waiting(attempt.interactionUid));
      }
      if (attempt.state === 'waiting') {
        looks.push(waitMs);
        await change(waitMs, signal);
      }
      return attempts.get(attempt.interactionUid) ?? attempt;
    },
    async cancel(attempt) {
      return put({ ...base(attempt.interactionUid), state: 'cancelled' });
    },
    async finish(attempt) {
      if (attempts.get(attempt.interactionUid)?.state !== 'authenticated') return false;
      put({ ...base(attempt.interactionUid), state: 'finished' });
      return true;
    },
  };

  function waiting(uid = UID): WaitingAttempt {
    return { ...base(uid), state: 'waiting', session, verificationCode: CODE, answerBy: now() + 90_000 };
  }

  return {
    ...login,
    begun,
    looks,
    pushes: () => pushes,
    watchers: () => watchers.size,
    put,
    wait: () => put(waiting()),
    sending: () =>
      put({
        ...base(),
        state: 'starting',
        startedAt: now(),
        codeFirst: false,
        prepared: { session, verificationCode: CODE },
      }),
    answer: () => put({ ...base(), state: 'authenticated', result }),
    finished: () => put({ ...base(), state: 'finished' }),
    fail: (code: FailureCode) =>
      put({ ...base(), state: 'failed', failure: { code, detail: 'detail for the log' } }),
    state: () => attempts.get(UID)?.state,
  };
}

export interface WebOptions {
  readonly client?: LoginInteraction['client'];
  readonly environment?: WebAppOptions['environment'];
  readonly issuer?: string;
  readonly simulatorPhoneUrl?: string;
  readonly draining?: () => boolean;
  readonly ready?: () => Promise<void>;
  readonly oidc?: (req: IncomingMessage, res: ServerResponse) => unknown;
  readonly trustProxy?: boolean;
  readonly change?: { login?: Partial<Login>; interactions?: Partial<LoginInteractions> };
}

export type WebUnderTest = Awaited<ReturnType<typeof startWeb>>;

export async function startWeb(options: WebOptions = {}) {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const address = `http://localhost:${(server.address() as AddressInfo).port}`;
  const issuer = options.issuer ?? address;

  const clock = { ms: 1_700_000_000_000 };
  const now = () => clock.ms;
  const login = createFakeLogin(now);
  const completed: LoginResult[] = [];
  const aborted: string[] = [];
  const interactions: LoginInteractions = {
    async find(req) {
      const uid = /_interaction=([\w-]+)/.exec(req.headers.cookie ?? '')?.[1];
      const client = options.client ?? { id: 'sample-app', name: 'Sample app', uri: undefined };
      return uid === undefined ? undefined : { uid, client, uiLocales: [], continueAt: `/authorize/${uid}` };
    },
    async complete(_req, _res, loginResult) {
      completed.push(loginResult);
      return `${issuer}/authorize/${UID}`;
    },
    async abort(_req, _res, description) {
      aborted.push(description);
      return `${issuer}/authorize/${UID}`;
    },
  };
  const lines: string[] = [];
  const app = createWebApp({
    issuer,
    environment: options.environment ?? 'demo',
    trustProxy: options.trustProxy ?? false,
    login: { ...login, ...options.change?.login },
    interactions: { ...interactions, ...options.change?.interactions },
    oidc: options.oidc ?? bareNotFound,
    ready: options.ready ?? (() => Promise.resolve()),
    log: createLogger({ level: 'debug', destination: { write: (line) => void lines.push(line) } }),
    draining: options.draining ?? (() => false),
    now,
    ...(options.simulatorPhoneUrl === undefined ? {} : { simulatorPhoneUrl: options.simulatorPhoneUrl }),
  });
  const handle = app.callback();
  server.on('request', (req, res) => void handle(req, res));

  return { address, issuer, clock, login, completed, aborted, lines, get, post, close: () => close(server) };

  function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> {
    return fetch(address + path, {
      method,
      redirect: 'manual',
      headers: { accept: 'text/html', cookie: COOKIE, ...headers },
    });
  }

  function post(
    path: string,
    fields: Record<string, string> = {},
    headers: Record<string, string> = {},
  ): Promise<Response> {
    return fetch(address + path, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        accept: 'text/html',
        cookie: COOKIE,
        origin: issuer,
        'sec-fetch-site': 'same-origin',
        ...headers,
      },
      body: new URLSearchParams(fields),
    });
  }
}

/** What oidc-provider, a Koa app, does with an address that it does not know. */
function bareNotFound(_req: IncomingMessage, res: ServerResponse): void {
  res.statusCode = 404;
  res.setHeader('Content-Type', 'text/plain; charset=utf-8');
  res.setHeader('Content-Length', '9');
  res.end('Not Found');
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve();
    });
    server.closeAllConnections();
  });
}

/** What a person reads on a page, white space collapsed. */
export function textOf(html: string): string {
  return html
    .replace(/<head>.*?<\/head>/s, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim();
}

/** The page's one first heading. */
export function headingOf(html: string): string | undefined {
  return textOf(/<h1[^>]*>(.*?)<\/h1>/s.exec(html)?.[1] ?? '');
}

/** Waits for something to become true, at most five seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const limit = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > limit) throw new Error('the condition did not come true');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
