/**
 * Every page in every language has a heading, the name of the service where it is
 * known, and something in its card that leads on.
 *
 * A page, an outcome or a notice that is added without a state here fails the last tests: the states are compared with the
 * templates and with the headings of the catalogue.
 */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { afterEach, before, describe, it } from 'node:test';
import Koa from 'koa';
import { type Language, LANGUAGES } from '../../../src/config/languages.ts';
import { failureSchema, INTERACTION_TYPES } from '../../../src/login/failure.ts';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import { CATALOGUES } from '../../../src/web/messages/languages.ts';
import type { ErrorStatus, Messages } from '../../../src/web/messages/messages.ts';
import { en } from '../../../src/web/messages/en.ts';
import { loadPages } from '../../../src/web/pages/load-pages.ts';
import { textsOf } from '../../support/catalogue-texts.ts';
import { shownHistory } from '../history/shown-history.ts';
import {
  BEGUN,
  COOKIE,
  headingOf,
  PERSONAL_CODE,
  SECRET_KEY,
  startWeb,
  textOf,
  TOKEN,
  UID,
  type WebOptions,
  type WebUnderTest,
  withPlainName,
} from '../web-under-test.ts';

const LOGIN = `/login/${UID}`;
const CLIENT = { id: 'app', name: 'City App', uri: 'https://app.example.ee/' };
const PERSON = `PNOEE-${PERSONAL_CODE}`;
const PHONE = {
  'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Mobile/15E148',
};

interface State {
  /** The template, in `views/pages/`. */
  readonly template: string;
  readonly heading: (messages: Messages) => string;
  readonly path: string;
  /** Puts the login into this state. */
  readonly prepare?: (web: WebUnderTest) => unknown;
  /**
   * - `login`: the browser of the login.
   * - `after lunch`: the same, once the cookies of the login have expired.
   * - `other`: a browser that has not seen the login.
   */
  readonly browser?: 'login' | 'after lunch' | 'other';
  readonly options?: WebOptions;
  readonly headers?: Readonly<Record<string, string>>;
  /** Where the service cannot be known, or the page belongs to no service. */
  readonly anonymous?: true;
}

const FAILURES = failureSchema.shape.code.options;
const ERRORS = Object.keys(en.errors).map(Number) as ErrorStatus[];
/** @param origins the cookie that a browser keeps once it has shown the login */
const COOKIES: Readonly<Record<NonNullable<State['browser']>, (origins: string) => readonly string[]>> = {
  login: (origins) => [COOKIE, BEGUN, origins],
  'after lunch': (origins) => [origins],
  other: () => [],
};

/** The pages that oidc-provider asks for, and error pages, each at an address of its own. */
const oidc = new Koa();
const { oidc: oidcPages, pages } = loadPages({
  issuer: 'http://localhost',
  environment: 'live',
  defaultLanguage: 'en',
  secrets: createSecrets('of-no-other-use-than-in-these-tests'),
});
oidc.use((ctx) => {
  const [, , name = '', detail] = ctx.path.split('/');
  const form = { action: 'https://app.example.ee/callback', fields: [] };
  const error = { description: undefined, incident: '4711' };
  switch (name) {
    case 'error':
      pages.error(ctx, Number(detail) as ErrorStatus);
      break;
    case 'login-error':
      oidcPages.error(ctx, { purpose: 'login', code: 'invalid_request', ...error });
      break;
    case 'logout-error':
      oidcPages.error(ctx, { purpose: 'logout', code: detail ?? '', ...error });
      break;
    case 'submit':
      oidcPages.submit(ctx, { form, client: CLIENT, purpose: 'answer' });
      break;
    case 'onward':
      oidcPages.onward(ctx, {
        client: CLIENT,
        done: detail === 'login' ? 'login' : 'logout',
        href: 'ee.example.app:/callback',
      });
      break;
    case 'logout':
      oidcPages.logout(ctx, '<form method="post" action="/logout/confirm" id="op.logoutForm"></form>');
      break;
    case 'still-logged-in':
      oidcPages.stillLoggedIn(ctx, detail === undefined ? undefined : CLIENT);
      break;
    case 'logged-out':
      oidcPages.loggedOut(ctx, detail === undefined ? undefined : CLIENT);
      break;
    default:
      ctx.status = 404;
  }
});

const HISTORY_EVENTS = [
  ...FAILURES.map((code) => ({
    event: 'login_failed',
    data: { attempt: code, client: 'portal', flow: 'qr', code },
  })),
  { event: 'push_refused', data: { client: 'portal', code: 'browser_not_known' } },
  {
    event: 'login_finished',
    data: { attempt: 'finished', client: 'gone', flow: 'web2app', milliseconds: 5 },
  },
];

function historyAt(path: string, events: Parameters<typeof shownHistory>[2]): State {
  const { history, headers, begin } = shownHistory(PERSON, SECRET_KEY, events);
  return {
    template: 'history',
    heading: (t) => t.history.heading,
    path,
    options: { history },
    headers,
    prepare: ({ clock }) => begin(clock.ms),
    anonymous: true,
  };
}

const STATES: Readonly<Record<string, State>> = {
  'the ways to log in': { template: 'flows', heading: (t) => t.methods.heading, path: LOGIN },
  'the form': { template: 'login', heading: (t) => t.login.heading, path: `${LOGIN}/code` },
  'the form for one person': {
    template: 'login',
    heading: (t) => t.methods.heading,
    path: `${LOGIN}/code`,
    options: { expectedPerson: PERSON },
  },
  'a push that the policy forbids': {
    template: 'notice',
    heading: (t) => t.notices.pushNotAllowed.heading,
    path: `${LOGIN}/code`,
    options: { offered: { notificationPolicy: 'known-browser' } },
  },
  'a person whom the client does not accept': {
    template: 'notice',
    heading: (t) => t.notices.personNotAccepted.heading,
    path: LOGIN,
    options: { expectedPerson: PERSON, allowedCountries: ['LV'] },
  },
  'a QR code': {
    template: 'qr',
    heading: (t) => t.qr.heading,
    path: `${LOGIN}/wait?show=qr`,
    prepare: ({ login }) => login.waitForLink(),
  },
  'a link to the app': {
    template: 'web2app',
    heading: (t) => t.web2app.heading,
    path: `${LOGIN}/wait?show=web2app`,
    prepare: ({ login }) => login.waitForLink(),
  },
  'a push that is being sent': {
    template: 'wait',
    heading: (t) => t.wait.sendingHeading,
    path: `${LOGIN}/wait`,
    prepare: ({ login }) => login.sending(),
  },
  'a code, on a computer': {
    template: 'wait',
    heading: (t) => t.wait.heading,
    path: `${LOGIN}/wait`,
    prepare: ({ login }) => login.wait(),
  },
  'a code, on a phone': {
    template: 'wait',
    heading: (t) => t.wait.confirmHeading,
    path: `${LOGIN}/wait`,
    headers: PHONE,
    prepare: ({ login }) => login.wait(),
  },
  'a code before its push, on a phone': {
    template: 'wait',
    heading: (t) => t.wait.rememberHeading,
    path: `${LOGIN}/wait`,
    headers: PHONE,
    prepare: (web) => web.post(`${LOGIN}/code`, { country: 'EE', personal_code: PERSONAL_CODE }, PHONE),
  },
  'a confirmation that goes on in another tab': {
    template: 'other-tab',
    heading: (t) => t.web2app.confirmedHeading,
    path: `${LOGIN}/wait`,
    prepare: ({ login }) => login.answer('web2app'),
  },
  'a login that is on its way': {
    template: 'continue',
    heading: (t) => t.continuing.loggedIn,
    path: `${LOGIN}/wait?sent`,
    prepare: ({ login }) => login.answer(),
  },
  'a remembered login on its way to an app': {
    template: 'continue',
    heading: (t) => t.continuing.loggedIn,
    path: '/draw/onward/login',
  },
  'a logout on its way to an app': {
    template: 'continue',
    heading: (t) => t.notices.loggedOut.heading,
    path: '/draw/onward/logout',
  },
  'the way to a cancelled login’s service': {
    template: 'continue',
    heading: (t) => t.continuing.heading(CLIENT.name),
    path: LOGIN,
    prepare: (web) => web.post(`${LOGIN}/cancel`),
  },
  'back after success': {
    template: 'notice',
    heading: (t) => t.notices.finished.heading,
    path: `${LOGIN}/wait`,
    prepare: ({ login }) => login.finished(),
  },
  'back after success, after lunch': {
    template: 'notice',
    heading: (t) => t.notices.finished.heading,
    path: `${LOGIN}/wait`,
    browser: 'after lunch',
    prepare: ({ login }) => login.finished(),
  },
  'a login that another browser has completed': {
    template: 'notice',
    heading: (t) => t.notices.expired.heading,
    path: `${LOGIN}/wait`,
    browser: 'other',
    prepare: ({ login }) => login.finished(),
    anonymous: true,
  },
  'back after success in another tab': {
    template: 'notice',
    heading: (t) => t.notices.continuesInOtherTab.heading,
    path: `${LOGIN}/wait?show=web2app`,
    browser: 'after lunch',
    prepare: ({ login }) => login.put({ ...login.finished(), flow: 'web2app' }),
  },
  'after lunch': {
    template: 'notice',
    heading: (t) => t.notices.expired.heading,
    path: LOGIN,
    browser: 'after lunch',
  },
  'no cookies': {
    template: 'notice',
    heading: (t) => t.notices.noCookies.heading,
    path: LOGIN,
    browser: 'other',
    anonymous: true,
  },
  'the app came back to another browser': {
    template: 'notice',
    heading: (t) => t.notices.otherBrowser.heading,
    path: `${LOGIN}/wait?callback`,
    browser: 'other',
    anonymous: true,
  },
  'a callback that was used': {
    template: 'notice',
    heading: (t) => t.notices.callbackUsed.heading,
    path: '/callback/smart-id/used',
    anonymous: true,
  },
  'the database is away': {
    template: 'moment',
    heading: (t) => t.moment.heading,
    path: LOGIN,
    options: { away: new Set(['find']) },
    browser: 'after lunch',
  },
  'a known browser': {
    template: 'browser',
    heading: (t) => t.browser.known.heading,
    path: '/browser',
    headers: { cookie: `sild_browser=${TOKEN}` },
    prepare: ({ knownBrowsers }) => knownBrowsers.remember(TOKEN, PERSON, `${PERSON}-DEMO-Q`, 0),
    anonymous: true,
  },
  'an unknown browser': {
    template: 'notice',
    heading: (t) => t.browser.unknown.heading,
    path: '/browser',
    browser: 'other',
    anonymous: true,
  },
  'a forgotten browser': {
    template: 'notice',
    heading: (t) => t.browser.forgotten.heading,
    path: 'POST /browser/forget',
    anonymous: true,
  },
  ...Object.fromEntries(
    Object.entries({
      history: '/me',
      'history, after browsers were forgotten': '/me?forgotten=all',
      'history to print': '/me/print',
      'second page of a history': '/me?page=2',
    }).map(([name, path]): [string, State] => [name, { ...historyAt(path, HISTORY_EVENTS) }]),
  ),
  'a history without an entry': historyAt('/me', []),
  ...Object.fromEntries(
    ['/me', '/me?login=failed', '/me?login=ended'].map((path): [string, State] => [
      `the login to a history, ${path}`,
      { ...historyAt(path, HISTORY_EVENTS), template: 'notice', prepare: () => undefined },
    ]),
  ),
  'the address of the issuer': {
    template: 'issuer',
    heading: () => 'OpenID Connect provider for Smart-ID',
    path: '/',
    anonymous: true,
  },
  'a request that cannot go back to its client': {
    template: 'notice',
    heading: (t) => t.openIdError.heading,
    path: '/draw/login-error',
    anonymous: true,
  },
  'an answer on its way to its client': {
    template: 'submit',
    heading: (t) => t.continuing.heading(CLIENT.name),
    path: '/draw/submit',
  },
  'a logout': { template: 'logout', heading: (t) => t.logout.heading, path: '/draw/logout', anonymous: true },
  'still logged in': {
    template: 'notice',
    heading: (t) => t.notices.stillLoggedIn.heading,
    path: '/draw/still-logged-in/client',
  },
  'still logged in, at a client that is gone': {
    template: 'notice',
    heading: (t) => t.notices.stillLoggedIn.heading,
    path: '/draw/still-logged-in',
    anonymous: true,
  },
  'logged out': {
    template: 'notice',
    heading: (t) => t.notices.loggedOut.heading,
    path: '/draw/logged-out',
    browser: 'other',
    anonymous: true,
  },
  'logged out, unregistered address': {
    template: 'notice',
    heading: (t) => t.notices.loggedOut.heading,
    path: '/draw/logged-out/unregistered',
  },
  'a refused logout': {
    template: 'notice',
    heading: (t) => t.logoutErrors.refused.heading,
    path: '/draw/logout-error/invalid_request',
    anonymous: true,
  },
  'a failed logout': {
    template: 'notice',
    heading: (t) => t.logoutErrors.failed.heading,
    path: '/draw/logout-error/server_error',
    browser: 'other',
    anonymous: true,
  },
  ...Object.fromEntries(
    FAILURES.map((code): [string, State] => [
      `outcome ${code}`,
      {
        template: 'notice',
        heading: (t) => t.outcomes[code].heading,
        path: `${LOGIN}/wait`,
        prepare: ({ login }) => login.fail(code),
      },
    ]),
  ),
  ...Object.fromEntries(
    INTERACTION_TYPES.map((screen): [string, State] => [
      `outcome user_refused_interaction, ${screen}`,
      {
        template: 'notice',
        heading: (t) => t.refusedInteractions[screen].heading,
        path: `${LOGIN}/wait`,
        prepare: ({ login }) => login.fail('user_refused_interaction', screen),
      },
    ]),
  ),
  ...Object.fromEntries(
    ERRORS.map((status): [string, State] => [
      `error ${status}`,
      {
        template: 'notice',
        heading: (t) => t.errors[status].heading,
        path: `/draw/error/${status}`,
        browser: 'other',
        anonymous: true,
      },
    ]),
  ),
};

describe('every page', () => {
  const seen = new Set<string>();
  /** What a browser keeps once it has shown the login, in each language. */
  const origins = new Map<Language, string>();
  let web: WebUnderTest | undefined;
  afterEach(() => web?.close());

  before(async () => {
    web = await startWeb({ client: CLIENT });
    for (const language of LANGUAGES) origins.set(language, await originsCookie(web, language));
    await web.close();
  });

  for (const [name, state] of Object.entries(STATES)) {
    it(`has a heading, the service and a way on, in each language: ${name}`, async () => {
      web = await startWeb({ client: CLIENT, oidc: oidc.callback(), ...state.options });
      await state.prepare?.(web);
      for (const language of LANGUAGES) {
        const html = await draw(web, state, language);
        const what = `${name}, ${language}`;
        assert.equal(html.match(/<h1/g)?.length, 1, what);
        const heading = textOf(state.heading(CATALOGUES[language]));
        assert.equal(headingOf(html), heading, what);
        seen.add(heading);
        const service = textOf(/<p class="service">.*?<\/p>/s.exec(html)?.[0] ?? '');
        assert.equal(service.endsWith(CLIENT.name), state.anonymous !== true, what);
        assert.notDeepEqual(waysOn(html), [], `${what}: no way on\n${textOf(html)}`);
      }
    });
  }

  it('is one of these states: each template', () => {
    const templates = readdirSync(new URL('../../../views/pages/', import.meta.url));
    const drawn = new Set(Object.values(STATES).map(({ template }) => `${template}.njk`));
    assert.deepEqual([...drawn].sort(), templates.sort());
  });

  it('is one of these states: each heading of the catalogue', () => {
    const headings = textsOf(en).filter(({ path }) => /heading$/i.test(path));
    assert.ok(headings.length > 50);
    // Of the box that sums up the mistakes in a form, and of the sections of a history.
    const below = ['login.errorHeading', 'history.notYou.heading', 'history.browsers.heading'];
    const missing = headings.filter(({ path, text }) => !seen.has(text) && !below.includes(path));
    assert.deepEqual(missing, []);
  });

  async function originsCookie({ get }: WebUnderTest, language: Language): Promise<string> {
    const lines = (await get(LOGIN, { 'accept-language': language })).headers.getSetCookie();
    return lines.find((line) => line.startsWith('sild_origins='))?.split(';', 1)[0] ?? '';
  }

  async function draw({ get, post }: WebUnderTest, state: State, language: Language): Promise<string> {
    const kept = origins.get(language) ?? '';
    const { cookie, ...headers } = state.headers ?? {};
    // Without any cookie the language has to come from the browser’s settings.
    const isBare = state.browser === 'other' && state.path === LOGIN;
    const cookies = isBare
      ? []
      : [...COOKIES[state.browser ?? 'login'](kept), `sild_language=${language}`, cookie ?? ''];
    const [method, path] = state.path.startsWith('POST ')
      ? ['POST', state.path.slice(5)]
      : ['GET', state.path];
    const sent = {
      ...headers,
      cookie: cookies.filter((each) => each !== '').join('; '),
      'accept-language': language,
    };
    const answer = await (method === 'POST' ? post(path, {}, sent) : get(path, sent));
    return withPlainName(await answer.text()).replace(/<template.*?<\/template>/gs, '');
  }
});

/** What leads on from the card of a page: links, and buttons of forms. What is hidden, or does not work yet, does not count. */
function waysOn(html: string): string[] {
  const card = /<main>(.*)<\/main>/s.exec(html)?.[1] ?? '';
  const links = [...card.matchAll(/<a [^>]*\bhref="[^"]*"[^>]*>(.*?)<\/a>/gs)].map(([, text = '']) => text);
  const forms = [...card.matchAll(/<form (?![^>]*hidden)[^>]*>.*?<\/form>/gs)].map(([form]) => form);
  const buttons = [...card.matchAll(/<button [^>]*\bform="[^"]*"[^>]*>(.*?)<\/button>/gs)].map(
    ([, text = '']) => text,
  );
  const inForms = forms.flatMap((form) => [...form.matchAll(/<button[^>]*>(.*?)<\/button>/gs)]);
  return [...links, ...buttons, ...inForms.map(([, text = '']) => text)]
    .map(textOf)
    .filter((text) => text !== '');
}
