import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Browser, BrowserContext, Page } from 'playwright';
import { launchChromium } from '../e2e/support/browser/chromium.ts';
import { freePorts } from '../test/support/servers/free-ports.ts';
import { submitCode, withoutShortcuts } from '../e2e/support/browser/steps.ts';
import { en } from '../src/web/messages/en.ts';
import { et } from '../src/web/messages/et.ts';
import { type Application, startApplication } from './keycloak/application.ts';
import { installKeycloak, KEYCLOAK_VERSION } from './keycloak/distribution.ts';
import { type Keycloak, startKeycloak } from './keycloak/keycloak.ts';
import { VERSION_NOTE } from './support/describe-peer.ts';
import { Unavailable } from './support/programs.ts';
import { assertSmallRequests } from './support/request-size.ts';
import { startSurroundings, type Surroundings } from './support/surroundings.ts';

const ESTONIA = { country: 'Estonia', code: '40504040001' } as const;
const HIGH = 'http://eidas.europa.eu/LoA/high';

const installed = await installKeycloak().catch((error: unknown) => {
  if (error instanceof Unavailable) return { reason: error.message };
  throw error;
});

describe('Keycloak', () => {
  if (typeof installed !== 'string') {
    it(installed.reason, { skip: true });
    return;
  }
  let surroundings: Surroundings;
  let keycloak: Keycloak;
  let application: Application;
  let browser: Browser;
  // Last opened, first closed: also those of a start that failed in the middle.
  const closing: (() => unknown)[] = [];
  let contexts: BrowserContext[] = [];

  before(async () => {
    const [port = 0] = await freePorts(1);
    const SILD_CLIENT_SECRET = randomBytes(24).toString('base64url');
    const APP_SECRET = randomBytes(24).toString('base64url');
    surroundings = await startSurroundings('keycloak', {
      SILD_CLIENT_SECRET,
      KEYCLOAK_URL: `http://localhost:${port}`,
    });
    closing.push(() => surroundings.stop());
    const { stack, proxy, appUrl } = surroundings;
    const variables = { SILD_ISSUER: proxy.origin, SILD_CLIENT_SECRET, APP_SECRET, APP_URL: appUrl };
    keycloak = await startKeycloak(installed, stack.environment.DATA_DIR ?? '', port, variables);
    closing.push(() => keycloak.stop());
    application = await startApplication(keycloak.realm, appUrl, APP_SECRET);
    closing.push(() => {
      application.close();
    });
    browser = await launchChromium();
    closing.push(() => browser.close());
  });
  afterEach(async () => {
    await Promise.all(contexts.map((context) => context.close()));
    contexts = [];
  });
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  const lastRequest = () => surroundings.proxy.authorizationRequests.at(-1)?.searchParams;

  async function open(): Promise<Page> {
    const context = await browser.newContext();
    context.setDefaultTimeout(20_000);
    // A QR code that shows itself would leave the page that a test is about to leave.
    await withoutShortcuts(context);
    contexts.push(context);
    return context.newPage();
  }

  async function confirm(page: Page): Promise<void> {
    await openCodeForm(page);
    await submitCode(page, ESTONIA);
  }

  /** Whichever way to log in Sild offers first in this browser. */
  async function openCodeForm(page: Page): Promise<void> {
    // The path of a login may already be that of its form.
    const login = /^.*?\/login\/[^/?]+/;
    await page.waitForURL(login);
    await page.goto(`${login.exec(page.url())?.[0] ?? ''}/code`);
  }

  async function logIn(page: Page, parameters: Readonly<Record<string, string>> = {}) {
    const pending = await application.begin(page, parameters);
    await confirm(page);
    return pending.tokens();
  }

  it('makes the user at the first login, without a page of its own', async (t) => {
    t.diagnostic(VERSION_NOTE + KEYCLOAK_VERSION);
    assert.deepEqual(await keycloak.users(), []);
    const page = await open();
    const pages: string[] = [];
    page.on('framenavigated', (frame) => pages.push(new URL(frame.url()).origin));
    const { claims } = await logIn(page);
    assert.ok(!pages.includes(keycloak.url), 'no page of Keycloak was shown');
    const { name, given_name, family_name, birthdate, identity_number, identity_type, identity_country } =
      claims;
    assert.deepEqual(
      { name, given_name, family_name, birthdate, identity_number, identity_type, identity_country },
      {
        name: 'OK TEST',
        given_name: 'OK',
        family_name: 'TEST',
        birthdate: '1999-01-01',
        identity_number: '40504040001',
        identity_type: 'PNO',
        identity_country: 'EE',
      },
    );
    assert.equal(claims.semantics_identifier, 'PNOEE-40504040001');
    const [user, ...others] = await keycloak.users();
    assert.deepEqual([user?.username, user?.firstName, user?.lastName], ['pnoee-40504040001', 'OK', 'TEST']);
    assert.deepEqual(others, []);
  });

  it('asks with PKCE', () => {
    assert.equal(lastRequest()?.get('code_challenge_method'), 'S256');
    for (const name of ['code_challenge', 'state', 'nonce']) assert.ok(lastRequest()?.get(name), name);
  });

  it('passes on what Smart-ID says about the login', async () => {
    const { claims } = await logIn(await open());
    assert.equal(claims.acr, HIGH);
    assert.equal(claims.document_number, 'PNOEE-40504040001-DEMO-Q');
    assert.equal(claims.certificate_level, 'QUALIFIED');
    assert.equal(claims.flow, 'notification');
    assert.ok(Math.abs(Number(claims.auth_time) - Date.now() / 1000) < 30);
  });

  it('finds the user at the second login', async () => {
    const first = await logIn(await open());
    const second = await logIn(await open());
    assert.equal(second.claims.sub, first.claims.sub);
    assert.equal((await keycloak.users()).length, 1);
  });

  it('forwards the person who is expected, and the language', async () => {
    const page = await open();
    const parameters = { login_hint: 'PNOEE-40504040001', ui_locales: 'et', acr_values: HIGH };
    const pending = await application.begin(page, parameters);
    await page.getByRole('heading', { name: et.methods.heading, exact: true }).waitFor();
    assert.equal(lastRequest()?.get('login_hint'), 'PNOEE-40504040001');
    assert.equal(lastRequest()?.get('ui_locales'), 'et');
    assert.equal(lastRequest()?.get('acr_values'), HIGH);
    await openCodeForm(page);
    // The person is known: there is nothing to type.
    await page.getByRole('button', { name: et.login.submit }).click();
    assert.equal((await pending.tokens()).claims.semantics_identifier, 'PNOEE-40504040001');
  });

  it('forwards which application asks, and the page of Sild names it instead of Keycloak', async () => {
    const page = await open();
    const asked = page.locator('p.service');
    await application.begin(page);
    await page.waitForURL(/\/login\//);
    assert.match(await asked.innerText(), /Keycloak/);
    const pending = await application.begin(page, { service: 'library' });
    await asked.getByText('City Library').waitFor();
    assert.equal(lastRequest()?.get('service'), 'library');
    await confirm(page);
    assert.equal((await pending.tokens()).claims.semantics_identifier, 'PNOEE-40504040001');
  });

  it('sends authorization requests of half the greatest size at most, also with all that it forwards', async (t) => {
    const page = await open();
    await application.begin(page, {
      login_hint: 'PNOEE-40504040001',
      ui_locales: 'et en',
      acr_values: HIGH,
      prompt: 'login',
      service: 'library',
    });
    await page.waitForURL(/\/login\//);
    for (const name of ['login_hint', 'ui_locales', 'acr_values', 'prompt', 'service'])
      assert.ok(lastRequest()?.has(name), name);
    assertSmallRequests(t, surroundings.proxy);
  });

  it('asks again for max_age=0, five times of five', async () => {
    const page = await open();
    const subjects = new Set<unknown>();
    for (let count = 0; count < 5; count += 1) {
      const { claims } = await logIn(page, { max_age: '0' });
      subjects.add(claims.sub);
      // Within its second the login is 0 seconds old, which is not more than max_age.
      await delay(Math.max(0, (Number(claims.auth_time) + 1) * 1000 - Date.now()));
    }
    assert.equal(subjects.size, 1);
  });

  it('returns to the application after the person has cancelled', async () => {
    const page = await open();
    await application.begin(page);
    await openCodeForm(page);
    await page.getByRole('button', { name: en.action.backTo('Keycloak') }).click();
    // Keycloak does not return by itself: it says what happened, with a link to the home page of the application.
    await page.getByRole('link', { name: 'Back to Application' }).click();
    await page.waitForURL(`${surroundings.appUrl}/`);
    assert.equal((await keycloak.users()).length, 1);
  });

  it('logs out at Sild too and comes back, without a question', async () => {
    const page = await open();
    const tokens = await logIn(page);
    await application.logOut(page, tokens);
    await page.waitForURL((url) => url.href.startsWith(application.loggedOutUrl));
    assert.match(surroundings.stack.process.output(), /"event":"logged_out"/);
    // Keycloak's session has ended: the next login asks the person.
    await application.begin(page);
    assert.equal(new URL(page.url()).origin, surroundings.proxy.origin);
  });

  it('refuses an ID token whose signature or audience is wrong', async () => {
    for (const tampered of ['signature', 'audience'] as const) {
      const page = await open();
      await application.begin(page);
      surroundings.proxy.tamperWith(tampered);
      try {
        await confirm(page);
        await page.waitForURL((url) => url.origin === keycloak.url);
        await page.getByText('Unexpected error when authenticating with identity provider').waitFor();
      } finally {
        surroundings.proxy.tamperWith('nothing');
      }
    }
  });

  it('lets nobody edit what Smart-ID says, not in the account console either', async () => {
    const page = await open();
    await page.goto(`${keycloak.realm}/account/`);
    await confirm(page);
    const given = page.locator('#firstName');
    await given.waitFor();
    for (const name of ['firstName', 'lastName', 'birthdate', 'identity_number'])
      assert.equal(await page.locator(`[id="${name}"]`).isEditable(), false, name);
    // What the form does, with other values: the token is that of the console.
    const { status, profile } = await saveAccount(page, { firstName: 'HACKED', lastName: 'TEST' });
    assert.ok(status >= 400 || profile.firstName === 'OK', `${status} ${profile.firstName}`);
    const { claims } = await logIn(await open());
    assert.equal(claims.name, 'OK TEST');
  });

  /** Takes the access token of the account console, and saves a changed profile with it. */
  async function saveAccount(page: Page, changes: Readonly<Record<string, string>>) {
    const seen = page.waitForRequest(
      (request) => request.headers().authorization?.startsWith('Bearer ') === true,
    );
    await page.reload();
    const authorization = (await seen).headers().authorization ?? '';
    const headers = { authorization, accept: 'application/json', 'content-type': 'application/json' };
    const account = `${keycloak.realm}/account/`;
    const before = (await (await fetch(account, { headers })).json()) as Record<string, unknown>;
    const body = JSON.stringify({ ...before, ...changes });
    const { status } = await fetch(account, { method: 'POST', headers, body });
    return { status, profile: (await (await fetch(account, { headers })).json()) as { firstName?: string } };
  }
});
