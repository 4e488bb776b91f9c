/** The settings of each client in the whole product: its pages, its requests to Smart-ID, and what it gets. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import { logInOverHttp, untilSettled } from '../../../e2e/support/http/http-login.ts';
import { openDeviceLink } from '../../../e2e/support/http/http-phone.ts';
import { createHttpBrowser, type HttpBrowser, type HttpPage } from '../../support/servers/http-browser.ts';
import { appLinkOf, qrLinkOf } from '../../support/attack-actors.ts';
import { startWholeSild, type WholeSild } from '../../support/whole-sild.ts';
import { en } from '../../../src/web/messages/en.ts';

const REDIRECT_URI = 'https://app.example.ee/callback';
const SECRET = 'a secret of sufficient length';
const ESTONIAN = { country: 'EE', personal_code: '40504040001' };
const LATVIAN = 'PNOLV-050405-10009';

const CLIENTS = {
  free: {},
  latvian: { countries: ['LV'] },
  'app-only': { flows: ['web2app'] },
  'code-only': { flows: ['notification'] },
  careful: { notification_policy: 'known-browser' },
  broker: { relying_party_name: 'Broker Ltd' },
  library: { relying_party_name: 'City Library' },
  qualified: { certificate_level: 'QUALIFIED' },
} as const;

let directory: string;
let sild: WholeSild;

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'sild-settings-'));
  await writeFile(join(directory, 'secret'), SECRET);
  const clients = Object.entries(CLIENTS).map(([client_id, settings]) => ({
    client_id,
    client_secret_file: 'secret',
    redirect_uris: [REDIRECT_URI],
    ...settings,
  }));
  const file = join(directory, 'clients.json');
  await writeFile(file, JSON.stringify({ clients }));
  sild = await startWholeSild({
    CLIENTS_FILE: file,
    SMARTID_RP_NAMES: 'City Library; Broker Ltd=City Museum',
    SMARTID_CERTIFICATE_LEVEL: 'ADVANCED',
    SIMULATOR_ALLOWS_ADVANCED: 'true',
  });
});
after(async () => {
  await sild.stop();
  await rm(directory, { recursive: true });
});

async function begin(client: keyof typeof CLIENTS, parameters: Readonly<Record<string, string>> = {}) {
  const config = await openid.discovery(new URL(sild.issuer), client, {}, openid.ClientSecretBasic(SECRET), {
    execute: [openid.allowInsecureRequests],
  });
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const url = openid.buildAuthorizationUrl(config, {
    redirect_uri: REDIRECT_URI,
    scope: 'openid identity smart_id',
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...parameters,
  });
  const browser = createHttpBrowser({ stopAt: (at) => at.href.startsWith(REDIRECT_URI) });
  const claims = async (page: HttpPage) =>
    (await openid.authorizationCodeGrant(config, page.url, { pkceCodeVerifier })).claims();
  return { url, browser, claims };
}

async function byQr(browser: HttpBrowser, url: URL, account: string): Promise<HttpPage> {
  const firstPage = await browser.get(url);
  await (await openDeviceLink(await qrLinkOf({ browser, firstPage }), account)).confirm();
  return untilSettled(browser, await browser.get(`${firstPage.url.href}/wait?poll`));
}

describe('the flows of a client', () => {
  it('are the only ones on its pages, and the only ones that begin a login', async () => {
    const { url, browser } = await begin('app-only');
    const page = await browser.get(url);
    assert.match(page.text, /value="web2app"/);
    assert.doesNotMatch(page.text, /value="qr"|\/code"/);
    const posted = await browser.post(`${page.url.href}/device-link`, { show: 'qr' });
    assert.equal(posted.url.pathname, page.url.pathname);
    assert.match(
      (await browser.post(`${page.url.href}/code`, ESTONIAN)).text,
      new RegExp(en.notices.pushNotAllowed.heading),
    );
  });

  it('lead in', async () => {
    const { url, browser, claims } = await begin('app-only');
    const firstPage = await browser.get(url);
    const { location } = await (await openDeviceLink(await appLinkOf({ browser, firstPage }))).confirm();
    const result = await claims(await untilSettled(browser, await browser.get(location)));
    assert.equal(result?.flow, 'web2app');
  });

  it('are the form at once where it is the only one', async () => {
    const { url, browser } = await begin('code-only');
    assert.match((await browser.get(url)).url.pathname, /\/code$/);
  });
});

describe('the countries of a client', () => {
  it('are those of its form', async () => {
    const { url, browser } = await begin('latvian');
    const page = await browser.get(`${(await browser.get(url)).url.href}/code`);
    assert.deepEqual(
      Array.from(page.text.matchAll(/<option value="(\w\w)"/g), ([, code]) => code),
      ['LV'],
    );
  });

  it('hold at the end of a login, and for this client only', async () => {
    const refused = await begin('latvian');
    const page = await byQr(refused.browser, refused.url, 'PNOEE-40504040001');
    assert.match(page.text, new RegExp(en.outcomes.country_not_allowed.heading));
    assert.equal(page.url.origin, new URL(sild.issuer).origin);
    const allowed = await begin('latvian');
    const claims = await allowed.claims(await byQr(allowed.browser, allowed.url, LATVIAN));
    assert.equal(claims?.sub, LATVIAN);
    const free = await begin('free');
    assert.equal(
      (await free.claims(await byQr(free.browser, free.url, 'PNOEE-40504040001')))?.identity_country,
      'EE',
    );
  });
});

describe('the notification policy of a client', () => {
  it('limits pushes to known browsers at this client only', async () => {
    const careful = await begin('careful');
    const page = await careful.browser.get(careful.url);
    assert.doesNotMatch(page.text, /\/code"/);
    assert.equal((await careful.browser.post(`${page.url.href}/code`, ESTONIAN)).status, 403);
    const free = await begin('free');
    const claims = await free.claims(await logInOverHttp(free.browser, free.url, ESTONIAN));
    assert.equal(claims?.flow, 'notification');
  });
});

describe('the level of a client', () => {
  it('is demanded of Smart-ID', async () => {
    const basic = { country: 'LT', personal_code: '40504049999' };
    const free = await begin('free');
    assert.equal(
      (await free.claims(await logInOverHttp(free.browser, free.url, basic)))?.certificate_level,
      'ADVANCED',
    );
    const { url, browser } = await begin('qualified');
    const page = await logInOverHttp(browser, url, basic);
    assert.match(page.text, new RegExp(en.outcomes.account_not_suitable.heading));
  });
});

describe('the name of the relying party', () => {
  for (const client of ['library', 'broker'] as const) {
    it(`is what the app shows and signs: ${client}`, async () => {
      const { url, browser, claims } = await begin(client);
      const firstPage = await browser.get(url);
      const request = await openDeviceLink(await qrLinkOf({ browser, firstPage }));
      assert.match(
        (await createHttpBrowser().get(request.address)).text,
        new RegExp(`<h2[^>]*>${CLIENTS[client].relying_party_name}</h2>`),
      );
      await request.confirm();
      const end = await untilSettled(browser, await browser.get(`${firstPage.url.href}/wait?poll`));
      assert.equal((await claims(end))?.flow, 'qr');
    });
  }

  it('holds for a push', async () => {
    const { url, browser, claims } = await begin('broker');
    assert.equal((await claims(await logInOverHttp(browser, url, ESTONIAN)))?.sub, 'PNOEE-40504040001');
  });
});

describe('verified_claims', () => {
  it('has the certificate by which the person has logged in as evidence', async () => {
    const evidence = [{ type: { value: 'electronic_record' }, record: null }];
    const verified_claims = {
      verification: { trust_framework: null, time: null, evidence },
      claims: { age_over_18: null },
    };
    const { url, browser, claims } = await begin('free', {
      claims: JSON.stringify({ id_token: { verified_claims } }),
    });
    const answer = await claims(await logInOverHttp(browser, url, ESTONIAN));
    const stated = JSON.stringify(answer?.verified_claims);
    assert.match(stated, /"source":\{"name":"SIMULATED[^"]*"\},"serial_number":"[0-9A-F]{2,}"/i);
    assert.match(stated, /"created_at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ","date_of_expiry":"\d{4}-\d\d-\d\d"/);
    assert.match(stated, /"claims":\{"age_over_18":true\}/);
  });
});

describe('a client whose settings allow no login', () => {
  it('stops the start, with its line', async () => {
    const file = join(directory, 'wrong.json');
    const clients = [
      {
        client_id: 'wrong',
        client_secret_file: 'secret',
        redirect_uris: [REDIRECT_URI],
        relying_party_name: 'Nobody',
      },
    ];
    await writeFile(file, JSON.stringify({ clients }));
    await assert.rejects(startWholeSild({ CLIENTS_FILE: file }), {
      message: /wrong\.json:1: .*SMARTID_RP_NAMES/,
    });
  });
});
