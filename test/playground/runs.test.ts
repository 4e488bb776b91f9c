/** Whole runs: request, answer, tokens and claims. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { after, before, describe, it, type TestContext } from 'node:test';
import { createLogger } from '../../src/log/logger.ts';
import { CLIENTS } from '../../src/playground/clients.ts';
import { createPlayground } from '../../src/playground/playground.ts';
import { startSampleApp } from '../../src/sample-app/sample-app.ts';
import { freePorts } from '../support/servers/free-ports.ts';
import { aLogin } from '../support/oidc-bridge.ts';
import { createHttpBrowser, type HttpBrowser, type HttpPage } from '../support/servers/http-browser.ts';
import {
  build,
  type PlaygroundUnderTest,
  startDiscovery,
  startPlayground,
  textOf,
} from './playground-under-test.ts';

let playground: PlaygroundUnderTest;
before(async () => {
  playground = await startPlayground();
});
after(() => playground.close());

const FAPI = { client: 'playground-fapi', par: '1', dpop: '1' };

/** Sends a request, and logs in. Returns the page to which the answer leads. */
async function answered(browser: HttpBrowser, fields: Readonly<Record<string, string>>): Promise<HttpPage> {
  const run = await build(browser, playground.url, fields);
  const login = await browser.post(`${run.url.href}/send`, {});
  if (login.url.origin !== playground.issuer) return login;
  return browser.post(login.url, { result: JSON.stringify(aLogin()) });
}

describe('a run of the playground', () => {
  for (const { id } of CLIENTS) {
    it(`leads ${id} to the claims, step by step`, async () => {
      const browser = createHttpBrowser();
      const fields = { client: id, ...(id === 'playground-fapi' ? { ...FAPI, jar: '1' } : {}) };
      const answer = await answered(browser, fields);
      assert.match(answer.url.href, /\/playground\/runs\/[\w-]+$/, textOf(answer));
      assert.match(textOf(answer), /2 The answer/);
      assert.ok(!textOf(answer).includes('PNOEE-40504040001'));
      const tokens = await browser.post(`${answer.url.href}/redeem`, {});
      assert.match(textOf(tokens), /ID token Header .* sub PNOEE-40504040001/);
      assert.match(textOf(tokens), id === 'playground-fapi' ? /token_type dpop/ : /token_type bearer/);
      const claims = await browser.post(`${answer.url.href}/userinfo`, {});
      assert.match(textOf(claims), /4 The claims of userinfo Claims sub PNOEE-40504040001/);
      assert.match(textOf(claims), /GET \/userinfo 200/);
    });
  }

  it('takes an answer that is posted', async () => {
    const browser = createHttpBrowser();
    const form = await answered(browser, { response_mode: 'form_post' });
    assert.equal(form.url.origin, playground.issuer);
    const inputs = [...form.text.matchAll(/name="(\w+)" value="([^"]*)"/g)];
    const fields = Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, value]));
    const action = /action="([^"]+)"/.exec(form.text)?.[1] ?? '';
    // Without the cookie of a browser, as where the issuer is of another site, the answer is stored with its run.
    assert.equal((await createHttpBrowser().post(action, fields)).status, 404, 'it opens in its own browser');
    const page = await browser.post(action, fields);
    assert.match(textOf(page), /in a posted form/);
    assert.match(textOf(await browser.post(`${page.url.href}/redeem`, {})), /sub PNOEE-40504040001/);
  });

  it('takes an answer in the fragment, which the person brings', async () => {
    const browser = createHttpBrowser();
    const page = await answered(browser, { response_mode: 'fragment' });
    assert.match(textOf(page), /Bring the answer/);
    const wrong = await browser.post(`${playground.url}/fragment`, { address: `${playground.url}/callback` });
    assert.equal(wrong.status, 422);
    const address = page.way.find(({ hash }) => hash !== '')?.href ?? '';
    const answer = await browser.post(`${playground.url}/fragment`, { address });
    assert.match(textOf(await browser.post(`${answer.url.href}/redeem`, {})), /sub PNOEE-40504040001/);
  });

  it('shows a refusal, and has no code to redeem', async () => {
    const browser = createHttpBrowser();
    const page = await answered(browser, { prompt: 'none' });
    assert.match(textOf(page), /Sild has refused the request\..* error login_required/);
    assert.ok(!page.text.includes('/redeem'));
    const again = await browser.post(`${page.url.href}/redeem`, {});
    assert.ok(!textOf(again).includes('POST /token'));
  });

  it('remembers a login with its client, and hints at it with its ID token', async () => {
    const browser = createHttpBrowser();
    const client = 'playground-remembered';
    const first = await answered(browser, { client });
    await browser.post(`${first.url.href}/redeem`, {});
    const second = await answered(browser, { client, prompt: 'none', id_token_hint: '1' });
    assert.match(textOf(second), /id_token_hint eyJ/);
    assert.match(textOf(await browser.post(`${second.url.href}/redeem`, {})), /sub PNOEE-40504040001/);
    const other = await build(createHttpBrowser(), playground.url, { client, id_token_hint: '1' });
    assert.doesNotMatch(textOf(other), /id_token_hint eyJ/);
  });

  it('redeems a code once', async () => {
    const browser = createHttpBrowser();
    const { url } = await answered(browser, {});
    await browser.post(`${url.href}/redeem`, {});
    const page = await browser.post(`${url.href}/redeem`, {});
    assert.equal(textOf(page).match(/POST \/token/g)?.length, 1);
  });

  it('refuses an answer of another issuer', async () => {
    const browser = createHttpBrowser({ stopAt: ({ pathname }) => pathname === '/playground/callback' });
    const callback = new URL((await answered(browser, {})).url);
    callback.searchParams.set('iss', 'https://evil.example');
    const { url } = await browser.get(callback);
    const page = await browser.post(`${url.href}/redeem`, {});
    assert.match(textOf(page), /The last step failed The client refused it/);
    assert.ok(!textOf(page).includes('POST /token'));
  });

  it('is of one browser', async () => {
    const { url } = await answered(createHttpBrowser(), {});
    const other = createHttpBrowser();
    await build(other, playground.url, {});
    assert.equal((await other.get(url)).status, 404);
    for (const step of ['send', 'redeem', 'userinfo'])
      assert.equal((await other.post(`${url.href}/${step}`, {})).status, 404, step);
  });

  it('takes no answer that it does not expect', async () => {
    for (const query of ['code=x&state=y', 'code=x', 'error=access_denied']) {
      const page = await createHttpBrowser().get(`${playground.url}/callback?${query}`);
      assert.equal(page.status, 404);
      assert.match(textOf(page), /This answer is not expected/);
    }
  });

  it('takes no form of another site', async () => {
    const browser = createHttpBrowser();
    const { url } = await answered(browser, {});
    const cookie = Object.entries(browser.cookiesFor(url))
      .map((pair) => pair.join('='))
      .join('; ');
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      for (const address of [`${url.href}/redeem`, `${playground.url}/runs`]) {
        const { status } = await fetch(address, { method: 'POST', headers: { ...headers, cookie } });
        assert.equal(status, 403, address);
      }
    }
    assert.ok(!textOf(await browser.get(url)).includes('POST /token'));
  });

  it('takes no form that a site sends under its own name, which leads to this machine', async () => {
    const { port, pathname } = new URL(playground.url);
    const host = `evil.example:${port}`;
    const own = { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin' };
    for (const path of ['runs', 'runs/none/send', 'fragment', 'runs/none/redeem', 'runs/none/userinfo']) {
      const sent = request({ port, path: `${pathname}/${path}`, method: 'POST', headers: own }).end();
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      response.resume();
      assert.equal(response.statusCode, 403, path);
    }
  });

  it('has the headers of the sample app', async () => {
    const page = await createHttpBrowser().get(playground.url);
    const policy = page.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|script-src/);
    assert.equal(page.headers.get('cache-control'), 'no-store');
  });

  it('writes no code, token or claim into the log', () => {
    assert.ok(playground.lines.some((line) => line.includes('playground_step_failed')));
    assert.deepEqual(
      playground.lines.filter((line) => /40504040001|eyJ|code=/.test(line)),
      [],
    );
  });
});

describe('the playground with a login service whose discovery names another host', () => {
  const log = createLogger({ level: 'silent' });
  for (const endpoint of ['authorization_endpoint', 'pushed_authorization_request_endpoint']) {
    it(`does not go to its ${endpoint}`, async (t) => {
      const service = await startDiscovery(() => ({ [endpoint]: 'http://127.0.0.1:9/elsewhere' }));
      t.after(() => service.close());
      const url = await startBefore(t, service.issuer);
      const browser = createHttpBrowser();
      const par = endpoint.startsWith('pushed') ? { par: '1' } : {};
      const run = await build(browser, `${url}playground`, par);
      const page = await browser.post(`${run.url.href}/send`, {});
      assert.deepEqual(
        page.way.map(({ origin }) => `${origin}/`).filter((origin) => origin !== url),
        [],
      );
      assert.match(textOf(page), /an address that is not of the issuer/);
    });
  }

  it('says that no service answers', async (t) => {
    const [nobody = 0] = await freePorts(1);
    const url = await startBefore(t, `http://localhost:${nobody}`);
    const browser = createHttpBrowser();
    const run = await build(browser, `${url}playground`, {});
    assert.match(
      textOf(await browser.post(`${run.url.href}/send`, {})),
      /The login service does not answer\./,
    );
  });

  /** Returns the URL of the sample app, at which the playground is. */
  async function startBefore(t: TestContext, issuer: string): Promise<string> {
    const [port = 0] = await freePorts(1);
    const url = `http://localhost:${port}/`;
    const app = await startSampleApp({
      port,
      issuer,
      clientId: 'app',
      clientSecret: 'secret',
      playground: createPlayground({ issuer, url, log }),
      log,
    });
    t.after(() => app.close());
    return url;
  }
});
