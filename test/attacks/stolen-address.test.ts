/**
 * Somebody knows the address of another one's login: from a proxy's log, over a shoulder, from the browser's history. Or
 * leads another one to the address of his own, and lets them log in there. An address is worth nothing by itself.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { en } from '../../src/web/messages/en.ts';
import { createHttpBrowser, type HttpBrowser } from '../support/servers/http-browser.ts';
import {
  appLinkOf,
  beginLogin,
  type BegunLogin,
  confirmOnPhone,
  goOn,
  logInByPush,
  plantable,
  qrLinkOf,
  VICTIM,
  whoIsLoggedIn,
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
  '/wait?returned',
  '/wait?show=web2app',
  '/events',
  '/status',
];
const FORMS = ['/code', '/device-link', '/restart', '/cancel'];

describe('the stolen address of a login', () => {
  it('shows nothing, stops nothing and lets nobody in, whatever cookies of his own the thief has', async () => {
    const victim = await beginLogin(sild);
    const link = await qrLinkOf(victim);
    const thieves = [createHttpBrowser(), (await beginLogin(sild)).browser];
    for (const thief of thieves) await assertWorthless(thief, victim);
    await confirmOnPhone(link);
    // Now there is something to take away.
    for (const thief of thieves) await assertWorthless(thief, victim);
    await goOn(victim);
    assert.equal(await whoIsLoggedIn(sild, victim.browser), VICTIM.name);
    for (const thief of thieves) {
      await assertWorthless(thief, victim);
      assert.equal(await whoIsLoggedIn(sild, thief), undefined);
    }
  });

  it('of the way back to the client gives no code', async () => {
    const victim = await beginLogin(sild);
    const link = await qrLinkOf(victim);
    await confirmOnPhone(link);
    const onward = `${sild.issuer}/authorize/${uidOf(victim)}`;
    const thief = await beginLogin(sild);
    for (const browser of [createHttpBrowser(), thief.browser]) {
      const answer = await browser.get(onward);
      assert.deepEqual([answer.status, answer.url.href], [400, onward]);
    }
    await goOn(victim);
    assert.equal(await whoIsLoggedIn(sild, victim.browser), VICTIM.name);
  });
});

describe('the address of an attacker’s own login, which a person opens', () => {
  it('offers the person nothing to log in with', async () => {
    const attacker = await beginLogin(sild);
    await qrLinkOf(attacker);
    const person = createHttpBrowser();
    await assertWorthless(person, attacker);
    const { text } = await person.get(attacker.ways.url);
    assert.ok(!text.includes('<form') && !text.includes('Sample app'));
  });

  it('offers nothing either where the attacker has planted his cookies in the person’s browser', async () => {
    const attacker = await beginLogin(sild);
    const person = createHttpBrowser();
    plant(person, attacker);
    await assertWorthless(person, attacker);
    await logInByPush(attacker);
    assert.equal(await whoIsLoggedIn(sild, person), undefined);
  });

  it('does not make two browsers share a login, though the person comes back from the app with planted cookies', async () => {
    const attacker = await beginLogin(sild);
    const link = await appLinkOf(attacker);
    // The attacker asks all the time, and is faster than the person's browser, which has yet to follow a redirect.
    const person = createHttpBrowser({ stopAt: (url) => url.pathname.endsWith('/wait') });
    plant(person, attacker);
    // The person opens the link, confirms, and the app leads to the callback in their browser.
    const callback = await confirmOnPhone(link);
    assert.equal(callback.pathname, '/callback/smart-id');
    await person.get(callback);
    await goOn(attacker, '?returned');
    for (const browser of [attacker.browser, person]) {
      assert.equal(await whoIsLoggedIn(sild, browser), undefined);
    }
  });
});

describe('an authorization request of an attacker’s, which a person follows', () => {
  it('is the person’s own login here, and one that the client did not ask this browser for', async () => {
    const attacker = createHttpBrowser({ stopAt: (url) => url.pathname === '/authorize' });
    const { url: request } = await attacker.get(`${sild.sampleAppUrl}login`);
    const person = createHttpBrowser();
    const end = await logInByPush({ browser: person, ways: await person.get(request) });
    assert.deepEqual([end.url.pathname, end.status], ['/callback', 400]);
    assert.match(end.text, /This login cannot go on here/);
    for (const browser of [attacker, person]) {
      assert.equal(await whoIsLoggedIn(sild, browser), undefined);
    }
  });
});

describe('an attacker’s answer, which a person is led to', () => {
  it('does not log the person in as the attacker', async () => {
    const attacker = createHttpBrowser({ stopAt: ({ href }) => href.startsWith(`${sild.redirectUri}?`) });
    const { url: answer } = await logInByPush(await beginLogin(sild, attacker));
    assert.ok(answer.searchParams.has('code'));
    const person = createHttpBrowser();
    assert.equal((await person.get(answer)).status, 400);
    assert.equal(await whoIsLoggedIn(sild, person), undefined);
    // Nor where the person has a login of their own under way.
    const busy = await beginLogin(sild);
    assert.equal((await busy.browser.get(answer)).status, 400);
    assert.equal(await whoIsLoggedIn(sild, busy.browser), undefined);
  });
});

/** No page of a login, and no form, does anything in this browser. */
async function assertWorthless(browser: HttpBrowser, { ways }: BegunLogin): Promise<void> {
  for (const path of PAGES) {
    const { status, text } = await browser.get(`${ways.url.href}${path}`);
    assert.ok(isNoLogin(status, text), `${path}: ${status}`);
    assert.ok(!/<svg|deviceLink|sessionToken|"link"|Verification code/.test(text), path);
  }
  for (const path of FORMS) {
    const { status, text } = await browser.post(`${ways.url.href}${path}`, {
      country: 'EE',
      personal_code: '38001085718',
      show: 'qr',
    });
    assert.ok(isNoLogin(status, text), `${path}: ${status}`);
  }
}

/** The page says that there is no login here, or that one is complete, and names nobody. */
function isNoLogin(status: number, text: string): boolean {
  const { finished, goesOnElsewhere } = en.notices;
  const over = text.includes(finished.heading) || text.includes(goesOnElsewhere.heading);
  return (status === 404 || status === 400 || over) && !text.includes('Sample app');
}

function plant(browser: HttpBrowser, { browser: attacker, ways }: BegunLogin): void {
  const addresses = [ways.url, `${ways.url.origin}/authorize/${ways.url.pathname.split('/')[2] ?? ''}`];
  for (const address of addresses) {
    for (const [name, value] of Object.entries(plantable(attacker.cookiesFor(address)))) {
      browser.setCookie(`${name}=${value}; path=/`, address);
    }
  }
}

function uidOf({ ways }: BegunLogin): string {
  return ways.url.pathname.split('/')[2] ?? '';
}
