import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { ClientBranding } from '../../../src/oidc/clients/client-branding.ts';
import { logoFile } from '../../../src/web/branding/addresses.ts';
import { themeOf } from '../../../src/web/branding/theme.ts';
import { en } from '../../../src/web/messages/en.ts';
import { et } from '../../../src/web/messages/et.ts';
import { lv } from '../../../src/web/messages/lv.ts';
import {
  headingOf,
  PERSONAL_CODE,
  startWeb,
  textOf,
  UID,
  type WebOptions,
  type WebUnderTest,
} from '../web-under-test.ts';

const LOGIN = `/login/${UID}`;
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
const BRANDING: ClientBranding = {
  names: { et: 'Linna <i>raamatukogu</i>', ru: 'Городская библиотека' },
  displayText: { lv: 'Ienākt bibliotēkā', default: 'Enter the library' },
  logo: { type: 'image/svg+xml', bytes: Buffer.from(SVG) },
  accentColor: '#ffd400',
};

let web: WebUnderTest;
const start = async (branding?: Partial<ClientBranding>, options?: WebOptions) => {
  web = await startWeb({
    client: {
      id: 'city library/1',
      name: 'City Library',
      uri: undefined,
      ...(branding ? { branding: { ...NOTHING, ...branding } } : {}),
    },
    ...options,
  });
};
const NOTHING: ClientBranding = { names: {}, displayText: {}, logo: undefined, accentColor: undefined };
afterEach(() => web.close());

/** The addresses that the page loads from `/clients/`. */
const addressesOf = (html: string) =>
  Array.from(html.matchAll(/(?:src|href)="(\/clients\/[^"]+)"/g), ([, address]) => address ?? '');
const waitPage = async (headers: Record<string, string> = {}) => {
  web.login.wait();
  return (await web.get(`${LOGIN}/wait`, headers)).text();
};

describe('a client’s branding', () => {
  it('is on the pages, from our own origin and not inline', async () => {
    await start(BRANDING);
    const html = await waitPage();
    const [theme = '', logo = ''] = addressesOf(html);
    assert.match(theme, /^\/clients\/city%20library%2F1\/theme\.[\w-]{10}\.css$/);
    assert.match(logo, /^\/clients\/city%20library%2F1\/logo\.[\w-]{10}\.svg$/);
    assert.match(html, new RegExp(`<img class="logo" src="${logo}" alt="">`));
    assert.ok(!html.includes('#ffd400') && !html.includes('<svg') && !html.includes('class="tile"'));
  });

  it('is in the tab too, and has a logo for the dark theme', async () => {
    const dark = { type: 'image/svg+xml', bytes: Buffer.from(SVG.replace('1', '2')) } as const;
    await start({ ...BRANDING, logoDark: dark });
    const html = await waitPage();
    const [light, forDark] = [BRANDING.logo, dark].map(
      (logo) => logo && logoFile('city library/1', logo).address,
    );
    assert.ok(html.includes(`<link rel="icon" href="${light}">`));
    assert.ok(html.includes(`<link rel="icon" href="${forDark}" media="(prefers-color-scheme: dark)">`));
    assert.ok(
      html.includes(
        `<source media="(prefers-color-scheme: dark)" srcset="${forDark}"><img class="logo for-dark" src="${light}" alt="">`,
      ),
    );
    assert.equal(await (await web.get(forDark ?? '')).text(), dark.bytes.toString());
    assert.equal(await (await web.get(light ?? '')).text(), SVG);
  });

  it('is the first letter of the name and our colours by default', async () => {
    await start();
    const html = await waitPage();
    assert.deepEqual(addressesOf(html), []);
    assert.match(html, /<span class="tile" aria-hidden="true">C<\/span>/);
    assert.match(html, /<link rel="icon" href="\/assets\/icon\.[\w-]{10}\.svg" type="image\/svg\+xml">/);
  });

  it('shows the name in the language of the page, escaped', async () => {
    await start(BRANDING);
    for (const [language, name] of [
      ['et', 'Linna <i>raamatukogu</i>'],
      ['ru', 'Городская библиотека'],
      ['de', 'City Library'],
    ] as const) {
      const html = await waitPage({ 'accept-language': language });
      assert.ok(textOf(html).includes(name), language);
      assert.ok(!html.includes('<i>raamatukogu'));
    }
    web.login.finished();
    const html = await (await web.get(`${LOGIN}/wait`, { 'accept-language': 'et' })).text();
    assert.equal(headingOf(html), et.notices.finished.heading);
    assert.ok(textOf(html).includes(et.action.continueTo('Linna <i>raamatukogu</i>')));
  });

  it('is cached for long under addresses that change with the content', async () => {
    await start(BRANDING);
    for (const address of addressesOf(await waitPage())) {
      const answer = await web.get(address, { cookie: '' });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable');
      assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
      const other = await web.get(address.replace(/\.[\w-]{10}\./, '.0123456789.'), { cookie: '' });
      assert.deepEqual([other.status, other.headers.get('cache-control')], [200, 'no-cache']);
      assert.equal((await web.get(address, { cookie: '' }, 'HEAD')).status, 200);
    }
  });

  it('serves an SVG that runs no script if it is opened directly', async () => {
    await start(BRANDING);
    const [, logo = ''] = addressesOf(await waitPage());
    const answer = await web.get(logo);
    assert.equal(answer.headers.get('content-type'), 'image/svg+xml');
    assert.equal(
      answer.headers.get('content-security-policy'),
      "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'",
    );
    assert.equal(await answer.text(), SVG);
  });

  it('serves the logo of each service behind the client, at an address of its own', async () => {
    const logos = ['red', 'blue'].map((colour) => ({
      type: 'image/svg+xml' as const,
      bytes: Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg"><rect fill="${colour}"/></svg>`),
    }));
    await start({ ...BRANDING, serviceLogos: logos });
    for (const logo of logos) {
      const answer = await web.get(logoFile('city library/1', logo).address);
      assert.equal(await answer.text(), logo.bytes.toString());
      assert.match(answer.headers.get('cache-control') ?? '', /immutable/);
    }
  });

  it('serves an unchanged PNG and a style sheet', async () => {
    const bytes = Buffer.from('89504e470d0a1a0a00ff', 'hex');
    await start({ logo: { type: 'image/png', bytes }, accentColor: '#0a6e5c' });
    const [theme = '', logo = ''] = addressesOf(await waitPage());
    const picture = await web.get(logo);
    assert.equal(picture.headers.get('content-type'), 'image/png');
    assert.deepEqual(Buffer.from(await picture.arrayBuffer()), bytes);
    const sheet = await web.get(theme);
    assert.match(sheet.headers.get('content-type') ?? '', /^text\/css/);
    assert.equal(await sheet.text(), themeOf('#0a6e5c'));
  });

  it('is served at no other address', async () => {
    await start({ accentColor: '#0a6e5c' });
    const [theme = ''] = addressesOf(await waitPage());
    for (const path of [
      theme.replace('city%20library%2F1', 'another'),
      theme.replace('theme', 'logo').replace('.css', '.png'),
      theme.replace('.css', '.svg'),
      theme.replace('city%20library%2F1', '%E0%A4%A'),
      '/clients/city%20library%2F1',
    ]) {
      const answer = await web.get(path);
      assert.equal(answer.status, 404, path);
      assert.equal(headingOf(await answer.text()), en.errors[404].heading);
    }
  });
});

describe('the text in the app', () => {
  const textIn = async (language: string) => {
    await web.post(
      `${LOGIN}/code`,
      { country: 'EE', personal_code: PERSONAL_CODE },
      { 'accept-language': language },
    );
    return web.login.begun.at(-1)?.displayText;
  };

  it('is the client’s own, in the person’s language, and says that the browser is unknown', async () => {
    await start(BRANDING);
    assert.equal(await textIn('lv'), lv.ownTextUnknownBrowser('Ienākt bibliotēkā'));
    assert.equal(await textIn('et'), et.ownTextUnknownBrowser('Enter the library'));
  });

  it('says which unknown browser it is, where the browser says so', async () => {
    await start({ names: { et: 'Raamatukogu' } });
    const agent = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0';
    await web.post(
      `${LOGIN}/code`,
      { country: 'EE', personal_code: PERSONAL_CODE },
      { 'accept-language': 'et', 'user-agent': agent },
    );
    assert.equal(web.login.begun.at(-1)?.displayDetails, et.unknownBrowser('Firefox, Windows'));
    assert.equal(web.login.begun.at(-1)?.browser, 'Firefox, Windows');
    assert.equal(await textIn('et'), et.appTextUnknownBrowser('Raamatukogu'));
    assert.equal(web.login.begun.at(-1)?.displayDetails, undefined);
  });

  it('says from which country the unknown browser is, where the proxy says so', async () => {
    const shownWith = async (headers: Record<string, string>) => {
      const form = { country: 'EE', personal_code: PERSONAL_CODE };
      await web.post(`${LOGIN}/restart`, {});
      await web.post(`${LOGIN}/code`, form, { 'accept-language': 'et', ...headers });
      return web.login.begun.at(-1)?.displayDetails;
    };
    await start({}, { trustProxy: 1, countryHeader: 'x-country' });
    assert.equal(await shownWith({ 'x-country': 'LV' }), et.unknownBrowser('Läti'));
    for (const country of ['XX', 'T1', 'lv', 'LVA', '<b>', '']) {
      assert.equal(await shownWith({ 'x-country': country }), undefined, country);
    }
    await web.close();
    await start({}, { trustProxy: 1 });
    assert.equal(await shownWith({ 'x-country': 'LV' }), undefined);
  });

  it('names the client if it has no text of its own', async () => {
    await start({ names: { et: 'Raamatukogu' } });
    assert.equal(await textIn('et'), et.appTextUnknownBrowser('Raamatukogu'));
    assert.equal(await textIn('lv'), lv.appTextUnknownBrowser('City Library'));
  });
});
