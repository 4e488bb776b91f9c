/**
 * Malicious sites in a real browser over https: a sibling host under the same domain, which can set cookies for both
 * hosts, and whose forms are sent with Sild's cookies.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'node:test';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright';
import { de } from '../../src/web/messages/de.ts';
import { en } from '../../src/web/messages/en.ts';
import { temporaryDirectory } from '../../test/support/database.ts';
import { selfSigned } from '../../test/support/certificates/self-signed.ts';
import { startWholeSild, type WholeSild } from '../../test/support/whole-sild.ts';
import { launchChromium } from '../support/browser/chromium.ts';
import { withoutShortcuts } from '../support/browser/steps.ts';
import { freshEnvironment } from '../support/environment.ts';

const OURS = 'login.sild.localhost';
const SIBLING = 'evil.sild.localhost';

let directory: string;
let sild: WholeSild;
let sibling: Server;
let siblingUrl: string;
/** The page of the sibling host. */
let answer: { readonly cookies: readonly string[]; readonly html: string };
let browser: Browser;
let contexts: BrowserContext[] = [];

before(async () => {
  directory = await temporaryDirectory();
  const tls = selfSigned(OURS, SIBLING);
  const [certFile, keyFile] = [join(directory, 'cert.pem'), join(directory, 'key.pem')];
  await writeFile(certFile, tls.cert);
  await writeFile(keyFile, tls.key);
  const environment = await freshEnvironment(join(directory, 'data'));
  sild = await startWholeSild({
    ...environment,
    ISSUER: `https://${OURS}:${environment.PORT}`,
    TLS_CERT_FILE: certFile,
    TLS_KEY_FILE: keyFile,
  });
  sibling = createServer(tls, (_request, response) => {
    response.setHeader('set-cookie', answer.cookies).setHeader('content-type', 'text/html').end(answer.html);
  });
  sibling.listen(0, 'localhost');
  await once(sibling, 'listening');
  siblingUrl = `https://${SIBLING}:${(sibling.address() as AddressInfo).port}/`;
  browser = await launchChromium();
});
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()));
  contexts = [];
});
after(async () => {
  await browser.close();
  sibling.close();
  sibling.closeAllConnections();
  await sild.stop();
  await rm(directory, { recursive: true });
});

describe('a site on a sibling host', () => {
  it('cannot make another browser share its login, even with all cookies that it can set', async () => {
    const attacker = await atLogin();
    const cookies = await attacker.context().cookies([attacker.url(), onwardOf(attacker.url())]);
    const names = cookies.map(({ name }) => name);
    assert.ok(
      names.includes('__Secure-sild_login') && names.some((name) => name.startsWith('__Host-sild_begun_')),
    );
    answer = {
      cookies: cookies.map(
        ({ name, value, path }) => `${name}=${value}; Domain=sild.localhost; Path=${path}; Secure; HttpOnly`,
      ),
      html: 'planted',
    };
    const person = await open();
    await person.goto(siblingUrl);
    await person.goto(attacker.url());
    await person.getByRole('heading', { name: en.notices.expired.heading }).waitFor();
    assert.equal(await person.locator('form').count(), 0);
    // It has set all of them except one.
    const planted = (await person.context().cookies(attacker.url())).map(({ name }) => name);
    assert.ok(planted.includes('__Secure-sild_login') && planted.includes('__Secure-sild_login.sig'));
    assert.ok(!planted.some((name) => name.startsWith('__Host-')));
    // With this cookie the attack would succeed.
    await person.context().addCookies(cookies.filter(({ name }) => name.startsWith('__Host-')));
    await person.reload();
    await person.getByRole('heading', { name: en.methods.heading, exact: true }).waitFor();
  });

  it('cannot submit Sild’s forms, even though the browser sends the cookies of the login', async () => {
    const page = await atLogin();
    const login = page.url();
    answer = {
      cookies: [],
      html: `<form method="post" action="${login}/cancel"></form><script>document.forms[0].submit()</script>`,
    };
    const tab = await page.context().newPage();
    await tab.goto(siblingUrl);
    await tab.getByRole('heading', { name: en.errors[403].heading }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: en.methods.heading, exact: true }).waitFor();
  });

  it('cannot show Sild’s pages in a frame', async () => {
    const page = await atLogin();
    answer = { cookies: [], html: `<iframe src="${page.url()}"></iframe>` };
    const tab = await page.context().newPage();
    const refused = tab.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
    await tab.goto(siblingUrl);
    await refused;
    for (const frame of tab.frames()) assert.equal(await frame.getByText(en.methods.heading).count(), 0);
  });

  it('has no access to a window with Sild’s page that it opened', async () => {
    const page = await atLogin();
    answer = { cookies: [], html: '<button>open</button>' };
    const tab = await page.context().newPage();
    await tab.goto(siblingUrl);
    await tab.evaluate((address) => {
      document.querySelector('button')?.addEventListener('click', () => {
        Object.assign(window, { opened: window.open(address) });
      });
    }, page.url());
    const popup = tab.waitForEvent('popup');
    await tab.getByRole('button').click();
    await (await popup).getByRole('heading', { name: en.methods.heading, exact: true }).waitFor();
    await tab.waitForFunction(() => (window as unknown as { opened: Window }).opened.closed);
  });
});

describe('a QR code that begins without a click', () => {
  const begun = () => sild.log.filter(({ event }) => event === 'login_begun').length;

  it('does not begin in a frame of a hostile page, and begins once in a tab that the person sees', async () => {
    const before = begun();
    const page = await open({}, true);
    answer = {
      cookies: [],
      html: `<iframe src="${authorizationUrl()}"></iframe><a href="${authorizationUrl()}">go</a>`,
    };
    const refused = page.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
    await page.goto(siblingUrl);
    await refused;
    await page.waitForLoadState('networkidle');
    assert.equal(begun(), before, 'in the frame');
    await page.getByRole('link').click();
    await page.getByRole('heading', { name: en.qr.heading, exact: true }).waitFor();
    assert.equal(begun(), before + 1);
  });

  it('does not begin in a tab in the background, until the person looks at it', async () => {
    const before = begun();
    const page = await openInBackground();
    assert.equal(begun(), before);
    await look(page);
    await heading(page, en.qr.heading);
    assert.equal(begun(), before + 1);
  });

  it('says in a tab that the person looks at later that the login is over', async () => {
    const page = await openInBackground();
    const other = await page.context().newPage();
    await other.goto(`${page.url()}?choose`);
    await other.getByRole('button', { name: en.action.backTo('Sample app') }).click();
    await other.waitForURL(`${sild.redirectUri}**`);
    await look(page);
    await heading(page, en.notices.expired.heading);
  });

  it('shows the answer of the form where the script is refused: a limit, an outage', async () => {
    for (const status of [429, 503]) {
      const page = await openInBackground();
      await page.route(/\/device-link$/, (route, request) =>
        request.resourceType() === 'fetch' ? route.fulfill({ status, json: {} }) : route.continue(),
      );
      await look(page);
      await heading(page, en.qr.heading);
    }
  });

  it('waits for the network, and keeps the button', async () => {
    const page = await openInBackground();
    const before = begun();
    await page.route(/\/device-link$/, (route) => route.abort());
    const tried = page.waitForEvent('requestfailed');
    await look(page);
    await tried;
    await page.getByRole('button', { name: en.methods.showQr, exact: true }).waitFor();
    await page.unroute(/\/device-link$/);
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await heading(page, en.qr.heading);
    assert.equal(begun(), before + 1);
  });

  it('does not begin in a page that the browser renders in advance', async () => {
    const before = begun();
    const page = await open({}, true);
    await page.addInitScript(() => {
      Object.defineProperty(document, 'prerendering', { value: true });
    });
    await page.goto(authorizationUrl(), { waitUntil: 'networkidle' });
    await page.getByRole('heading', { name: en.methods.heading, exact: true }).waitFor();
    assert.equal(begun(), before);
  });
});

describe('a response with form_post', () => {
  it('is submitted by Sild’s own script, and the Content-Security-Policy allows none inline', async () => {
    const page = await open();
    const arrived = page.waitForRequest((request) => request.url() === sild.redirectUri);
    const response = await page.goto(authorizationUrl({ response_mode: 'form_post', prompt: 'none' }));
    const policy = response?.headers()['content-security-policy'] ?? '';
    assert.match(policy, /script-src 'self';/);
    assert.ok(!policy.includes('unsafe') && !policy.includes('sha256'));
    const request = await arrived;
    assert.equal(request.method(), 'POST');
    assert.match(request.postData() ?? '', /^error=login_required&/);
  });

  it('is submitted by a button without JavaScript, on a page like the others', async () => {
    const page = await open({ javaScriptEnabled: false, locale: 'de' });
    await page.goto(authorizationUrl({ response_mode: 'form_post', prompt: 'none' }));
    const arrived = page.waitForRequest((request) => request.url() === sild.redirectUri);
    await page.getByRole('button', { name: de.continuing.link }).click();
    assert.match((await arrived).postData() ?? '', /^error=login_required&/);
  });
});

/** @param shortcuts whether scripts may begin a QR code */
async function open(options: BrowserContextOptions = {}, shortcuts = false): Promise<Page> {
  const context = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en', ...options });
  context.setDefaultTimeout(15_000);
  contexts.push(context);
  if (!shortcuts) await withoutShortcuts(context);
  return context.newPage();
}

/** A tab with a login that the person does not look at. */
async function openInBackground(): Promise<Page> {
  const page = await open({}, true);
  await page.addInitScript(() => {
    let state = 'hidden';
    Object.defineProperty(document, 'visibilityState', { get: () => state });
    Object.assign(window, {
      look: () => {
        state = 'visible';
        document.dispatchEvent(new Event('visibilitychange'));
      },
    });
  });
  await page.goto(authorizationUrl(), { waitUntil: 'networkidle' });
  await heading(page, en.methods.heading);
  return page;
}

async function look(page: Page): Promise<void> {
  await page.evaluate(() => {
    (window as unknown as { look: () => void }).look();
  });
}

async function heading(page: Page, name: string): Promise<void> {
  await page.getByRole('heading', { name, exact: true }).waitFor();
}

/** A separate browser with a started login. */
async function atLogin(): Promise<Page> {
  const page = await open();
  await page.goto(authorizationUrl());
  await page.getByRole('heading', { name: en.methods.heading, exact: true }).waitFor();
  return page;
}

function authorizationUrl(parameters: Readonly<Record<string, string>> = {}): string {
  const query = new URLSearchParams({
    client_id: 'sample-app',
    redirect_uri: sild.redirectUri,
    response_type: 'code',
    scope: 'openid',
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
    ...parameters,
  });
  return `${sild.issuer}/authorize?${query.toString()}`;
}

function onwardOf(login: string): string {
  return login.replace('/login/', '/authorize/');
}
