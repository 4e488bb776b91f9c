/**
 * The web app on a real port, with a fake login and fake interactions that a test controls: `web.login.answer(…)` is the
 * answer of the person's phone.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import Koa from 'koa';
import { createLogger } from '../../src/log/logger.ts';
import type { ClientRefusal } from '../../src/login/client-refusal.ts';
import type { Login } from '../../src/login/login.ts';
import type { KnownBrowserStore } from '../../src/login/known-browser-store.ts';
import type { LoginResult } from '../../src/login/login-result.ts';
import { COUNTRIES } from '../../src/identity/countries/rules.ts';
import type { LoginInteraction, LoginInteractions } from '../../src/oidc/interaction/login-interaction.ts';
import { createSecrets } from '../../src/secrets/secrets.ts';
import { createTestAudit } from '../support/outputs/audit.ts';
import { createWebApp, type WebAppOptions } from '../../src/web/app.ts';
import { loadPages } from '../../src/web/pages/load-pages.ts';
import type { PageOptions } from '../../src/web/pages/pages.ts';
import { createFakeLogin, type LinkSession, UID } from './fake-login.ts';
import { createFakeKnownBrowsers, joinedWritesOf } from './fake-stores.ts';

export { CALLBACK_VALUE, CODE, PERSONAL_CODE, result, UID } from './fake-login.ts';

/** Token of a known browser. */
export const TOKEN = 'k'.repeat(43);
/** Token of a browser that becomes known. */
export const NEW_TOKEN = 'n'.repeat(43);
export const COOKIE = `_interaction=${UID}`;
/** Cookie of the browser that began the interaction, for addresses without an interaction. */
export const BEGUN = `_begun=${UID}`;
export const SECRET_KEY = 'of-no-other-use-than-in-these-tests';

export const SECRETS = ['session-that-no', 'challenge-that-no', 'secret-that-no', 'value-that-no'] as const;

export const AWAY = new Error('the database is away');

export interface WebOptions {
  readonly offered?: Partial<LoginInteraction['settings']['offered']>;
  readonly relyingParty?: LoginInteraction['settings']['relyingParty'];
  /** Why the client does not get the login of the person whom it expects. */
  readonly refusal?: ClientRefusal;
  readonly expectedPerson?: string;
  readonly returnsToApp?: boolean;
  readonly certificateLevel?: LoginInteraction['certificateLevel'];
  readonly uiLocales?: readonly string[];
  readonly defaultLanguage?: PageOptions['defaultLanguage'];
  readonly viewsDir?: string;
  readonly client?: LoginInteraction['client'];
  readonly environment?: WebAppOptions['settings']['environment'];
  readonly issuer?: string;
  readonly simulatorPhoneUrl?: string;
  /** Countries that the client accepts; default: all. */
  readonly allowedCountries?: readonly string[];
  readonly sampleAppUrl?: string;
  readonly playgroundUrl?: string;
  readonly draining?: () => boolean;
  readonly ready?: () => Promise<void>;
  readonly waiting?: WebAppOptions['waiting'];
  /** Names of the methods of stores, login and interactions for which the database is away. */
  readonly away?: ReadonlySet<string>;
  readonly oidc?: (req: IncomingMessage, res: ServerResponse) => unknown;
  readonly trustProxy?: number;
  readonly countryHeader?: string;
  readonly offersToRememberCode?: boolean;
  readonly history?: WebAppOptions['history'];
  readonly requestRate?: WebAppOptions['settings']['requestRate'];
  readonly startRate?: WebAppOptions['settings']['startRate'];
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
  const knownBrowsers = createFakeKnownBrowsers();
  /** `remembered` for each time that the remembered logins of a browser were ended. */
  const ended: string[] = [];
  const completed: LoginResult[] = [];
  const aborted: string[] = [];
  const requireHere = (method: string) => {
    if (options.away?.has(method)) throw AWAY;
  };
  const interactions: LoginInteractions = {
    async find(req) {
      const uid = /_interaction=([\w-]+)/.exec(req.headers.cookie ?? '')?.[1];
      const client = options.client ?? { id: 'sample-app', name: 'Sample app', uri: undefined };
      return uid === undefined
        ? undefined
        : {
            uid,
            client,
            uiLocales: options.uiLocales ?? [],
            expectedPerson: options.expectedPerson,
            settings: {
              offered: {
                flows: ['qr', 'web2app', 'notification'],
                notificationPolicy: 'always',
                countries: COUNTRIES,
                ...options.offered,
              },
              relyingParty: options.relyingParty ?? { name: 'DEMO' },
              allowedCountries: options.allowedCountries,
            },
            wantsReceipt: false,
            refusalOf: async ({ person }) =>
              options.expectedPerson === undefined || person.semanticsIdentifier === options.expectedPerson
                ? options.refusal
                : 'person_mismatch',
            returnsToApp: options.returnsToApp ?? false,
            certificateLevel: options.certificateLevel ?? 'ADVANCED',
            decided: aborted.length > 0,
            continueAt: `${issuer}/authorize/${uid}`,
            async completionWith(loginResult) {
              requireHere('completionWith');
              return joinedWritesOf(() => completed.push(loginResult));
            },
          };
    },
    isBoundToBrowser: (req, uid) => req.headers.cookie?.split('; ').includes(`_begun=${uid}`) ?? false,
    async abort(_req, _res, description) {
      aborted.push(description);
      return `${issuer}/authorize/${UID}`;
    },
  };
  const secrets = createSecrets(SECRET_KEY);
  const lines: string[] = [];
  const log = createLogger({ level: 'debug', destination: { write: (line) => void lines.push(line) } });
  const audit = createTestAudit(log);
  const environment = options.environment ?? 'demo';
  const app = createWebApp({
    ...(options.waiting && { waiting: options.waiting }),
    settings: {
      issuer,
      environment,
      sampleAppUrl: options.sampleAppUrl,
      playgroundUrl: options.playgroundUrl,
      phoneUrl: options.simulatorPhoneUrl,
      trustProxy: options.trustProxy ?? 0,
      countryHeader: options.countryHeader,
      offersToRememberCode: options.offersToRememberCode ?? false,
      requestRate: options.requestRate,
      startRate: options.startRate,
    },
    loaded: loadPages({
      issuer,
      environment,
      defaultLanguage: options.defaultLanguage ?? 'en',
      viewsDir: options.viewsDir,
      simulatorPhoneUrl: options.simulatorPhoneUrl,
      secrets,
    }),
    login: {
      lookUpLogin: (_uid, read) => read(),
      login: withOutages({ ...login, ...options.change?.login }),
      links: {
        qrLink: (_session, at, language) => `https://smart-id.example/?at=${at}&lang=${language}`,
        appLink: (_session, language) => `https://smart-id.example/?lang=${language}`,
        linksCreatedAt: (session) => (session as LinkSession).deviceLink.receivedAt,
      },
      knownBrowsers: withOutages<KnownBrowserStore>(knownBrowsers),
      newBrowserToken: () => NEW_TOKEN,
      secrets,
    },
    history: options.history,
    openId: {
      interactions: withOutages({ ...interactions, ...options.change?.interactions }),
      remembered: {
        hasAny: async (req) => req.headers.cookie?.includes('sild_remembered_') ?? false,
        async end() {
          ended.push('remembered');
        },
      },
      async branding(clientId) {
        return clientId === options.client?.id ? options.client.branding : undefined;
      },
      callback: () => options.oidc ?? bareNotFound,
    },
    ready: options.ready ?? (() => Promise.resolve()),
    isOutage: (error) => error === AWAY,
    isDraining: options.draining ?? (() => false),
    audit,
    log,
    now,
  });
  const handle = app.callback();
  server.on('request', (req, res) => void handle(req, res));

  return {
    address,
    /** The network address of the requests. */
    from: (server.address() as AddressInfo).address,
    issuer,
    clock,
    login,
    knownBrowsers,
    completed,
    aborted,
    ended,
    lines,
    audited: audit.events,
    get,
    post,
    submit,
    close: () => close(server),
  };

  function withOutages<T extends object>(target: T): T {
    return Object.fromEntries(
      Object.entries(target).map(([name, method]: [string, unknown]) => [
        name,
        (...about: readonly unknown[]) => {
          // Rejected, not thrown: a promise that is not awaited fails a test too.
          if (options.away?.has(name)) return Promise.reject(AWAY);
          return (method as (...about: readonly unknown[]) => unknown)(...about);
        },
      ]),
    ) as T;
  }

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

  /** Sends a form and follows the redirect with the cookies that it set. */
  async function submit(path: string, fields: Record<string, string> = {}): Promise<Response> {
    const answer = await post(path, fields);
    const cookies = answer.headers.getSetCookie().map((line) => line.split(';', 1)[0]);
    return get(answer.headers.get('location') ?? '', { cookie: [COOKIE, ...cookies].join('; ') });
  }
}

/** A Koa app in place of oidc-provider. */
export function providerOf(answer: Koa.Middleware) {
  return new Koa()
    .use(answer)
    .on('error', () => undefined)
    .callback();
}

/** The response of oidc-provider, a Koa app, to an unknown address. */
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

/** A page without the elements that keep the name Smart-ID on one line. */
export function withPlainName(html: string): string {
  return html.replaceAll(/<span class="smart-id">(.*?)<\/span>/g, '$1');
}

/** The visible text of a page, with collapsed white space. */
export function textOf(html: string): string {
  return withPlainName(html)
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

/** The text of the page's h1. */
export function headingOf(html: string): string | undefined {
  return textOf(/<h1[^>]*>(.*?)<\/h1>/s.exec(html)?.[1] ?? '');
}

/** Waits until a condition is true, at most five seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const limit = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > limit) throw new Error('the condition did not come true');
    await delay(5);
  }
}
