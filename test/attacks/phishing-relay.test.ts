/**
 * An attacker starts a login in their own browser and makes another person confirm it, by relaying the link or the QR code,
 * or by typing the person's personal code.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { en } from '../../src/web/messages/en.ts';
import {
  appLinkOf,
  startLogin,
  confirmOnPhone,
  pollUntilEnd,
  logInByPush,
  qrLinkOf,
  VICTIM,
  loggedInName,
} from '../support/attack-actors.ts';
import { createHttpBrowser } from '../support/servers/http-browser.ts';
import { startWholeSild, type WholeSild } from '../support/whole-sild.ts';

const PUSH_TO_VICTIM = { country: 'EE', personal_code: '38001085718' };

let sild: WholeSild;
before(async () => {
  sild = await startWholeSild();
});
after(() => sild.stop());

describe('a push with the policy always', () => {
  it('warns of an unknown browser and asks the person to choose the verification code', async () => {
    const attacker = await startLogin(sild);
    await attacker.browser.post(`${attacker.firstPage.url.href}/code`, PUSH_TO_VICTIM);
    const { text } = await createHttpBrowser().get(sild.phoneUrl);
    assert.match(text, /Not you\? Cancel\. Log in to Sample app/);
    assert.equal(text.match(/name="code" value="\d{4}"/g)?.length, 3);
  });
});

describe('a relayed app link', () => {
  it('completes no login, since the app returns to a browser that did not start it', async () => {
    const attacker = await startLogin(sild);
    const callback = await confirmOnPhone(await appLinkOf(attacker));
    const person = createHttpBrowser();
    const there = await person.get(callback);
    assert.ok(there.text.includes(en.notices.otherBrowser.heading));
    const here = await pollUntilEnd(attacker, '?callback');
    assert.ok(here.text.includes(en.outcomes.callback_refused.heading));
    for (const browser of [attacker.browser, person]) {
      assert.equal(await loggedInName(sild, browser), undefined);
    }
  });

  it('completes no login without the callback, even after Smart-ID’s response', async () => {
    const attacker = await startLogin(sild);
    await confirmOnPhone(await appLinkOf(attacker));
    for (const path of [
      '/wait?poll',
      '/wait?callback',
      '/status?show=web2app',
      '/status?show=qr',
      '/wait?show=qr&poll',
    ])
      await attacker.browser.get(`${attacker.firstPage.url.href}${path}`);
    assert.equal(await loggedInName(sild, attacker.browser), undefined);
    assert.ok(!sild.log.some(({ event }) => event === 'login_authenticated'));
  });

  it('completes no login if the attacker knows the used callback URL', async () => {
    const attacker = await startLogin(sild);
    const callback = await confirmOnPhone(await appLinkOf(attacker));
    await createHttpBrowser().get(callback);
    const spent = await attacker.browser.get(callback);
    assert.deepEqual([spent.status, spent.url.pathname], [410, '/callback/smart-id/used']);
    await pollUntilEnd(attacker, '?callback');
    assert.equal(await loggedInName(sild, attacker.browser), undefined);
  });
});

describe('a relayed QR code', () => {
  it('names the service in the app and warns of an unknown browser', async () => {
    const attacker = await startLogin(sild);
    const screen = createHttpBrowser();
    const { text } = await screen.get(await qrLinkOf(attacker));
    assert.match(text, /Not you\? Cancel\. Log in to Sample app/);
  });

  it('does not profit from another login of the person', async () => {
    const attacker = await startLogin(sild);
    const person = await startLogin(sild);
    await qrLinkOf(attacker);
    await confirmOnPhone(await qrLinkOf(person));
    await pollUntilEnd(person);
    assert.equal(await loggedInName(sild, person.browser), VICTIM.name);
    await attacker.browser.get(`${attacker.firstPage.url.href}/wait?poll`);
    assert.equal(await loggedInName(sild, attacker.browser), undefined);
  });
});

describe('a push to a person who did not ask for it', () => {
  let careful: WholeSild;
  before(async () => {
    careful = await startWholeSild({ NOTIFICATION_POLICY: 'known-browser' });
  });
  after(() => careful.stop());

  it('is not sent from an unknown browser with the policy known-browser', async () => {
    const attacker = await startLogin(careful);
    const answer = await logInByPush(attacker, PUSH_TO_VICTIM);
    assert.equal(answer.status, 403);
    assert.ok(answer.text.includes(en.notices.pushNotAllowed.heading));
    // Nor with the cookie of another person's known browser, nor with a guessed one.
    await confirmOnPhone(await qrLinkOf(attacker));
    await pollUntilEnd(attacker);
    for (const browser of [attacker.browser, guessing()]) {
      const again = await startLogin(careful, browser);
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
