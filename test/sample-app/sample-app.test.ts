import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, describe, it } from 'node:test';
import { createLogger } from '../../src/log/logger.ts';
import { type SampleApp, startSampleApp } from '../../src/sample-app/sample-app.ts';
import { createHttpBrowser } from '../support/servers/http-browser.ts';
import { type Defect, startStandIn, type StandIn } from './stand-in-login-service.ts';

const lines: string[] = [];
const log = createLogger({ level: 'debug', destination: { write: (line) => void lines.push(line) } });
const client = { clientId: 'app', clientSecret: 'secret' };

describe('the sample app', () => {
  let standIn: StandIn;
  let app: SampleApp;

  before(async () => {
    standIn = await startStandIn();
    app = await startSampleApp({ port: 0, issuer: standIn.issuer, ...client, log });
  });
  afterEach(() => {
    standIn.defect = undefined;
    standIn.error = undefined;
  });
  after(async () => {
    await app.close();
    await standIn.close();
  });

  it('offers the login and sets no cookie before it', async () => {
    const browser = createHttpBrowser();
    const page = await browser.get(app.url);
    assert.equal(page.status, 200);
    assert.match(page.text, /href="\/login"[^>]*>Log in with Smart-ID</);
    assert.doesNotMatch(page.text, /playground/, 'there is none');
    assert.equal(page.headers.get('set-cookie'), null);
  });

  it('requests an authorization code with PKCE, state and nonce', async () => {
    await createHttpBrowser().get(`${app.url}login`);
    const asked = standIn.lastAuthorization;
    assert.equal(asked.get('response_type'), 'code');
    assert.equal(asked.get('redirect_uri'), app.redirectUri);
    assert.equal(asked.get('scope'), 'openid profile identity smart_id');
    assert.equal(asked.get('code_challenge_method'), 'S256');
    for (const name of ['state', 'nonce', 'code_challenge'])
      assert.ok((asked.get(name) ?? '').length >= 32, name);
    assert.equal(standIn.lastTokenRequest.get('redirect_uri'), app.redirectUri);
  });

  it('shows the claims of the person as escaped text', async () => {
    standIn.claims = { ...standIn.claims, given_name: '<b>MARY</b> ÄNN', amr: ['smartid', 'pin'] };
    const page = await createHttpBrowser().get(`${app.url}login`);
    assert.equal(page.url.href, app.url);
    assert.match(page.text, /Hello, &lt;b&gt;MARY&lt;\/b&gt; ÄNN/);
    assert.match(page.text, /PNOEE-40504040001/);
    assert.match(page.text, /\[&quot;smartid&quot;,&quot;pin&quot;\]/);
  });

  it('logs out of the app and of the login service, without personal data in a URL', async () => {
    const browser = createHttpBrowser();
    await browser.get(`${app.url}login`);
    const page = await browser.post(`${app.url}logout`, {});
    const atLoginService = page.way.find(({ origin }) => origin === standIn.issuer);
    assert.equal(atLoginService?.pathname, '/logout');
    assert.deepEqual(Object.fromEntries(atLoginService.searchParams), {
      client_id: client.clientId,
      post_logout_redirect_uri: app.url,
    });
    assert.match(page.text, /Log in with Smart-ID/);
    assert.match((await browser.get(app.url)).text, /Log in with Smart-ID/);
  });

  it('removes the visit at logout, so that a copied cookie does not work', async () => {
    const browser = createHttpBrowser();
    await browser.get(`${app.url}login`);
    const kept = browser.cookiesFor(app.url);
    await browser.post(`${app.url}logout`, {});
    for (const [name, value] of Object.entries(kept)) browser.setCookie(`${name}=${value}; path=/`, app.url);
    assert.match((await browser.get(app.url)).text, /Log in with Smart-ID/);
  });

  it('shows that the login was cancelled and offers to try again', async () => {
    standIn.error = { error: 'access_denied', error_description: 'user_cancel' };
    const page = await createHttpBrowser().get(`${app.url}login`);
    assert.match(page.text, /<h1>You cancelled the login<\/h1>/);
    assert.match(page.text, /href="\/login"[^>]*>Try again</);
  });

  it('shows other errors of the login service as escaped text', async () => {
    standIn.error = { error: 'temporarily_unavailable', error_description: '<script>alert(1)</script>' };
    const page = await createHttpBrowser().get(`${app.url}login`);
    assert.equal(page.status, 403);
    assert.match(page.text, /temporarily_unavailable: &lt;script&gt;/);
  });

  it('changes the visit ID at login', async () => {
    const browser = createHttpBrowser();
    standIn.error = { error: 'access_denied' };
    await browser.get(`${app.url}login`);
    const earlier = browser.cookiesFor(app.url);
    standIn.error = undefined;
    await browser.get(`${app.url}login`);
    assert.notDeepEqual(browser.cookiesFor(app.url), earlier);
  });

  it('refuses a response in a browser that did not start the login', async () => {
    const asking = createHttpBrowser({ stopAt: ({ pathname }) => pathname === '/callback' });
    const answer = (await asking.get(`${app.url}login`)).url;
    const other = await createHttpBrowser().get(answer);
    assert.equal(other.status, 400);
    assert.match(other.text, /This login cannot go on here/);
  });

  it('accepts a response once, and redirects to the start page when it is repeated', async () => {
    const browser = createHttpBrowser();
    const page = await browser.get(`${app.url}login`);
    const callback = page.way.find(({ pathname }) => pathname === '/callback');
    assert.ok(callback);
    const again = await browser.get(callback);
    assert.equal(again.url.href, app.url);
    assert.match(again.text, /Hello, /);
  });

  it('lets two tabs log in at the same time', async () => {
    const browser = createHttpBrowser({ stopAt: ({ pathname }) => pathname === '/callback' });
    const first = (await browser.get(`${app.url}login`)).url;
    const second = (await browser.get(`${app.url}login`)).url;
    for (const answer of [first, second]) assert.equal((await browser.get(answer)).url.href, app.url);
  });

  const DEFECTS: Readonly<Record<Defect, number>> = {
    wrong_nonce: 500,
    wrong_audience: 500,
    wrong_issuer: 500,
    wrong_signature: 500,
    expired: 500,
    wrong_state: 400,
    wrong_authorization_issuer: 500,
    other_subject_in_userinfo: 500,
    no_id_token: 500,
  };
  for (const [defect, status] of Object.entries(DEFECTS)) {
    it(`refuses a response with the defect ${defect}`, async () => {
      standIn.defect = defect as Defect;
      const browser = createHttpBrowser();
      const page = await browser.get(`${app.url}login`);
      assert.equal(page.status, status);
      assert.doesNotMatch(page.text, /Hello, |node_modules|at .*\.[jt]s/);
      assert.match((await browser.get(app.url)).text, /Log in with Smart-ID/);
    });
  }

  it('sets an HttpOnly, SameSite=Lax cookie and a strict Content-Security-Policy', async () => {
    const page = await createHttpBrowser({ stopAt: () => true }).get(`${app.url}login`);
    assert.match(page.headers.get('set-cookie') ?? '', /httponly/i);
    assert.match(page.headers.get('set-cookie') ?? '', /samesite=lax/i);
    const policy = page.headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe/);
  });

  it('has a page for unknown addresses', async () => {
    const page = await createHttpBrowser().get(`${app.url}nothing`);
    assert.equal(page.status, 404);
    assert.match(page.text, /There is no such page/);
  });

  it('writes no claim and no token into the log', () => {
    assert.ok(lines.some((line) => line.includes('sample_app_login')));
    assert.deepEqual(
      lines.filter((line) => /40504040001|MARY|an-access-token|eyJ/.test(line)),
      [],
    );
  });
});

describe('the sample app without a login service', () => {
  it('shows that the login service is unreachable, and uses it once it is up', async (t) => {
    const standIn = await startStandIn();
    const { issuer } = standIn;
    await standIn.close();
    const app = await startSampleApp({ port: 0, issuer, ...client, log });
    t.after(() => app.close());
    const browser = createHttpBrowser();
    const unreachable = await browser.get(`${app.url}login`);
    assert.equal(unreachable.status, 503);
    assert.match(unreachable.text, /The login service does not answer/);
    const later = await startStandIn(Number(new URL(issuer).port));
    t.after(() => later.close());
    assert.match((await browser.get(`${app.url}login`)).text, /Hello, /);
  });

  it('refuses a login service over http on another host', async (t) => {
    const app = await startSampleApp({ port: 0, issuer: 'http://login.invalid', ...client, log });
    t.after(() => app.close());
    const page = await createHttpBrowser().get(`${app.url}login`);
    assert.equal(page.status, 500);
    assert.ok(lines.some((line) => line.includes('only requests to HTTPS are allowed')));
  });

  it('rejects with the system’s error if the port is in use', async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, 'localhost', resolve));
    const { port } = taken.address() as AddressInfo;
    await assert.rejects(startSampleApp({ port, issuer: 'http://localhost', ...client, log }), {
      code: 'EADDRINUSE',
    });
    taken.close();
  });
});
