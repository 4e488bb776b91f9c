import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright';
import { en } from '../../src/web/messages/en.ts';
import { confirmLink, openQr, picture, scan } from '../support/browser/device-link.ts';
import { PHONE } from '../support/browser/devices.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import { chooseAccount, enterPin, PHONE_OWNER } from '../support/browser/phone.ts';
import {
  chooseCode,
  claim,
  greeted,
  OK,
  openLoginMethods,
  submitCode,
  loginMethodsShown,
} from '../support/browser/steps.ts';

describe('logging in with a QR code', () => {
  const journey = prepareJourney();

  it('logs in a person whose phone scans the code from the screen', async () => {
    const [page, phone] = [await journey.open(), await journey.open(PHONE)];
    await openQr(page, journey.stack);
    const { link } = await scan(page);
    assert.equal(`${link.origin}/`, journey.stack.phoneUrl);
    assert.equal(link.searchParams.get('deviceLinkType'), 'QR');
    assert.equal(link.searchParams.get('lang'), 'eng');
    await phone.goto(link.href);
    await phone.getByText('Not you? Cancel. Log in to Sample app').waitFor();
    await chooseAccount(phone);
    await phone.getByLabel('PIN1').fill('1234');
    await phone.getByRole('button', { name: 'Confirm' }).click();
    await phone.getByRole('heading', { name: 'Confirmed' }).waitFor();
    await greeted(page, PHONE_OWNER);
    assert.equal(await claim(page, 'flow'), 'qr');
    assert.equal(await claim(page, 'identity_number'), '47101010033');
  });

  for (const javaScriptEnabled of [true, false]) {
    it(`opens the code on the virtual phone with a click, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const page = await journey.open({ javaScriptEnabled });
      await openQr(page, journey.stack);
      const opened = page.context().waitForEvent('page');
      await page.getByRole('link', { name: en.qr.scanOnVirtualPhone }).click();
      const phone = await opened;
      await chooseAccount(phone);
      if (javaScriptEnabled) assert.equal(await phone.evaluate(() => window.opener as unknown), null);
      await enterPin(phone);
      await greeted(page, PHONE_OWNER);
      assert.equal(await claim(page, 'flow'), 'qr');
    });
  }

  it('links the virtual phone to the current code, and not after the code is removed', async () => {
    const page = await journey.open();
    await openQr(page, journey.stack);
    const link = page.getByRole('link', { name: en.qr.scanOnVirtualPhone });
    const before = await link.getAttribute('href');
    await page.waitForFunction(
      (href) => document.querySelector('.scan')?.getAttribute('href') !== href,
      before,
    );
    journey.stack.process.signal('SIGSTOP');
    try {
      await link.waitFor({ state: 'hidden' });
    } finally {
      journey.stack.process.signal('SIGCONT');
    }
    await link.waitFor();
  });

  it('creates no session before the person requests the code', async () => {
    const page = await journey.open();
    const before = await unopenedLinks();
    const loginUrl = await openLoginMethods(page, journey.stack);
    await page.reload();
    await page.goto(`${loginUrl}/wait?show=qr`);
    await loginMethodsShown(page);
    assert.equal(await unopenedLinks(), before);
    await page.getByRole('button', { name: en.methods.showQr }).click();
    await picture(page).waitFor();
    assert.equal(await unopenedLinks(), before + 1);
    await page.reload();
    await picture(page).waitFor();
    assert.equal(await unopenedLinks(), before + 1, 'a reload shows the same session');
  });

  it('shows a new valid code of the same session every second', async () => {
    const [page, phone] = [await journey.open(), await journey.open(PHONE)];
    await openQr(page, journey.stack);
    const links: URL[] = [];
    for (let count = 0; count < 4; count += 1) {
      links.push((await scan(page)).link);
      await untilRedrawn(page);
    }
    const values = (name: string) => links.map((link) => link.searchParams.get(name));
    assert.equal(new Set(values('sessionToken')).size, 1);
    assert.equal(new Set(values('authCode')).size, 4);
    const steps = values('elapsedSeconds')
      .map(Number)
      .map((seconds, index, all) => seconds - (all[index - 1] ?? seconds - 1));
    // A busy machine may skip one.
    for (const step of steps) assert.ok(step >= 1 && step <= 2, `seconds between codes: ${steps.join()}`);
    for (const link of links) {
      await phone.goto(link.href);
      await phone.getByRole('group', { name: 'Who answers?' }).waitFor();
    }
  });

  it('shows the code with modules of 6 to 10 pixels and the remaining time, on a computer and on a phone', async () => {
    const [computer, phone] = [await journey.open(), await journey.open(PHONE)];
    await openQr(computer, journey.stack);
    await openLoginMethods(phone, journey.stack);
    await phone.getByRole('button', { name: en.methods.showQrForOtherDevice }).click();
    await picture(phone).waitFor();
    const sizes = { computer: await scan(computer), phone: await scan(phone) };
    for (const [device, { moduleSize }] of Object.entries(sizes))
      assert.ok(
        moduleSize >= (device === 'phone' ? 5 : 6) && moduleSize <= 10,
        `${device}: ${moduleSize} px`,
      );
    for (const page of [computer, phone])
      await page.getByText(/^This code works for \d+ more seconds$/).waitFor();
  });

  it('removes the code as soon as it has been used, and says that the person is logged in', async () => {
    const [page, phone] = [await journey.open(), await journey.open(PHONE)];
    await openQr(page, journey.stack);
    // As where the client is an app: the browser leaves the tab as it is.
    await page.route(/\/wait/, (route) => route.fulfill({ status: 204 }));
    await confirmLink(phone, (await scan(page)).link);
    const heading = page.getByRole('heading', { name: en.continuing.loggedIn });
    await heading.waitFor();
    assert.equal(await heading.evaluate((element) => element === document.activeElement), true);
    assert.equal(await page.title(), `${en.continuing.loggedIn} – Sample app`);
    assert.equal(await page.locator('.qr').count(), 0);
    await page.unroute(/\/wait/);
    await page.getByRole('link', { name: en.action.continueTo('Sample app') }).click();
    await greeted(page, PHONE_OWNER);
  });

  it('removes a code that is older than three seconds if there is no newer one', async () => {
    const page = await journey.open();
    await openQr(page, journey.stack);
    journey.stack.process.signal('SIGSTOP');
    try {
      await page.getByText(en.qr.interrupted, { exact: true }).waitFor();
      assert.equal(await picture(page).count(), 0);
    } finally {
      journey.stack.process.signal('SIGCONT');
    }
    await picture(page).waitFor();
  });

  it('offers a new code in a new session after the code has expired', async () => {
    const [page, phone] = [await journey.open(), await journey.open(PHONE)];
    await openQr(page, journey.stack);
    const { link: first } = await scan(page);
    // The server's response after a minute.
    const over = `event: state\ndata: ${JSON.stringify({ state: 'waiting', secondsLeft: 0 })}\n\n`;
    await page.route('**/events?show=qr', (route) =>
      route.fulfill({ contentType: 'text/event-stream', body: over }),
    );
    await page.reload();
    await page.getByRole('button', { name: en.qr.newCode }).waitFor();
    await page.getByText(en.qr.expired, { exact: true }).first().waitFor();
    assert.equal(await picture(page).count(), 0);
    await page.unrouteAll();
    await page.getByRole('button', { name: en.qr.newCode }).click();
    await picture(page).waitFor();
    const { link: second } = await scan(page);
    assert.notEqual(second.searchParams.get('sessionToken'), first.searchParams.get('sessionToken'));
    await confirmLink(phone, second);
    await greeted(page, PHONE_OWNER);
  });

  it('shows at which interaction in the app the person refused', async () => {
    const [page, phone] = [await journey.open(), await journey.open(PHONE)];
    await openQr(page, journey.stack);
    await phone.goto((await scan(page)).link.href);
    await chooseAccount(phone);
    await phone.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: en.refusedInteractions.displayTextAndPIN.heading }).waitFor();
    await page.getByRole('link', { name: 'Try again' }).click();
    await loginMethodsShown(page);
  });

  it('allows a change to the personal code and back to the QR code', async () => {
    const page = await journey.open();
    await openQr(page, journey.stack);
    const { link } = await scan(page);
    await page.getByRole('link', { name: en.methods.personalCodeInstead }).click();
    await page.getByRole('heading', { name: en.login.heading }).waitFor();
    await page.goBack();
    await picture(page).waitFor();
    assert.equal(
      (await scan(page)).link.searchParams.get('sessionToken'),
      link.searchParams.get('sessionToken'),
    );
    await page.getByRole('link', { name: en.methods.personalCodeInstead }).click();
    await submitCode(page, OK);
    await greeted(page, 'OK');
    assert.equal(await claim(page, 'flow'), 'notification');
  });

  it('remembers the login method of the person: the form comes first, with the cursor in the field', async () => {
    const page = await journey.open();
    await openLoginMethods(page, journey.stack);
    await page.locator('main button.primary', { hasText: en.methods.showQr }).waitFor();
    await chooseCode(page);
    await submitCode(page, OK);
    await greeted(page, 'OK');
    await page.goto(`${journey.stack.sampleAppUrl}login`);
    await page.waitForURL(/\/code$/);
    const field = page.getByLabel('Personal code');
    assert.equal(await field.evaluate((element) => element === document.activeElement), true);
    assert.equal(await page.getByLabel('Country').inputValue(), 'EE');
  });

  it('can be cancelled', async () => {
    const page = await journey.open();
    await openQr(page, journey.stack);
    await page.getByRole('button', { name: en.wait.cancel }).click();
    await page.getByRole('heading', { name: 'You cancelled the login' }).waitFor();
  });

  async function unopenedLinks(): Promise<number> {
    const { phoneUrl } = journey.stack;
    const text = await (await fetch(phoneUrl)).text();
    return text.split('not opened yet').length - 1;
  }
});

async function untilRedrawn(page: Page): Promise<void> {
  const before = await picture(page).innerHTML();
  await page.waitForFunction((html) => {
    const now = document.querySelector('.qr')?.innerHTML ?? '';
    return now !== '' && now !== html;
  }, before);
}
