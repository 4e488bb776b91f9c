import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright';
import { en } from '../../src/web/messages/en.ts';
import { appLink, callbackOf, confirmLink, openAppPage } from '../support/browser/device-link.ts';
import { PHONE } from '../support/browser/devices.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import { chooseAccount, PHONE_OWNER } from '../support/browser/phone.ts';
import {
  chooseCode,
  claim,
  greeted,
  OK,
  openLoginMethods,
  submitCode,
  loginMethodsShown,
} from '../support/browser/steps.ts';

describe('logging in with the app on the same phone', () => {
  const journey = prepareJourney();

  it('continues in the tab that the app opens, and the first tab says that it can be closed', async () => {
    const page = await journey.open(PHONE);
    const link = new URL(await openAppPage(page, journey.stack));
    assert.equal(`${link.origin}/`, journey.stack.phoneUrl);
    assert.equal(link.searchParams.get('deviceLinkType'), 'Web2App');
    assert.equal(link.searchParams.has('elapsedSeconds'), false);
    const tab = await page.context().newPage();
    await confirmLink(tab, link);
    await greeted(tab, PHONE_OWNER);
    assert.equal(await claim(tab, 'flow'), 'web2app');
    await page.getByRole('heading', { name: en.notices.continuesInOtherTab.heading }).waitFor();
    await page.reload();
    await page.getByRole('heading', { name: en.notices.continuesInOtherTab.heading }).waitFor();
  });

  it('continues in the same tab if the app returns to it', async () => {
    const page = await journey.open(PHONE);
    await openAppPage(page, journey.stack);
    await page.getByRole('link', { name: en.methods.openApp, exact: true }).click();
    await chooseAccount(page);
    await page.getByLabel('PIN1').fill('1234');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await greeted(page, PHONE_OWNER);
    assert.equal(await claim(page, 'flow'), 'web2app');
  });

  it('links to the QR code of the same session', async () => {
    const page = await journey.open(PHONE);
    const link = new URL(await openAppPage(page, journey.stack));
    await page.getByRole('link', { name: en.methods.showQrForOtherDevice }).click();
    await page.getByRole('img', { name: en.qr.picture }).waitFor();
    await page.getByRole('link', { name: en.methods.openAppOnThisDevice }).click();
    const again = new URL(await appLink(page));
    assert.equal(again.searchParams.get('sessionToken'), link.searchParams.get('sessionToken'));
  });

  it('shows in the waiting tab that the person refused', async () => {
    const page = await journey.open(PHONE);
    const link = await openAppPage(page, journey.stack);
    const tab = await page.context().newPage();
    await tab.goto(link);
    await chooseAccount(tab);
    await tab.getByRole('button', { name: 'Cancel' }).click();
    await tab.getByRole('heading', { name: 'Cancelled' }).waitFor();
    await page.getByRole('heading', { name: en.refusedInteractions.displayTextAndPIN.heading }).waitFor();
  });

  it('accepts a callback once', async () => {
    const page = await journey.open(PHONE);
    const callback = await callbackOf(await openAppPage(page, journey.stack), journey.stack);
    const tab = await page.context().newPage();
    await tab.goto(callback.href);
    await greeted(tab, PHONE_OWNER);
    await assertRefused(tab, callback, en.notices.callbackUsed.heading);
    const otherBrowser = await journey.open();
    await assertRefused(otherBrowser, callback, en.notices.callbackUsed.heading);
  });

  it('refuses a callback with another value', async () => {
    const page = await journey.open(PHONE);
    const callback = await callbackOf(await openAppPage(page, journey.stack), journey.stack);
    const tab = await page.context().newPage();
    await assertRefused(tab, altered(callback, 'value'), en.notices.callbackUsed.heading);
    await assertRefused(
      tab,
      new URL(callback.pathname, callback),
      en.notices.callbackUsed.heading,
      'with nothing at all',
    );
    // A guessed value does not use up the callback.
    await tab.goto(callback.href);
    await greeted(tab, PHONE_OWNER);
  });

  for (const name of ['sessionSecretDigest', 'userChallengeVerifier']) {
    for (const how of ['altered', 'missing']) {
      it(`refuses a callback whose ${name} is ${how}, and uses it up`, async () => {
        const page = await journey.open(PHONE);
        const callback = await callbackOf(await openAppPage(page, journey.stack), journey.stack);
        const wrong = how === 'altered' ? altered(callback, name) : without(callback, name);
        const tab = await page.context().newPage();
        await assertRefused(tab, wrong, en.outcomes.callback_refused.heading);
        await page.getByRole('heading', { name: en.outcomes.callback_refused.heading }).waitFor();
        await assertRefused(tab, callback, en.notices.callbackUsed.heading, 'the valid callback after it');
        await notLoggedIn(tab);
      });
    }
  }

  it('refuses a callback in a browser without the cookie of the login, and says so in both browsers', async () => {
    const [page, otherBrowser] = [await journey.open(PHONE), await journey.open(PHONE)];
    const callback = await callbackOf(await openAppPage(page, journey.stack), journey.stack);
    await assertRefused(otherBrowser, callback, en.notices.otherBrowser.heading);
    await notLoggedIn(otherBrowser);
    await page.getByRole('heading', { name: en.outcomes.callback_refused.heading }).waitFor();
    await page.getByRole('button', { name: en.methods.showQr }).waitFor();
    await page.getByRole('link', { name: en.methods.personalCode }).click();
    await submitCode(page, OK);
    await greeted(page, 'OK');
  });

  it('refuses a callback in a browser with another login', async () => {
    const [page, otherBrowser] = [await journey.open(PHONE), await journey.open(PHONE)];
    const callback = await callbackOf(await openAppPage(page, journey.stack), journey.stack);
    await openAppPage(otherBrowser, journey.stack);
    const tab = await otherBrowser.context().newPage();
    await assertRefused(tab, callback, en.notices.otherBrowser.heading);
    await notLoggedIn(tab);
    // The other browser's login is still waiting.
    await confirmLink(tab, await appLink(otherBrowser));
    await greeted(tab, PHONE_OWNER);
  });

  it('refuses the callback parameters of another login of the same browser', async () => {
    const page = await journey.open(PHONE);
    const otherTab = await page.context().newPage();
    const callback = await callbackOf(await openAppPage(page, journey.stack), journey.stack);
    const otherCallback = await callbackOf(await openAppPage(otherTab, journey.stack), journey.stack);
    const mixed = new URL(otherCallback);
    mixed.searchParams.set('value', callback.searchParams.get('value') ?? '');
    const tab = await page.context().newPage();
    await assertRefused(tab, mixed, en.outcomes.callback_refused.heading);
    await tab.goto(otherCallback.href);
    await greeted(tab, PHONE_OWNER);
  });

  it('completes no login without the callback, even after Smart-ID’s response', async () => {
    const page = await journey.open(PHONE);
    await callbackOf(await openAppPage(page, journey.stack), journey.stack);
    // The requests of the waiting tab and of a reload.
    const path = new URL(page.url()).pathname.replace(/\/wait$/, '');
    for (const query of ['wait?poll', 'wait?callback', 'status?show=web2app', 'wait?poll&callback']) {
      await page.request.get(`${journey.stack.issuer}${path}/${query}`);
    }
    await notLoggedIn(await page.context().newPage());
    await page.getByRole('link', { name: en.methods.openApp, exact: true }).waitFor();
  });

  it('allows a change to the personal code, and remembers the choice', async () => {
    const page = await journey.open(PHONE);
    await openAppPage(page, journey.stack);
    await page.getByRole('button', { name: en.wait.cancel }).click();
    await page.getByRole('heading', { name: 'You cancelled the login' }).waitFor();
    await openLoginMethods(page, journey.stack);
    await page.locator('main button.primary', { hasText: en.methods.openApp }).waitFor();
    await chooseCode(page);
    await page.getByRole('link', { name: en.methods.otherMethods }).click();
    await loginMethodsShown(page);
  });

  async function assertRefused(tab: Page, address: URL, heading: string, what = heading): Promise<void> {
    await tab.goto(address.href);
    await tab.getByRole('heading', { name: heading, exact: true }).waitFor();
    assert.equal(new URL(tab.url()).origin, journey.stack.issuer, what);
    for (const value of address.searchParams.values())
      assert.ok(!(await tab.content()).includes(value), 'the page does not repeat the parameters');
  }

  async function notLoggedIn(tab: Page): Promise<void> {
    await tab.goto(journey.stack.sampleAppUrl);
    await tab.getByRole('link', { name: 'Log in with Smart-ID' }).waitFor();
  }
});

/** Changes one character of a parameter. */
function altered(callback: URL, name: string): URL {
  const url = new URL(callback);
  const value = url.searchParams.get(name) ?? '';
  url.searchParams.set(name, `${value.startsWith('A') ? 'B' : 'A'}${value.slice(1)}`);
  return url;
}

function without(callback: URL, name: string): URL {
  const url = new URL(callback);
  url.searchParams.delete(name);
  return url;
}
