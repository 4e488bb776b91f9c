import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import Koa from 'koa';
import { createSecrets } from '../../src/secrets/secrets.ts';
import { type Language, LANGUAGES } from '../../src/config/languages.ts';
import { loadPages } from '../../src/web/pages/load-pages.ts';
import { CATALOGUES, ENDONYMS } from '../../src/web/messages/languages.ts';
import { createHttpBrowser, type HttpBrowser } from '../support/servers/http-browser.ts';
import {
  COOKIE,
  headingOf,
  startWeb,
  textOf,
  UID,
  type WebOptions,
  type WebUnderTest,
} from './web-under-test.ts';

const LOGIN = `/login/${UID}`;
const WAIT = `${LOGIN}/wait`;
const CLIENT = { id: 'sample-app', name: 'Sample app', uri: undefined };

let web: WebUnderTest;
const start = async (options?: WebOptions) => (web = await startWeb(options));
afterEach(() => web.close());

const languageOf = (html: string) => /<html lang="([^"]*)"/.exec(html)?.[1];
const unescaped = (html: string) => html.replaceAll('&amp;', '&');
/** The address of the page's link to a language. */
const linkTo = (language: Language, html: string) =>
  unescaped(new RegExp(`href="([^"]*)" lang="${language}"`).exec(html)?.[1] ?? 'none');

/** The person's browser, with a login if `uid` is given. */
function browserOf(uid?: string): HttpBrowser {
  const browser = createHttpBrowser();
  if (uid !== undefined) browser.setCookie(`_interaction=${uid}; path=/login/${uid}`, web.address);
  return browser;
}

describe('the language of a page', () => {
  interface Row {
    readonly chosen?: string;
    readonly uiLocales?: readonly string[];
    readonly saved?: string;
    readonly accept?: string;
    readonly fallback?: Language;
    readonly language: Language;
  }
  const rows: readonly Row[] = [
    { language: 'en' },
    { fallback: 'lv', language: 'lv' },
    { accept: '*', fallback: 'lv', language: 'lv' },
    { accept: 'et', language: 'et' },
    { accept: 'et-EE', language: 'et' },
    { accept: 'ET-ee', language: 'et' },
    { accept: 'fi, sv;q=0.9, de-AT;q=0.8, en;q=0.7', language: 'de' },
    { accept: 'en;q=0.5, lt;q=0.9, ru;q=0.7', language: 'lt' },
    { accept: 'lt-LT, en', language: 'lt' },
    { accept: 'en;q=0.4, nl-BE;q=0.5, *;q=0.1', language: 'nl' },
    { accept: 'et;q=0, fr;q=0.1', language: 'fr' },
    { accept: 'et;q=0', fallback: 'fr', language: 'fr' },
    { accept: 'zh-Hant-TW, ja', fallback: 'ru', language: 'ru' },
    { accept: 'sr-Cyrl-RS, ru-Cyrl-RU-x-own', language: 'ru' },
    { accept: 'est, ete, e', language: 'en' },
    { accept: ';;q=,,"\\', language: 'en' },
    { saved: 'lv', accept: 'et', language: 'lv' },
    { saved: 'xx', accept: 'et', language: 'et' },
    { saved: '../en', language: 'en' },
    { uiLocales: ['de-DE'], saved: 'lv', accept: 'et', language: 'de' },
    { uiLocales: ['fi', 'sv-FI', 'RU'], saved: 'lv', language: 'ru' },
    { uiLocales: ['fi', '', 'constructor', '*'], saved: 'lv', language: 'lv' },
    { chosen: 'fr', uiLocales: ['de'], saved: 'lv', accept: 'et', language: 'fr' },
    { chosen: 'fi', uiLocales: ['de'], saved: 'lv', language: 'de' },
  ];

  for (const { chosen, uiLocales, saved, accept, fallback, language } of rows) {
    const hints = [
      ...(chosen === undefined ? [] : [`the switcher said ${chosen}`]),
      ...(uiLocales === undefined ? [] : [`ui_locales=${uiLocales.join(' ')}`]),
      ...(saved === undefined ? [] : [`the browser keeps ${saved}`]),
      ...(accept === undefined ? [] : [`Accept-Language: ${accept}`]),
      ...(fallback === undefined ? [] : [`DEFAULT_LANGUAGE=${fallback}`]),
    ];
    it(`is ${language} where ${hints.join(', ') || 'there is no hint'}`, async () => {
      await start({
        ...(uiLocales === undefined ? {} : { uiLocales }),
        ...(fallback === undefined ? {} : { defaultLanguage: fallback }),
      });
      web.login.wait();
      const cookies = [
        COOKIE,
        ...(chosen === undefined ? [] : [`sild_login_language=${chosen}`]),
        ...(saved === undefined ? [] : [`sild_language=${saved}`]),
      ];
      const answer = await web.get(WAIT, {
        cookie: cookies.join('; '),
        ...(accept === undefined ? {} : { 'accept-language': accept }),
      });
      const html = await answer.text();
      assert.equal(languageOf(html), language);
      assert.equal(answer.headers.get('content-language'), language);
      assert.equal(headingOf(html), textOf(CATALOGUES[language].wait.heading));
    });
  }

  for (const language of LANGUAGES) {
    it(`is ${language} on every kind of page`, async () => {
      const { oidc: pages } = loadPages({
        issuer: 'http://localhost:3000',
        environment: 'demo',
        defaultLanguage: 'en',
        secrets: createSecrets('of-no-other-use-than-in-these-tests'),
      });
      await start({
        uiLocales: [language],
        oidc: new Koa()
          .use((ctx) => {
            Object.assign(ctx, { oidc: { params: { ui_locales: `fi ${language}` } } });
            if (ctx.path === '/authorize')
              pages.error(ctx, {
                purpose: 'login',
                code: 'invalid_client',
                description: undefined,
                incident: undefined,
              });
            else if (ctx.path === '/logout/confirm')
              pages.error(ctx, {
                purpose: 'logout',
                code: 'invalid_request',
                description: undefined,
                incident: undefined,
              });
            else if (ctx.path === `/authorize/${UID}`)
              pages.submit(ctx, { form: { action: '/', fields: [] }, client: CLIENT, purpose: 'answer' });
            else if (ctx.path === '/logout/submit')
              pages.submit(ctx, { form: { action: '/', fields: [] }, client: CLIENT, purpose: 'logout' });
            else if (ctx.path === '/logout') pages.logout(ctx, '<form id="op.logoutForm"></form>');
            else pages.loggedOut(ctx);
          })
          .callback(),
      });
      const { notices, errors, outcomes, openIdError, continuing, logout, logoutErrors } =
        CATALOGUES[language];
      const accept = { 'accept-language': language };
      const expectPage = async (answer: Response, heading: string) => {
        const html = await answer.text();
        assert.equal(languageOf(html), language);
        assert.equal(headingOf(html), textOf(heading));
      };
      web.login.finished();
      await expectPage(await web.get(WAIT), notices.finished.heading);
      web.login.fail('timeout');
      await expectPage(await web.get(WAIT), outcomes.timeout.heading);
      await expectPage(await web.get('/login/another', accept), notices.expired.heading);
      await expectPage(await web.get('/authorize'), openIdError.heading);
      await expectPage(await web.get(`/authorize/${UID}`), continuing.heading(CLIENT.name));
      await expectPage(await web.get('/logout/confirm'), logoutErrors.refused.heading);
      await expectPage(await web.get('/logout/submit'), logout.ongoing);
      await expectPage(await web.get('/logout'), logout.heading);
      await expectPage(await web.get('/logout/success', accept), notices.loggedOut.heading);
      await expectPage(await web.get(LOGIN, accept, 'DELETE'), errors[405].heading);
      await expectPage(
        await web.post(`${LOGIN}/cancel`, {}, { ...accept, 'sec-fetch-site': 'cross-site' }),
        errors[403].heading,
      );
    });
  }

  it('applies to an error that occurs before the login is known', async () => {
    await start({ change: { interactions: { find: () => Promise.reject(new Error('broken')) } } });
    const html = await (await web.get(LOGIN, { 'accept-language': 'lt' })).text();
    assert.equal(headingOf(html), CATALOGUES.lt.errors[500].heading);
  });

  it('uses the plural forms of the language', async () => {
    await start({ uiLocales: ['ru'] });
    web.login.wait();
    web.clock.ms += 88_000;
    const html = await (await web.get(WAIT)).text();
    assert.ok(textOf(html).includes(CATALOGUES.ru.wait.secondsLeft.few?.replace('{seconds}', '2') ?? 'none'));
    assert.match(html, /data-language="ru"/);
  });
});

describe('the languages of the footer', () => {
  it('have their own names, with the current one marked', async () => {
    await start({ uiLocales: ['lt'] });
    web.login.wait();
    const html = await (await web.get(WAIT)).text();
    const links = html.matchAll(
      /<a href="[^"]*" lang="(\w+)" hreflang="(\w+)"( aria-current="true")?>([^<]*)<\/a>/g,
    );
    const list = LANGUAGES.map((language) => [language, language, language === 'lt', ENDONYMS[language]]);
    assert.deepEqual(
      Array.from(links, ([, lang, hreflang, current, name]) => [lang, hreflang, current !== undefined, name]),
      // In a row, and for narrow screens in a menu.
      [...list, ...list],
    );
    assert.match(html, new RegExp(`</span>${ENDONYMS.lt}</summary>`));
  });

  it('change the page, keep the login, and override ui_locales', async () => {
    await start({ uiLocales: ['de'] });
    web.login.wait();
    const browser = browserOf(UID);
    const before = await browser.get(web.address + WAIT);
    assert.equal(languageOf(before.text), 'de');
    const after = await browser.get(new URL(linkTo('et', before.text), web.address));
    assert.deepEqual([after.url.pathname, after.status, languageOf(after.text)], [WAIT, 200, 'et']);
    assert.equal(headingOf(after.text), CATALOGUES.et.wait.heading);
    assert.equal(web.login.state(), 'waiting');
    assert.equal(languageOf((await browser.get(web.address + WAIT)).text), 'et');
  });

  it('apply to the page at the end of the login too, which has no links', async () => {
    const { oidc: pages } = loadPages({
      issuer: 'http://localhost:3000',
      environment: 'demo',
      defaultLanguage: 'en',
      secrets: createSecrets('of-no-other-use-than-in-these-tests'),
    });
    await start({
      uiLocales: ['de'],
      oidc: new Koa()
        .use((ctx) => {
          Object.assign(ctx, { oidc: { params: { ui_locales: 'de' } } });
          pages.submit(ctx, { form: { action: '/', fields: [] }, client: CLIENT, purpose: 'answer' });
        })
        .callback(),
    });
    web.login.wait();
    const browser = browserOf(UID);
    await browser.get(new URL(linkTo('et', (await browser.get(web.address + WAIT)).text), web.address));
    const { text } = await browser.get(`${web.address}/authorize/${UID}`);
    assert.deepEqual([languageOf(text), text.includes('hreflang')], ['et', false]);
    assert.equal(languageOf((await browser.get(`${web.address}/authorize/another`)).text), 'de');
  });

  it('are stored for the next login, in which ui_locales take precedence again', async () => {
    await start({ uiLocales: ['de'] });
    web.login.wait();
    const browser = browserOf(UID);
    await browser.get(new URL(linkTo('et', (await browser.get(web.address + WAIT)).text), web.address));
    assert.equal(languageOf((await browser.get(`${web.address}/nowhere`)).text), 'et');
    web.login.put({ ...web.login.wait(), interactionUid: 'another' });
    browser.setCookie('_interaction=another; path=/login/another', web.address);
    assert.equal(languageOf((await browser.get(`${web.address}/login/another/wait`)).text), 'de');
  });

  it('lead back to the same page, including its query', async () => {
    await start();
    const browser = browserOf();
    const page = await browser.get(`${web.address}/nowhere?a=1&b=%26&ui_locales=de`);
    const after = await browser.get(new URL(linkTo('fr', page.text), web.address));
    // Without ui_locales, which the person's choice overrides.
    assert.equal(after.url.href, `${web.address}/nowhere?a=1&b=%26`);
    assert.equal(languageOf(after.text), 'fr');
  });

  it('lead to the login from the response to a form, and are missing on a page without an address for GET', async () => {
    await start();
    const backFrom = async (path: string) => {
      const html = await (await web.post(path, {}, { 'sec-fetch-site': 'cross-site' })).text();
      return new URL(linkTo('fr', html), web.address).searchParams.get('back');
    };
    assert.equal(await backFrom(`${LOGIN}/cancel`), LOGIN);
    assert.equal(await backFrom(`${LOGIN}/code`), `${LOGIN}/code`);
    assert.ok(!(await (await web.post('/nowhere')).text()).includes('hreflang'));
  });

  it('lead to no other site', async () => {
    await start();
    for (const back of [
      'https://evil.example/',
      '//evil.example/',
      '/\\evil.example/',
      '\\\\evil.example',
      '/\t/evil.example/',
      'javascript:alert(1)',
      '/x/..//evil.example/',
      'https://user@evil.example',
      '',
    ]) {
      const answer = await web.get(`/language?${new URLSearchParams({ to: 'et', back }).toString()}`);
      assert.equal(answer.status, 303, back);
      assert.match(answer.headers.get('location') ?? '', /^\/(?![/\\])/, back);
    }
  });

  it('cannot be changed by other sites', async () => {
    await start();
    for (const site of ['cross-site', 'same-site']) {
      const answer = await web.get('/language?to=lv&back=/', { 'sec-fetch-site': site });
      assert.equal(answer.status, 403);
      assert.deepEqual(answer.headers.getSetCookie(), []);
    }
  });

  it('are limited to the supported ones', async () => {
    await start();
    for (const query of ['', '?to=fi&back=/', '?to=et', '?to=et&to=lv&back=/', '?to=toString&back=/']) {
      assert.equal((await web.get(`/language${query}`)).status, 400, query);
    }
  });

  it('store the choice in HttpOnly, SameSite cookies, for this login and for a year', async () => {
    await start();
    const answer = await web.get(`/language?to=et&back=${encodeURIComponent(WAIT)}`);
    const [saved = '', login = ''] = answer.headers.getSetCookie();
    assert.match(saved, /^sild_language=et; path=\/; expires=[^;]+; samesite=lax; httponly$/i);
    assert.match(
      login,
      new RegExp(`^sild_login_language=et; path=${LOGIN}; expires=[^;]+; samesite=lax; httponly$`, 'i'),
    );
    assert.equal(answer.headers.get('cache-control'), 'no-store');
  });
});
