import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import Koa from 'koa';
import { createSecrets } from '../../src/secrets/secrets.ts';
import { loadPages } from '../../src/web/pages/load-pages.ts';
import { en } from '../../src/web/messages/en.ts';
import { createWaitingLimits } from '../../src/web/login/waiting-limits.ts';
import {
  COOKIE,
  headingOf,
  PERSONAL_CODE,
  startWeb,
  textOf,
  UID,
  until,
  type WebOptions,
  type WebUnderTest,
} from './web-under-test.ts';

const LOGIN = `/login/${UID}`;
const ESTONIAN = { country: 'EE', personal_code: PERSONAL_CODE };

let web: WebUnderTest;
const start = async (options?: WebOptions) => (web = await startWeb(options));
afterEach(() => web.close());

/** A Koa app in place of oidc-provider. */
const provider = (answer: Koa.Middleware) =>
  new Koa()
    .use(answer)
    .on('error', () => undefined)
    .callback();

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

  it('lets other sites send requests to the OpenID Connect endpoints', async () => {
    await start({
      oidc: provider((ctx) => {
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

describe('draining', () => {
  it('refuses new logins and says when to retry', async () => {
    await start({ draining: () => true });
    for (const answer of [
      await web.get(LOGIN),
      await web.post(`${LOGIN}/code`, ESTONIAN),
      await web.post(`${LOGIN}/device-link`, { show: 'qr' }),
      await web.get('/authorize?client_id=sample-app'),
      await web.post('/par'),
      await web.post('/ciba'),
    ]) {
      assert.equal(answer.status, 503);
      assert.equal(answer.headers.get('retry-after'), '5');
      assert.equal(headingOf(await answer.text()), en.errors[503].heading);
    }
    assert.equal(web.login.begun.length, 0);
  });

  it('links an address that the next instance serves, and none if there is no such address', async () => {
    let draining = true;
    await start({ draining: () => draining });
    const retryOf = async (answer: Promise<Response>) =>
      /<a class="primary" href="([^"]*)"/.exec(await (await answer).text())?.[1];
    const of = {
      methods: await retryOf(web.get(LOGIN)),
      form: await retryOf(web.get(`${LOGIN}/code?a=b`)),
      sentForm: await retryOf(web.post(`${LOGIN}/code`, ESTONIAN)),
      deviceLink: await retryOf(web.post(`${LOGIN}/device-link`, { show: 'qr' })),
      reloadedDeviceLink: await retryOf(web.get(`${LOGIN}/device-link`)),
    };
    assert.deepEqual(of, {
      methods: LOGIN,
      form: `${LOGIN}/code?a=b`,
      sentForm: `${LOGIN}/code`,
      deviceLink: LOGIN,
      reloadedDeviceLink: LOGIN,
    });
    assert.equal(await retryOf(web.get('/authorize?client_id=a')), '/authorize?client_id=a');
    for (const path of ['/authorize', '/par']) assert.equal(await retryOf(web.post(path)), undefined);
    assert.equal(await retryOf(web.get('/par')), undefined);
    draining = false;
    for (const path of Object.values(of)) assert.equal((await web.get(path)).status, 200, path);
  });

  it('lets running logins end', async () => {
    await start({
      draining: () => true,
      oidc: provider((ctx) => {
        ctx.body = { path: ctx.path };
      }),
    });
    web.login.wait();
    assert.equal((await web.get(`${LOGIN}/wait`)).status, 200);
    web.login.answer();
    assert.equal((await web.get(`${LOGIN}/wait`)).status, 303);
    assert.equal((await web.get(`/authorize/${UID}`)).status, 200);
    assert.equal((await web.post('/token')).status, 200);
  });
});

describe('health', () => {
  const ask = async (path: string) => {
    const answer = await web.get(path);
    return [answer.status, ((await answer.json()) as { status: string }).status];
  };

  it('distinguishes alive, ready, not ready and draining', async () => {
    let draining = false;
    let broken = false;
    await start({
      draining: () => draining,
      ready: () => (broken ? Promise.reject(new Error('no database')) : Promise.resolve()),
    });
    assert.deepEqual(await ask('/healthz'), [200, 'alive']);
    assert.deepEqual(await ask('/readyz'), [200, 'ready']);
    broken = true;
    assert.deepEqual(await ask('/readyz'), [503, 'not_ready']);
    broken = false;
    draining = true;
    assert.deepEqual(await ask('/readyz'), [503, 'draining']);
    assert.deepEqual(await ask('/healthz'), [200, 'alive']);
  });

  it('is ready for a load balancer that asks so, and for no other, where only the places to wait are taken', async () => {
    let broken = false;
    const waiting = createWaitingLimits(Date.now, { places: 1 });
    await start({
      waiting,
      ready: () => (broken ? Promise.reject(new Error('no database')) : Promise.resolve()),
    });
    assert.deepEqual(await ask('/readyz?full=ok'), [200, 'ready']);
    waiting.hold('a login');
    assert.deepEqual(await ask('/readyz'), [503, 'full']);
    assert.deepEqual(await ask('/readyz?full=ok'), [200, 'full']);
    assert.deepEqual(await ask('/healthz'), [200, 'alive']);
    broken = true;
    assert.deepEqual(await ask('/readyz?full=ok'), [503, 'not_ready']);
  });

  it('checks readiness once for requests at the same time, and again for later ones', async () => {
    const asked: PromiseWithResolvers<undefined>[] = [];
    let arrived = 0;
    await start({
      // Called by each request.
      draining: () => {
        arrived += 1;
        return false;
      },
      ready: () => {
        const answer = Promise.withResolvers<undefined>();
        asked.push(answer);
        return answer.promise;
      },
    });
    const crowd = Array.from({ length: 20 }, () => ask('/readyz'));
    await until(() => arrived === crowd.length);
    assert.equal(asked.length, 1);
    asked[0]?.reject(new Error('no database'));
    for (const answer of await Promise.all(crowd)) assert.deepEqual(answer, [503, 'not_ready']);
    assert.equal(web.lines.filter((line) => line.includes('no database')).length, 1);
    const next = ask('/readyz');
    await until(() => asked.length === 2);
    asked[1]?.resolve(undefined);
    assert.deepEqual(await next, [200, 'ready']);
  });
});

describe('assets', () => {
  const addressesOf = async () =>
    Array.from(
      (await (await web.get(LOGIN)).text()).matchAll(/"(\/assets\/[^"]+)"/g),
      ([, address]) => address ?? '',
    );

  it('are cached for long under an address that changes with their content', async () => {
    await start();
    const addresses = await addressesOf();
    assert.equal(addresses.length, 3);
    for (const address of addresses) {
      const answer = await web.get(address, { cookie: '' });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('cache-control'), 'public, max-age=31536000, immutable');
      assert.match(
        answer.headers.get('content-type') ?? '',
        /^(text\/css|(text|application)\/javascript|image\/svg\+xml)/,
      );
    }
  });

  it('are served to a page of another release without caching', async () => {
    await start();
    const answer = await web.get('/assets/login.0123456789.css');
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('cache-control'), 'no-cache');
  });

  it('have an icon at the address that browsers try without a page', async () => {
    await start();
    const answer = await web.get('/favicon.ico', { cookie: '' });
    assert.deepEqual(
      [answer.status, answer.headers.get('content-type'), answer.headers.get('cache-control')],
      [200, 'image/x-icon', 'public, max-age=86400'],
    );
    const bytes = Buffer.from(await answer.arrayBuffer());
    assert.equal(bytes.toString('hex', 0, 6), '000001000100');
    assert.equal((await web.get('/favicon.ico', {}, 'HEAD')).status, 200);
  });

  it('weigh less than 30 kB with the login page', async () => {
    await start({ environment: 'simulator', simulatorPhoneUrl: 'http://localhost:3001/' });
    const sizeOf = async (path: string) => {
      const answer = await web.get(path, { 'accept-encoding': 'gzip' });
      const plain = Buffer.from(await answer.arrayBuffer());
      const sent = Number(answer.headers.get('content-length'));
      assert.ok(sent > 0 && sent <= plain.length);
      return sent;
    };
    let total = await sizeOf(LOGIN);
    for (const address of await addressesOf()) total += await sizeOf(address);
    assert.ok(total < 30_000, `${total} bytes`);
  });
});

describe('OpenID Connect', () => {
  it('answers every other request, with unchanged JSON and our headers', async () => {
    await start({
      oidc: provider((ctx) => {
        ctx.set('Access-Control-Allow-Origin', '*');
        ctx.body = { issuer: 'x' };
      }),
    });
    const answer = await web.get('/.well-known/openid-configuration', { accept: '*/*' });
    assert.deepEqual(await answer.json(), { issuer: 'x' });
    assert.equal(answer.headers.get('access-control-allow-origin'), '*');
    assert.equal(answer.headers.get('cache-control'), null);
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
    // form_post and logout redirect to the client's address, see OPENID_POLICY.
    assert.ok(!answer.headers.get('content-security-policy')?.includes('form-action'));
  });

  it('shows browsers our pages instead of plain text', async () => {
    await start({
      oidc: provider((ctx) => {
        if (ctx.path === '/authorize') throw new Error('secret detail');
      }),
    });
    const missing = await web.get('/authorize/nowhere');
    assert.equal(missing.status, 404);
    assert.equal(headingOf(await missing.text()), en.errors[404].heading);
    const broken = await web.get('/authorize');
    const html = await broken.text();
    assert.equal(broken.status, 500);
    assert.equal(headingOf(html), en.errors[500].heading);
    assert.match(broken.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    const incident = /<code>([2-9A-Z]{4}-[2-9A-Z]{4})<\/code>/.exec(html)?.[1] ?? 'none';
    assert.ok(web.lines.some((line) => line.includes('request_failed') && line.includes(incident)));
  });

  it('keeps its JSON errors', async () => {
    await start({
      oidc: provider((ctx) => {
        ctx.status = 400;
        ctx.body = { error: 'invalid_grant' };
      }),
    });
    const answer = await web.post('/token', {}, { accept: '*/*' });
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.deepEqual(await answer.json(), { error: 'invalid_grant' });
  });

  it('logs the endpoint, never an unknown address', async () => {
    await start();
    await web.get(`/authorize/${UID}`);
    await web.get(`/${PERSONAL_CODE}`);
    await until(() => web.lines.filter((line) => line.includes('"event":"request"')).length === 2);
    const log = web.lines.join('');
    assert.match(log, /"route":"authorize"/);
    assert.match(log, /"route":"unknown"/);
    assert.ok(!log.includes(UID) && !log.includes(PERSONAL_CODE));
  });
});

describe('pages for oidc-provider', () => {
  const { oidc: pages } = loadPages({
    issuer: 'http://localhost:3000',
    environment: 'demo',
    defaultLanguage: 'en',
    secrets: createSecrets('of-no-other-use-than-in-these-tests'),
  });
  const draw = async (answer: Koa.Middleware) => {
    await start({ oidc: provider(answer) });
    return web.get('/authorize');
  };

  it('say what is wrong with an authorization request, as text', async () => {
    const answer = await draw((ctx) => {
      ctx.status = 400;
      pages.error(ctx, {
        purpose: 'login',
        code: 'invalid_client',
        description: '<b>unknown</b>',
        documentation: 'docs/clients.md#redirect-uris',
        incident: undefined,
      });
    });
    const html = await answer.text();
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    assert.equal(headingOf(html), en.openIdError.heading);
    assert.ok(textOf(html).includes('invalid_client: <b>unknown</b>') && !html.includes('<b>unknown'));
    assert.ok(html.includes('<code>docs/clients.md#redirect-uris</code>'));
  });

  it('show the incident number', async () => {
    const answer = await draw((ctx) => {
      ctx.status = 500;
      pages.error(ctx, {
        purpose: 'login',
        code: 'server_error',
        description: 'oops! something went wrong',
        incident: 'K7QF2MXD',
      });
    });
    assert.equal(answer.status, 500);
    assert.match(await answer.text(), /<code>K7QF2MXD<\/code>/);
  });

  it('ask whether to log out, with oidc-provider’s own form', async () => {
    const form =
      '<form id="op.logoutForm" method="post" action="/logout/confirm"><input type="hidden" name="xsrf" value="1"/></form>';
    const html = await (
      await draw((ctx) => {
        pages.logout(ctx, form);
      })
    ).text();
    assert.ok(html.includes(form));
    assert.match(html, /<button class="primary" form="op.logoutForm" name="logout" value="yes">/);
  });

  for (const [code, status, heading, reference] of [
    ['invalid_request', 400, en.logoutErrors.refused.heading, 'invalid_request (K7QF2MXD)'],
    ['server_error', 500, en.logoutErrors.failed.heading, 'K7QF2MXD'],
  ] as const) {
    it(`have words of their own for a logout that ends in ${code}`, async () => {
      const answer = await draw((ctx) => {
        ctx.status = status;
        pages.error(ctx, { purpose: 'logout', code, description: undefined, incident: 'K7QF2MXD' });
      });
      const html = await answer.text();
      assert.deepEqual([answer.status, headingOf(html)], [status, heading]);
      assert.ok(html.includes(`<code>${reference}</code>`));
    });
  }

  it('confirm the logout', async () => {
    const answer = await draw((ctx) => {
      pages.loggedOut(ctx);
    });
    assert.equal(headingOf(await answer.text()), en.notices.loggedOut.heading);
  });

  it('confirm the logout also if the client’s address is not registered, and name whom to tell', async () => {
    const client = { id: 'client', name: '<b>Shop</b>', uri: 'https://shop.example/' };
    const answer = await draw((ctx) => {
      pages.loggedOut(ctx, client);
    });
    const html = await answer.text();
    assert.deepEqual([answer.status, headingOf(html)], [200, en.notices.loggedOut.heading]);
    assert.ok(textOf(html).includes(en.unregisteredAddress.advice('<b>Shop</b>')));
    assert.ok(!html.includes('<b>Shop'));
    assert.match(html, /<code>invalid_request: post_logout_redirect_uri not registered<\/code>/);
    assert.ok(html.includes('<a class="primary" href="https://shop.example/">'));
  });
});
