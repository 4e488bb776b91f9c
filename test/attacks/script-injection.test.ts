/**
 * An attacker who controls a client's name, texts or logo tries to inject markup or script into the login pages, where people
 * type personal codes. The tests render every page with a plain and with a hostile name. Both must have the same elements
 * with the same attributes.
 */
import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { ClientBranding } from '../../src/oidc/clients/client-branding.ts';
import {
  BEGUN,
  COOKIE,
  startWeb,
  textOf,
  TOKEN,
  UID,
  type WebOptions,
  type WebUnderTest,
} from '../web/web-under-test.ts';

const LOGIN = `/login/${UID}`;

/** Every page that shows a client, and how to open it. */
const PAGES: Readonly<Record<string, (web: WebUnderTest) => Promise<Response>>> = {
  'first page': (web) => web.get(LOGIN),
  'first page of a known browser': (web) => (
    web.knownBrowsers.rows.set(TOKEN, new Map()),
    web.get(LOGIN, { cookie: `${COOKIE}; sild_browser=${TOKEN}` })
  ),
  'form for a personal code': (web) => web.get(`${LOGIN}/code`),
  'form with an error': (web) => web.submit(`${LOGIN}/code`, { country: 'EE', personal_code: 'x' }),
  'waiting page': (web) => (web.login.wait(), web.get(`${LOGIN}/wait`)),
  'page before the code': (web) => (web.login.sending(), web.get(`${LOGIN}/wait`)),
  'QR code': (web) => (web.login.waitForLink(), web.get(`${LOGIN}/wait?show=qr`)),
  'link to the app': (web) => (web.login.waitForLink(), web.get(`${LOGIN}/wait?show=web2app`)),
  'old tab': (web) => (web.login.answer('web2app'), web.get(`${LOGIN}/wait?show=web2app`)),
  'redirect to the client': (web) => (web.login.answer(), web.get(`${LOGIN}/wait?sent`)),
  'finished login': (web) => (web.login.finished(), web.get(LOGIN)),
  refusal: (web) => (web.login.fail('user_refused'), web.get(`${LOGIN}/wait`)),
  'error with a waiting time': (web) => (web.login.fail('service_failed'), web.get(`${LOGIN}/wait`)),
  'callback refused': (web) => (web.login.fail('callback_refused'), web.get(`${LOGIN}/wait`)),
  'cancelled login': (web) => web.post(`${LOGIN}/cancel`),
  'other browser': (web) => web.get(`${LOGIN}/wait?callback`, { cookie: BEGUN }),
};

const HOSTILE = [
  '"><script>alert(1)</script>',
  `'"--></title></textarea><img src=x onerror=alert(1)>`,
  '" onfocus="alert(1)" autofocus="',
  '{{7*7}}{% include "layout.njk" %}{# #}${7*7}',
  '</p></body><svg/onload=alert(1)>&lt;b&gt;&#x3c;b&#x3e;',
  'javascript:alert(1)//" href="javascript:alert(1)',
  "$&$`$'$<name>{seconds}",
  'a\u2028b\u0000c\r\nd',
];

describe('a hostile client name', () => {
  for (const [page, visit] of Object.entries(PAGES)) {
    it(`changes only text: ${page}`, async () => {
      for (const language of ['en', 'lv', 'ru'] as const) {
        const plain = structureOf(await htmlOf(visit, clientNamed('Name'), language));
        assert.ok(plain.length > 10);
        for (const name of HOSTILE) {
          assert.deepEqual(structureOf(await htmlOf(visit, clientNamed(name), language)), plain, name);
        }
      }
    });
  }

  it('is shown unchanged', async () => {
    for (const name of HOSTILE.slice(0, 7)) {
      const html = await htmlOf((each) => each.get(LOGIN), clientNamed(name));
      assert.ok(textOf(html).includes(textOf(escaped(name))), name);
    }
  });
});

describe('a hostile client logo or client ID', () => {
  let web: WebUnderTest;
  afterEach(() => web.close());

  it('is never inserted into a page, and the logo is served with a policy that blocks scripts', async () => {
    const picture =
      '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(2)"><script>alert(2)</script></svg>';
    const client = clientNamed('Name', { logo: { type: 'image/svg+xml', bytes: Buffer.from(picture) } });
    web = await startWeb({ client });
    const html = await (await web.get(LOGIN)).text();
    const [, logo = ''] = /<img class="logo" src="([^"]+)" alt="">/.exec(html) ?? [];
    assert.ok(logo.startsWith(`/clients/${encodeURIComponent(client.id)}/logo.`));
    assert.ok(!html.includes('alert(2)') && !html.includes('><script>'));
    const { headers } = await web.get(logo);
    assert.match(headers.get('content-security-policy') ?? '', /^default-src 'none'.*sandbox/);
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
  });
});

function clientNamed(
  name: string,
  branding: Partial<ClientBranding> = {},
): NonNullable<WebOptions['client']> {
  const names = { en: name, lv: name };
  return {
    id: '../"><script>alert(1)</script>',
    name,
    uri: `javascript:alert('${name}')`,
    branding: { names, displayText: { default: name }, logo: undefined, accentColor: undefined, ...branding },
  };
}

async function htmlOf(
  visit: (web: WebUnderTest) => Promise<Response>,
  client: NonNullable<WebOptions['client']>,
  language: NonNullable<WebOptions['defaultLanguage']> = 'en',
): Promise<string> {
  const each = await startWeb({ client, defaultLanguage: language });
  try {
    const answer = await visit(each);
    assert.match(answer.headers.get('content-type') ?? '', /^text\/html/);
    return await answer.text();
  } finally {
    await each.close();
  }
}

/** The elements of a page in order, each with its attribute names, as a browser parses them. */
function structureOf(html: string): string[] {
  return Array.from(
    html.matchAll(/<(?<end>\/?)(?<name>[a-z!][^\s/>]*)(?<attributes>(?:[^>"']|"[^"]*"|'[^']*')*)>/gi),
    ({ groups }) => {
      const { end = '', name = '', attributes = '' } = groups ?? {};
      const names = Array.from(
        attributes.matchAll(/([^\s"'=/]+)(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?/g),
        ([, attribute]) => attribute,
      );
      return `${end}${name} ${names.join(' ')}`;
    },
  );
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
