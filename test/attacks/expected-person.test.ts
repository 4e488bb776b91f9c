/** A client names the person whom it expects. No other person can log in, by any flow, and no push goes to another person. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import { authorizationRequest, browserOf, discover } from '../../e2e/support/http/client.ts';
import { untilSettled } from '../../e2e/support/http/http-login.ts';
import { openDeviceLink } from '../../e2e/support/http/http-phone.ts';
import { en } from '../../src/web/messages/en.ts';
import { appLinkOf, qrLinkOf, type StartedLogin } from '../support/attack-actors.ts';
import type { HttpBrowser, HttpPage } from '../support/servers/http-browser.ts';
import { startWholeSild, type WholeSild } from '../support/whole-sild.ts';

/** An automated account, which also confirms device links. */
const EXPECTED = 'PNOEE-40504040001';
const OTHER = 'PNOEE-50001029996';
const codeOf = (who: string) => ({ country: 'EE', personal_code: who.slice(6) });

type Request = (
  browser: HttpBrowser,
  config: openid.Configuration,
  sild: WholeSild,
  hints: Readonly<Record<string, string>>,
) => Promise<{ page: HttpPage; checks: openid.AuthorizationCodeGrantChecks }>;

/** How a client sends its authorization request. */
const REQUESTS: Readonly<Record<string, Request>> = {
  async GET(browser, config, sild, hints) {
    const { url, checks } = await authorizationRequest(config, sild, hints);
    return { page: await browser.get(url), checks };
  },
  async POST(browser, config, sild, hints) {
    const { url, checks } = await authorizationRequest(config, sild, hints);
    const fields = Object.fromEntries(url.searchParams);
    return { page: await browser.post(`${url.origin}${url.pathname}`, fields), checks };
  },
  async PAR(browser, config, sild, hints) {
    const { url, checks } = await authorizationRequest(config, sild, hints);
    const pushed = await openid.buildAuthorizationUrlWithPAR(config, Object.fromEntries(url.searchParams));
    return { page: await browser.get(pushed), checks };
  },
};

type Flow = (login: StartedLogin, who: string) => Promise<HttpPage>;

/** How a person logs in: whose data is typed or chosen on the pages and the phone. */
const FLOWS: Readonly<Record<string, Flow>> = {
  async 'QR code'(login, who) {
    await (await openDeviceLink(await qrLinkOf(login), who)).confirm();
    return untilSettled(login.browser, await login.browser.get(`${login.firstPage.url.href}/wait?poll`));
  },
  async 'app link'(login, who) {
    const { location } = await (await openDeviceLink(await appLinkOf(login), who)).confirm();
    return untilSettled(login.browser, await login.browser.get(location));
  },
  code: typeCode,
  'known browser': typeCode,
};

async function typeCode({ browser, firstPage }: StartedLogin, who: string): Promise<HttpPage> {
  return untilSettled(browser, await browser.post(codeAddress(firstPage), codeOf(who)));
}

for (const [version, flows] of [
  ['3', Object.keys(FLOWS)],
  ['2', ['code']],
] as const) {
  // At the same time, since most of each login is a wait.
  describe(`a login for one expected person, Smart-ID RP API v${version}`, { concurrency: 8 }, () => {
    let sild: WholeSild;
    let config: openid.Configuration;
    /** By their name, the values of the hints that name the person. */
    let hints: Readonly<Record<string, string>>;
    /** By the person that they know. */
    const knownBrowsers = new Map<string, HttpBrowser>();
    before(async () => {
      sild = await startWholeSild({ SMARTID_API_VERSION: version });
      config = await discover(sild);
      const { idToken } = await tokensOf(REQUESTS.GET, 'code', { login_hint: EXPECTED });
      hints = { login_hint: EXPECTED.toLowerCase(), id_token_hint: idToken };
      if (version === '3')
        for (const who of [EXPECTED, OTHER]) knownBrowsers.set(who, await browserOfAppUser(who));
    });
    after(() => sild.stop());

    for (const hint of ['login_hint', 'id_token_hint']) {
      for (const [how, request] of Object.entries(REQUESTS)) {
        for (const flow of flows) {
          it(`is of that person: ${hint} by ${how}, ${flow}, for this and another person`, async () => {
            for (const who of [EXPECTED, OTHER]) {
              const claims = await logIn(request, flow, { [hint]: hints[hint] ?? '' }, who);
              assert.equal(claims?.sub, EXPECTED, who);
            }
          });
        }
      }
    }

    for (const flow of flows) {
      it(`is of that person: sub of the claims parameter, ${flow}`, async () => {
        const claims = JSON.stringify({ id_token: { sub: { value: EXPECTED } } });
        assert.equal((await logIn(REQUESTS.GET, flow, { claims }))?.sub, EXPECTED);
      });
    }

    it('shows the country and the end of the code before the login, never the whole code', async () => {
      const browser = browserOf(sild);
      const { page } = await requestBy(REQUESTS.GET, browser, { login_hint: EXPECTED });
      const { text } = await browser.get(codeAddress(page));
      assert.ok(text.includes(en.login.expected('Estonia', '0001')));
      assert.ok(!text.includes('40504040001') && !text.includes('name="personal_code"'));
    });

    it('is for any person with a hint of another kind', async () => {
      const claims = await logIn(REQUESTS.GET, 'code', { login_hint: 'mari@example.ee' });
      assert.equal(claims?.sub, OTHER);
    });

    async function logIn(
      request: Request | undefined,
      flow: string,
      parameters: Readonly<Record<string, string>>,
      who = OTHER,
    ) {
      return (await tokensOf(request, flow, parameters, who)).claims;
    }

    async function tokensOf(
      request: Request | undefined,
      flow: string,
      parameters: Readonly<Record<string, string>>,
      who = OTHER,
    ) {
      const browser = flow === 'known browser' ? knownBrowsers.get(who) : browserOf(sild);
      assert.ok(browser);
      const { page, checks } = await requestBy(request, browser, parameters);
      const end = await FLOWS[flow]?.({ browser, firstPage: page }, who);
      assert.ok(end);
      const tokens = await openid.authorizationCodeGrant(config, end.url, checks);
      return { claims: tokens.claims(), idToken: tokens.id_token ?? '' };
    }

    /** A login by the app link makes a browser known. */
    async function browserOfAppUser(who: string): Promise<HttpBrowser> {
      const browser = browserOf(sild);
      const { page, checks } = await requestBy(REQUESTS.GET, browser, {});
      const end = await FLOWS['app link']?.({ browser, firstPage: page }, who);
      assert.ok(end);
      const tokens = await openid.authorizationCodeGrant(config, end.url, checks);
      assert.equal(tokens.claims()?.sub, who);
      assert.ok('sild_browser' in browser.cookiesFor(sild.issuer));
      return browser;
    }

    async function requestBy(
      request: Request | undefined,
      browser: HttpBrowser,
      parameters: Readonly<Record<string, string>>,
    ) {
      assert.ok(request);
      const sent = await request(browser, config, sild, parameters);
      assert.equal(sent.page.status, 200);
      return sent;
    }
  });
}

describe('a login for one expected person, pushes to known browsers only', () => {
  let sild: WholeSild;
  let config: openid.Configuration;
  before(async () => {
    sild = await startWholeSild({ NOTIFICATION_POLICY: 'known-browser' });
    config = await discover(sild);
  });
  after(() => sild.stop());

  it('sends the push to the account of that person, and none where the browser knows only another one', async () => {
    const browser = browserOf(sild);
    const first = await authorizationRequest(config, sild);
    const firstPage = await browser.get(first.url);
    await (await openDeviceLink(await qrLinkOf({ browser, firstPage }), EXPECTED)).confirm();
    await untilSettled(browser, await browser.get(`${firstPage.url.href}/wait?poll`));

    const again = await authorizationRequest(config, sild, { login_hint: EXPECTED });
    const page = await browser.get(again.url);
    const end = await untilSettled(browser, await browser.post(codeAddress(page), codeOf(OTHER)));
    const tokens = await openid.authorizationCodeGrant(config, end.url, again.checks);
    assert.equal(tokens.claims()?.sub, EXPECTED);

    const other = await authorizationRequest(config, sild, { login_hint: OTHER });
    const refused = await browser.post(codeAddress(await browser.get(other.url)), codeOf(EXPECTED));
    assert.equal(refused.status, 403);
  });
});

/** A page of one login leads to the form, where there is no other flow, by itself. */
function codeAddress({ url }: HttpPage): string {
  return `${url.origin}${url.pathname.split('/', 3).join('/')}/code`;
}
