/**
 * An attacker knows the URL of another person's login, from a proxy's log or the browser's history. Or the attacker makes
 * another person open the URL of the attacker's own login and log in there. A URL alone must not be enough.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { en } from '../../src/web/messages/en.ts';
import { createHttpBrowser, type HttpBrowser } from '../support/servers/http-browser.ts';
import {
  appLinkOf,
  startLogin,
  type StartedLogin,
  confirmOnPhone,
  pollUntilEnd,
  logInByPush,
  plantable,
  qrLinkOf,
  VICTIM,
  loggedInName,
} from '../support/attack-actors.ts';
import { startWholeSild, type WholeSild } from '../support/whole-sild.ts';

let sild: WholeSild;
before(async () => {
  sild = await startWholeSild();
});
after(() => sild.stop());

const PAGES = [
  '',
  '/code',
  '/wait',
  '/wait?poll',
  '/wait?callback',
  '/wait?show=web2app',
  '/events',
  '/status',
];
const FORMS = ['/code', '/device-link', '/restart', '/cancel'];

describe('the stolen URL of a login', () => {
  it('shows nothing, stops nothing and completes no login, even with the cookies of another login', async () => {
    const victim = await startLogin(sild);
    const link = await qrLinkOf(victim);
    const thieves = [createHttpBrowser(), (await startLogin(sild)).browser];
    for (const thief of thieves) await assertWorthless(thief, victim);
    await confirmOnPhone(link);
    // Now the login is confirmed.
    for (const thief of thieves) await assertWorthless(thief, victim);
    await pollUntilEnd(victim);
    assert.equal(await loggedInName(sild, victim.browser), VICTIM.name);
    for (const thief of thieves) {
      await assertWorthless(thief, victim);
      assert.equal(await loggedInName(sild, thief), undefined);
    }
  });

  it('that leads back to the client yields no code', async () => {
    const victim = await startLogin(sild);
    const link = await qrLinkOf(victim);
    await confirmOnPhone(link);
    const onward = `${sild.issuer}/authorize/${uidOf(victim)}`;
    const thief = await startLogin(sild);
    for (const browser of [createHttpBrowser(), thief.browser]) {
      const answer = await browser.get(onward);
      assert.deepEqual([answer.status, answer.url.href], [400, onward]);
    }
    await pollUntilEnd(victim);
    assert.equal(await loggedInName(sild, victim.browser), VICTIM.name);
  });
});

describe('the URL of an attacker’s login, opened by another person', () => {
  it('offers no way to log in', async () => {
    const attacker = await startLogin(sild);
    await qrLinkOf(attacker);
    const person = createHttpBrowser();
    await assertWorthless(person, attacker);
    const { text } = await person.get(attacker.firstPage.url);
    assert.ok(!text.includes('<form') && !text.includes('Sample app'));
  });

  it('offers no way to log in with cookies that the attacker planted', async () => {
    const attacker = await startLogin(sild);
    const person = createHttpBrowser();
    plant(person, attacker);
    await assertWorthless(person, attacker);
    await logInByPush(attacker);
    assert.equal(await loggedInName(sild, person), undefined);
  });

  it('is not shared by two browsers, even if the person returns from the app with planted cookies', async () => {
    const attacker = await startLogin(sild);
    const link = await appLinkOf(attacker);
    // The attacker polls and is faster than the person's browser, which has not followed its redirect yet.
    const person = createHttpBrowser({ stopAt: (url) => url.pathname.endsWith('/wait') });
    plant(person, attacker);
    // The person opens the link and confirms, and the app opens the callback in their browser.
    const callback = await confirmOnPhone(link);
    assert.equal(callback.pathname, '/callback/smart-id');
    await person.get(callback);
    await pollUntilEnd(attacker, '?callback');
    for (const browser of [attacker.browser, person]) {
      assert.equal(await loggedInName(sild, browser), undefined);
    }
  });
});

describe('an attacker’s authorization request, followed by another person', () => {
  it('starts the person’s own login, whose response the client refuses', async () => {
    const attacker = createHttpBrowser({ stopAt: (url) => url.pathname === '/authorize' });
    const { url: request } = await attacker.get(`${sild.sampleAppUrl}login`);
    const person = createHttpBrowser();
    const end = await logInByPush({ browser: person, firstPage: await person.get(request) });
    assert.deepEqual([end.url.pathname, end.status], ['/callback', 400]);
    assert.match(end.text, /This login cannot go on here/);
    for (const browser of [attacker, person]) {
      assert.equal(await loggedInName(sild, browser), undefined);
    }
  });
});

describe('an attacker’s authorization response, opened by another person', () => {
  it('does not log the person in as the attacker', async () => {
    const attacker = createHttpBrowser({ stopAt: ({ href }) => href.startsWith(`${sild.redirectUri}?`) });
    const { url: answer } = await logInByPush(await startLogin(sild, attacker));
    assert.ok(answer.searchParams.has('code'));
    const person = createHttpBrowser();
    assert.equal((await person.get(answer)).status, 400);
    assert.equal(await loggedInName(sild, person), undefined);
    // Nor while the person has their own pending login.
    const busy = await startLogin(sild);
    assert.equal((await busy.browser.get(answer)).status, 400);
    assert.equal(await loggedInName(sild, busy.browser), undefined);
  });
});

/** Asserts that no page and no form of the login works in this browser. */
async function assertWorthless(browser: HttpBrowser, { firstPage }: StartedLogin): Promise<void> {
  for (const path of PAGES) {
    const { status, text } = await browser.get(`${firstPage.url.href}${path}`);
    assert.ok(isNoLogin(browser, status, text), `${path}: ${status}`);
    assert.ok(!/<svg|deviceLink|sessionToken|"link"|Verification code/.test(text), path);
  }
  for (const path of FORMS) {
    const { status, text } = await browser.post(`${firstPage.url.href}${path}`, {
      country: 'EE',
      personal_code: '38001085718',
      show: 'qr',
    });
    assert.ok(isNoLogin(browser, status, text), `${path}: ${status}`);
  }
}

/** Whether the page shows that there is no login, or that it is complete, and does not name the service of the login. */
function isNoLogin(browser: HttpBrowser, status: number, text: string): boolean {
  const { finished, continuesInOtherTab } = en.notices;
  const over = text.includes(finished.heading) || text.includes(continuesInOtherTab.heading);
  const namesIt =
    text.includes('<p class="service">') || (text.includes('Sample app') && !hasOwnLogin(browser));
  return (status === 404 || status === 400 || over) && !namesIt;
}

/** Such a browser is offered a way back to the service of its own login, for any address. */
function hasOwnLogin(browser: HttpBrowser): boolean {
  return Object.keys(browser.cookiesFor(sild.issuer)).includes('sild_origins');
}

function plant(browser: HttpBrowser, { browser: attacker, firstPage }: StartedLogin): void {
  const addresses = [
    firstPage.url,
    `${firstPage.url.origin}/authorize/${firstPage.url.pathname.split('/')[2] ?? ''}`,
  ];
  for (const address of addresses) {
    for (const [name, value] of Object.entries(plantable(attacker.cookiesFor(address)))) {
      browser.setCookie(`${name}=${value}; path=/`, address);
    }
  }
}

function uidOf({ firstPage }: StartedLogin): string {
  return firstPage.url.pathname.split('/')[2] ?? '';
}
