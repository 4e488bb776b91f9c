/**
 * An attacker begins a login in his own browser and gets another person to confirm it: he passes the link or the QR code
 * on, or types their personal code and waits for them to press a button.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { en } from '../../src/web/messages/en.ts';
import {
  appLinkOf,
  beginLogin,
  confirmOnPhone,
  goOn,
  logInByPush,
  qrLinkOf,
  VICTIM,
  whoIsLoggedIn,
} from '../support/attack-actors.ts';
import { createHttpBrowser } from '../support/servers/http-browser.ts';
import { startWholeSild, type WholeSild } from '../support/whole-sild.ts';

const PUSH_TO_VICTIM = { country: 'EE', personal_code: '38001085718' };

let sild: WholeSild;
before(async () => {
  sild = await startWholeSild();
});
after(() => sild.stop());

describe('a push where the policy is always', () => {
  it('asks the person to pick the code that the attacker sees, under a text that warns', async () => {
    const attacker = await beginLogin(sild);
    await attacker.browser.post(`${attacker.ways.url.href}/code`, PUSH_TO_VICTIM);
    const { text } = await createHttpBrowser().get(sild.phoneUrl);
    assert.match(text, /Log in to Sample app from an unknown browser/);
    assert.equal(text.match(/name="code" value="\d{4}"/g)?.length, 3);
  });
});

describe('a relayed link to the app', () => {
  it('lets nobody in: the app leads the person back in a browser that did not begin', async () => {
    const attacker = await beginLogin(sild);
    const callback = await confirmOnPhone(await appLinkOf(attacker));
    const person = createHttpBrowser();
    const there = await person.get(callback);
    assert.ok(there.text.includes(en.notices.otherBrowser.heading));
    const here = await goOn(attacker, '?returned');
    assert.ok(here.text.includes(en.outcomes.callback_refused.heading));
    for (const browser of [attacker.browser, person]) {
      assert.equal(await whoIsLoggedIn(sild, browser), undefined);
    }
  });

  it('lets nobody in without the way back: Smart-ID’s answer alone is not enough', async () => {
    const attacker = await beginLogin(sild);
    await confirmOnPhone(await appLinkOf(attacker));
    for (const path of [
      '/wait?poll',
      '/wait?returned',
      '/status?show=web2app',
      '/status?show=qr',
      '/wait?show=qr&look',
    ])
      await attacker.browser.get(`${attacker.ways.url.href}${path}`);
    assert.equal(await whoIsLoggedIn(sild, attacker.browser), undefined);
    assert.ok(!sild.log.some(({ event }) => event === 'login_authenticated'));
  });

  it('is worth nothing to the attacker with the whole address that the person came back to', async () => {
    const attacker = await beginLogin(sild);
    const callback = await confirmOnPhone(await appLinkOf(attacker));
    await createHttpBrowser().get(callback);
    const spent = await attacker.browser.get(callback);
    assert.deepEqual([spent.status, spent.url.pathname], [410, '/callback/smart-id/used']);
    await goOn(attacker, '?returned');
    assert.equal(await whoIsLoggedIn(sild, attacker.browser), undefined);
  });
});

describe('a relayed QR code', () => {
  it('tells the person which service is logged in to, and that the browser is unknown', async () => {
    const attacker = await beginLogin(sild);
    const screen = createHttpBrowser();
    const { text } = await screen.get(await qrLinkOf(attacker));
    assert.match(text, /Log in to Sample app from an unknown browser/);
  });

  it('is one of a session that the person’s other logins have nothing to do with', async () => {
    const attacker = await beginLogin(sild);
    const person = await beginLogin(sild);
    await qrLinkOf(attacker);
    await confirmOnPhone(await qrLinkOf(person));
    await goOn(person);
    assert.equal(await whoIsLoggedIn(sild, person.browser), VICTIM.name);
    await attacker.browser.get(`${attacker.ways.url.href}/wait?poll`);
    assert.equal(await whoIsLoggedIn(sild, attacker.browser), undefined);
  });
});

describe('a push to a person who did not ask for it', () => {
  let careful: WholeSild;
  before(async () => {
    careful = await startWholeSild({ NOTIFICATION_POLICY: 'known-browser' });
  });
  after(() => careful.stop());

  it('is not sent from a browser that the person has not logged in with, where the policy is known-browser', async () => {
    const attacker = await beginLogin(careful);
    const answer = await logInByPush(attacker, PUSH_TO_VICTIM);
    assert.equal(answer.status, 403);
    assert.ok(answer.text.includes(en.notices.pushNotHere.heading));
    // Nor with the cookie of a browser that knows him, nor a guessed one.
    await confirmOnPhone(await qrLinkOf(attacker));
    await goOn(attacker);
    for (const browser of [attacker.browser, guessing()]) {
      const again = await beginLogin(careful, browser);
      assert.notEqual(
        (await logInByPush(again, { country: 'EE', personal_code: '47101010033' })).status,
        200,
      );
    }
    assert.ok(!careful.log.some(({ flow }) => flow === 'notification'));
  });

  function guessing() {
    const browser = createHttpBrowser();
    browser.setCookie(`sild_browser=${'A'.repeat(43)}; path=/`, careful.issuer);
    return browser;
  }
});
