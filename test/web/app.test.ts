import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import { en } from '../../src/web/messages/en.ts';
import {
  COOKIE,
  headingOf,
  PERSONAL_CODE,
  providerOf,
  startWeb,
  UID,
  type WebOptions,
  type WebUnderTest,
} from './web-under-test.ts';

const LOGIN = `/login/${UID}`;
const ESTONIAN = { country: 'EE', personal_code: PERSONAL_CODE };

let web: WebUnderTest;
const start = async (options?: WebOptions) => (web = await startWeb(options));
afterEach(() => web.close());

describe('security headers', () => {
  it('allow only our own origin, on every response', async () => {
    await start();
    web.login.wait();
    const answers = [
      await web.get(LOGIN),
      await web.get(`${LOGIN}/wait`),
      await web.get(`${LOGIN}/status`),
      await web.get('/nowhere'),
      await web.get('/healthz'),
      await web.get('/browser/forget'),
      await web.get('/callback/smart-id'),
      await web.get('/callback/smart-id/used'),
      await web.get(`/language?to=et&back=${LOGIN}`),
      await web.get('/clients/nobody/logo.0123456789.png'),
      await web.get(`${LOGIN}/wait`, { accept: 'application/json' }, 'DELETE'),
      await web.post(`${LOGIN}/code`, ESTONIAN),
      await web.post(`${LOGIN}/cancel`, {}, { 'sec-fetch-site': 'cross-site' }),
    ];
    for (const { headers, url } of answers) {
      const policy = headers.get('content-security-policy') ?? '';
      assert.match(policy, /default-src 'none'/, url);
      assert.match(policy, /base-uri 'none'; frame-ancestors 'none'; object-src 'none'/, url);
      assert.ok(!policy.includes('unsafe') && !policy.includes('http') && !policy.includes('*'), url);
      assert.equal(headers.get('x-content-type-options'), 'nosniff', url);
      assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin', url);
      assert.equal(headers.get('cross-origin-resource-policy'), 'same-origin', url);
      assert.equal(headers.get('referrer-policy'), 'same-origin', url);
      assert.equal(headers.get('x-frame-options'), 'DENY', url);
      assert.match(headers.get('permissions-policy') ?? '', /^camera=\(\), geolocation=\(\)/, url);
      assert.equal(headers.get('cache-control'), 'no-store', url);
      assert.equal(headers.get('strict-transport-security'), null, url);
    }
    assert.match((await web.get(LOGIN)).headers.get('content-security-policy') ?? '', /form-action 'self'/);
  });

  it('set HSTS if the issuer uses https', async () => {
    await start({ issuer: 'https://login.example.ee' });
    assert.equal((await web.get(LOGIN)).headers.get('strict-transport-security'), 'max-age=63072000');
  });

  it('keep pages from other origins, and from inline styles and scripts', async () => {
    await start({ environment: 'live' });
    web.login.wait();
    for (const path of [LOGIN, `${LOGIN}/wait`]) {
      const html = await (await web.get(path)).text();
      for (const [, address] of html.matchAll(/<(?:script|link|img)[^>]*(?:src|href)="([^"]*)"/g)) {
        assert.match(address ?? '', /^\/assets\//);
      }
      assert.ok(!/ style=|<style|<script>| on[a-z]+="/.test(html));
    }
  });
});

describe('cross-site check', () => {
  for (const [name, headers] of [
    ['another site', { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }],
    ['a sibling domain', { 'sec-fetch-site': 'same-site' }],
    [
      'another origin, in a browser without fetch metadata',
      { 'sec-fetch-site': '', origin: 'https://evil.example' },
    ],
    ['an opaque origin', { 'sec-fetch-site': '', origin: 'null' }],
    ['a request without both headers', { 'sec-fetch-site': '', origin: '' }],
  ] as const) {
    it(`refuses a form from ${name}`, async () => {
      await start();
      web.login.wait();
      for (const path of [LOGIN, `${LOGIN}/cancel`]) {
        const answer = await web.post(path, ESTONIAN, headers);
        assert.equal(answer.status, 403);
        assert.equal(headingOf(await answer.text()), en.errors[403].heading);
      }
      assert.deepEqual([web.login.begun.length, web.login.state()], [0, 'waiting']);
      assert.deepEqual(
        web.audited.map(({ event }) => event),
        ['cross_site_refused', 'cross_site_refused'],
      );
    });
  }

  it('refuses a form whose origin only begins like ours, is ours by another scheme, or contradicts the other header', async () => {
    await start();
    for (const headers of [
      { 'sec-fetch-site': '', origin: `${web.issuer}.evil.example` },
      { 'sec-fetch-site': '', origin: web.issuer.replace('http:', 'https:') },
      { 'sec-fetch-site': 'same-origin', origin: 'https://evil.example' },
      { 'sec-fetch-site': 'cross-site', origin: web.issuer },
      { 'sec-fetch-site': 'none', origin: '' },
    ]) {
      for (const path of [`${LOGIN}/code`, '/browser/forget', '/me/forget'])
        assert.equal((await web.post(path, ESTONIAN, headers)).status, 403, JSON.stringify(headers));
    }
    assert.equal(web.login.begun.length, 0);
    assert.equal((await web.post(`${LOGIN}/code`, ESTONIAN, { 'sec-fetch-site': '' })).status, 303);
  });

  it('lets other sites send requests to the OpenID Connect endpoints', async () => {
    await start({
      oidc: providerOf((ctx) => {
        ctx.body = { ok: true };
      }),
    });
    const answer = await web.post(
      '/token',
      {},
      { 'sec-fetch-site': 'cross-site', origin: 'https://app.example' },
    );
    assert.equal(answer.status, 200);
  });
});

describe('forms', () => {
  it('are refused if they are too large', async () => {
    await start();
    const answer = await web.post(`${LOGIN}/code`, { country: 'EE', personal_code: '4'.repeat(5_000) });
    assert.equal(answer.status, 413);
    assert.equal(headingOf(await answer.text()), en.errors[413].heading);
  });

  it('are refused with another content type', async () => {
    await start();
    const answer = await fetch(web.address + LOGIN, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/html',
        cookie: COOKIE,
        origin: web.issuer,
      },
      body: JSON.stringify(ESTONIAN),
    });
    assert.equal(answer.status, 415);
    assert.equal(web.login.begun.length, 0);
  });

  it('are refused with a content encoding, with an error page and no error in the log', async () => {
    await start();
    for (const encoding of ['gzip', 'deflate', 'br', 'zstd', 'x-none', 'gzip, identity', 'Identity']) {
      for (const path of [`${LOGIN}/code`, '/login/x/code', '/browser/forget']) {
        const answer = await web.post(path, ESTONIAN, { 'content-encoding': encoding, cookie: '' });
        assert.equal(answer.status, 415, encoding);
        assert.equal(headingOf(await answer.text()), en.errors[415].heading, encoding);
      }
    }
    assert.equal(web.login.begun.length, 0);
    assert.ok(!web.lines.join('').includes('request_failed'));
  });

  it('are accepted with the content encoding identity', async () => {
    await start();
    const answer = await web.post(`${LOGIN}/code`, ESTONIAN, { 'content-encoding': 'identity' });
    assert.equal(answer.status, 303);
    assert.equal(web.login.begun.length, 1);
  });
});

describe('errors', () => {
  it('are a page with the incident number of the log and without details', async () => {
    await start({ change: { interactions: { find: () => Promise.reject(new Error('secret detail')) } } });
    const answer = await web.get(LOGIN);
    const html = await answer.text();
    const incident = /<code>([2-9A-Z]{4}-[2-9A-Z]{4})<\/code>/.exec(html)?.[1] ?? 'none';
    assert.equal(answer.status, 500);
    assert.equal(headingOf(html), en.errors[500].heading);
    assert.ok(!html.includes('secret detail') && !html.includes('    at '));
    assert.ok(html.includes(`<a class="primary" href="${LOGIN}">`));
    const line = web.lines.find((text) => text.includes('request_failed')) ?? '';
    assert.ok(line.includes(`"request":"${incident}"`) && line.includes('secret detail'));
  });

  it('are JSON if the client accepts JSON', async () => {
    await start({ change: { interactions: { find: () => Promise.reject(new Error('secret detail')) } } });
    const answer = await web.get(`${LOGIN}/status`, { accept: 'application/json' });
    assert.equal(answer.status, 500);
    assert.equal(((await answer.json()) as { error: string }).error, 'server_error');
  });

  it('say that an address is unknown or does not accept the method', async () => {
    await start();
    for (const path of [
      '/nowhere',
      '/login',
      `${LOGIN}/elsewhere`,
      '/login/not%20an%20uid',
      '/login/%E0%A4%A',
      '/assets/none.css',
    ]) {
      const answer = await web.get(path);
      assert.equal(answer.status, 404, path);
      assert.equal(headingOf(await answer.text()), en.errors[404].heading, path);
    }
    const answer = await web.get(LOGIN, {}, 'DELETE');
    assert.equal(answer.status, 405);
    assert.equal(answer.headers.get('allow'), 'HEAD, GET');
    assert.equal(headingOf(await answer.text()), en.errors[405].heading);
  });
});
