/**
 * The QR code of a login begins without a click. Nothing that only loads pages may begin a session at Smart-ID: a browser that
 * loads in advance, a scanner that follows the links in a mail, a form or a frame of another site. The same in a real
 * browser: `e2e/operation/hostile-sites.test.ts`.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createHttpBrowser, type HttpBrowser } from '../support/servers/http-browser.ts';
import { startLogin } from '../support/attack-actors.ts';
import { startWholeSild, type WholeSild } from '../support/whole-sild.ts';

const PREFETCH = [
  { 'sec-purpose': 'prefetch' },
  { 'sec-purpose': 'prefetch;prerender' },
  { purpose: 'prefetch' },
];
/** What a browser says of a request that a page of another site has caused. */
const FOREIGN = [
  { 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': 'iframe' },
  { 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'iframe' },
  { origin: 'https://evil.example' },
];

let sild: WholeSild;
const begun = () => sild.log.filter(({ event }) => event === 'login_begun').length;

/** A browser that sends more headers than usual. */
function browserWith(more: Readonly<Record<string, string>>): HttpBrowser {
  return createHttpBrowser({
    fetch: (url, { headers, ...init }) =>
      fetch(url, { ...init, headers: { ...Object.fromEntries(headers), ...more } }),
  });
}

describe('no session begins at Smart-ID', () => {
  before(async () => {
    sild = await startWholeSild();
  });
  after(() => sild.stop());

  it('for a scanner that opens every link of every page, again and again', async () => {
    const { browser, firstPage } = await startLogin(sild);
    const open = [
      firstPage.url.href,
      `${firstPage.url.href}/wait`,
      `${firstPage.url.href}/wait?show=qr&poll`,
    ];
    const seen = new Set(open);
    for (let next = open.shift(); next !== undefined; next = open.shift()) {
      const { text, url } = await browser.get(next);
      for (const [, href = ''] of text.matchAll(/<a [^>]*href="([^"]+)"/g)) {
        const link = new URL(href.replaceAll('&amp;', '&'), url);
        if (link.origin !== sild.issuer || seen.has(link.href)) continue;
        seen.add(link.href);
        open.push(link.href);
      }
    }
    assert.ok(seen.size > 10, `${seen.size} pages`);
    assert.equal(begun(), 0);
  });

  for (const headers of PREFETCH) {
    it(`for a browser that loads in advance: ${JSON.stringify(headers)}`, async () => {
      const { browser, firstPage } = await startLogin(sild, browserWith(headers));
      assert.equal(firstPage.status, 200);
      for (const show of ['qr', 'web2app']) {
        assert.equal((await browser.post(`${firstPage.url.href}/device-link`, { show })).status, 403);
      }
      const fields = { show: 'qr', country: 'EE', personal_code: '30403039917' };
      for (const path of ['/code', '/restart', '/cancel']) {
        assert.equal((await browser.post(`${firstPage.url.href}${path}`, fields)).status, 403, path);
      }
      assert.equal(begun(), 0);
    });
  }

  for (const headers of FOREIGN) {
    it(`for a page or a form of another site: ${JSON.stringify(headers)}`, async () => {
      const own = await startLogin(sild);
      const foreign = browserWith(headers);
      // The browser sends the cookies of the login, as it does for sites under the same domain.
      for (const [name, value] of Object.entries(own.browser.cookiesFor(own.firstPage.url)))
        foreign.setCookie(`${name}=${value}; path=/`, own.firstPage.url);
      const page = await foreign.get(own.firstPage.url);
      if ('sec-fetch-dest' in headers) assert.ok(!page.text.includes('data-start'));
      assert.match(page.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'/);
      for (const path of ['/device-link', '/code']) {
        const fields = { show: 'qr', country: 'EE', personal_code: '30403039917' };
        assert.equal((await foreign.post(`${own.firstPage.url.href}${path}`, fields)).status, 403);
      }
      assert.equal(begun(), 0);
    });
  }
});

describe('pages that a hostile site opens', () => {
  it('begin no more sessions than the limit of the address, also by a script', async () => {
    sild = await startWholeSild({ RATE_ADDRESS: '2/1h' });
    try {
      for (let count = 0; count < 5; count++) {
        const { browser, firstPage } = await startLogin(
          sild,
          browserWith({ accept: 'application/json, */*' }),
        );
        const { text } = await browser.post(`${firstPage.url.href}/device-link`, { show: 'qr' });
        assert.ok(!text.includes('deviceLink') && !text.includes('sessionToken'));
      }
      assert.equal(sild.log.filter(({ event }) => event === 'login_waiting').length, 2);
    } finally {
      await sild.stop();
    }
  });
});
