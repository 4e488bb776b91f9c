import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, afterEach, before, describe, it } from 'node:test';
import { en } from '../../../src/web/messages/en.ts';
import { lt } from '../../../src/web/messages/lt.ts';
import { createHttpBrowser } from '../../support/servers/http-browser.ts';
import { startWholeSild, type WholeSild } from '../../support/whole-sild.ts';
import { headingOf, startWeb, UID, type WebOptions, type WebUnderTest } from '../web-under-test.ts';

const FORM = 'application/x-www-form-urlencoded';
const CROSS_SITE = { origin: 'https://app.example', 'sec-fetch-site': 'cross-site' };

describe('a posted authorization or logout request', () => {
  let web: WebUnderTest;
  const start = async (options?: WebOptions) => (web = await startWeb(options));
  afterEach(() => web.close());

  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(web.address + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { accept: 'text/html', 'content-type': FORM, ...CROSS_SITE, ...headers },
      body,
    });

  for (const path of ['/authorize', '/logout']) {
    it(`is redirected to the same request by GET, from any site: ${path}`, async () => {
      await start();
      const answer = await post(path, 'client_id=sample-app&state=a+b%26c&ui_locales=');
      assert.equal(answer.status, 303);
      assert.equal(answer.headers.get('location'), `${path}?client_id=sample-app&state=a+b%26c&ui_locales=`);
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      assert.deepEqual(web.audited, []);
    });
  }

  it('may have no parameters', async () => {
    await start();
    for (const headers of [{}, { 'content-type': '' }]) {
      const answer = await post('/logout', '', headers);
      assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/logout']);
    }
  });

  for (const [what, body, query] of [
    ['repeated parameters', 'state=1&scope=openid&state=2', 'state=1&scope=openid&state=2'],
    ['names with brackets', 'a[b]=1&a[]=2', 'a%5Bb%5D=1&a%5B%5D=2'],
    ['letters of any language, encoded', 'state=%C3%B5%D0%B6', 'state=%C3%B5%D0%B6'],
    ['letters of any language, as they are', 'state=õж', 'state=%C3%B5%D0%B6'],
    ['bytes that are no letters', 'state=%FF%C3', 'state=%EF%BF%BD%EF%BF%BD'],
    ['line breaks', 'state=%0D%0AX-A:1\r\nX-B: 1', 'state=%0D%0AX-A%3A1%0D%0AX-B%3A+1'],
    ['a value that resembles an address', 'state=1#//evil.example/?x', 'state=1%23%2F%2Fevil.example%2F%3Fx'],
  ] as const) {
    it(`keeps ${what}`, async () => {
      await start();
      const answer = await post('/authorize', body);
      assert.equal(answer.headers.get('location'), `/authorize?${query}`);
      assert.deepEqual([answer.headers.get('x-a'), answer.headers.get('x-b')], [null, null]);
    });
  }

  it('is refused if it is too large, as a form or as an address', async () => {
    await start();
    for (const body of [`state=${'x'.repeat(6 * 1024)}`, `state=${'õ'.repeat(2 * 1024)}`]) {
      const answer = await post('/authorize', body);
      assert.equal(answer.status, 413);
      const html = await answer.text();
      assert.equal(headingOf(html), en.openIdError.heading);
      assert.match(html, /<code>invalid_request: [^<]+ \([0-9A-Z]{4}-[0-9A-Z]{4}\)<\/code>/);
    }
    assert.equal((await post('/authorize', `state=${'x'.repeat(6 * 1024 - 6)}`)).status, 303);
  });

  it('is refused with another content type', async () => {
    await start();
    for (const type of ['application/json', 'text/plain', 'multipart/form-data; boundary=x', 'x']) {
      for (const [path, heading] of [
        ['/authorize', en.openIdError.heading],
        ['/logout', en.logoutErrors.refused.heading],
      ] as const) {
        const answer = await post(path, 'client_id=sample-app', { 'content-type': type });
        assert.equal(answer.status, 415, type);
        assert.equal(headingOf(await answer.text()), heading);
      }
    }
  });

  it('is refused with a compressed body, or one that only says so', async () => {
    await start();
    for (const encoding of ['gzip', 'br', 'deflate', 'unknown']) {
      const answer = await post('/authorize', 'client_id=sample-app', { 'content-encoding': encoding });
      assert.equal(answer.status, 415, encoding);
    }
    assert.equal((await post('/logout', 'state=1', { 'content-encoding': 'identity' })).status, 303);
  });

  it('counts for the rate limit', async () => {
    await start({ requestRate: { count: 1, perMs: 60_000 } });
    const statuses = [await post('/logout', 'state=1'), await post('/logout', 'state=1')];
    assert.deepEqual(
      statuses.map(({ status }) => status),
      [303, 429],
    );
  });

  it('begins no login while this instance stops', async () => {
    await start({ draining: () => true });
    assert.equal((await post('/authorize', 'client_id=sample-app')).status, 503);
  });

  it('does not include other endpoints: their bodies are left to oidc-provider', async () => {
    const echo = (req: IncomingMessage, res: ServerResponse) =>
      void text(req).then((body) => res.end(JSON.stringify([req.url, body])));
    await start({ oidc: echo });
    for (const path of ['/logout/confirm', `/authorize/${UID}`, '/token', '/par']) {
      const answer = await post(path, 'logout=yes', { accept: '*/*' });
      assert.deepEqual(await answer.json(), [path, 'logout=yes']);
    }
  });
});

describe('a client that posts its requests', () => {
  let sild: WholeSild;
  before(async () => {
    sild = await startWholeSild();
  });
  after(() => sild.stop());

  const request = () => ({
    client_id: 'sample-app',
    redirect_uri: sild.redirectUri,
    response_type: 'code',
    scope: 'openid',
    state: 'õ ж',
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
  });

  it('reaches the login page', async () => {
    const page = await createHttpBrowser().post(`${sild.issuer}/authorize`, request());
    assert.equal(page.status, 200);
    assert.equal(headingOf(page.text), en.methods.heading);
  });

  it('gets the error of its request', async () => {
    const { state } = request();
    const body = `${new URLSearchParams(request()).toString()}&${new URLSearchParams({ state }).toString()}`;
    const headers = { 'content-type': FORM, accept: 'text/html' };
    const answer = await fetch(`${sild.issuer}/authorize`, {
      method: 'POST',
      headers,
      body,
      redirect: 'manual',
    });
    const refused = await createHttpBrowser({ stopAt: (url) => url.origin !== sild.issuer }).get(
      new URL(answer.headers.get('location') ?? '', sild.issuer),
    );
    assert.match(refused.url.searchParams.get('error_description') ?? '', /must not be provided twice/);
  });

  it('completes a logout', async () => {
    const asked = { client_id: 'sample-app', ui_locales: 'lt' };
    const page = await createHttpBrowser().post(`${sild.issuer}/logout`, asked);
    assert.equal(page.status, 200);
    assert.equal(headingOf(page.text), lt.notices.loggedOut.heading);
  });
});
