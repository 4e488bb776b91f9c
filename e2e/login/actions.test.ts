/** How many actions a login takes on the pages of Sild, before the phone. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright';
import { en } from '../../src/web/messages/en.ts';
import { confirmLink, picture, scan } from '../support/browser/device-link.ts';
import { PHONE } from '../support/browser/devices.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import { chooseAccount, enterPin, PHONE_OWNER } from '../support/browser/phone.ts';
import { drawn, greeted, logIn, OK, ON_PHONE, shownCode } from '../support/browser/steps.ts';

describe('a login', () => {
  const journey = prepareJourney({ OFFER_TO_REMEMBER_CODE: 'true', SIMULATOR_DELAY_MS: '50' });
  const begin = async (page: Page) => {
    await page.goto(`${journey.stack.sampleAppUrl}login`);
  };

  /** The owner confirms a push from a browser that is known: without a choice of codes. */
  const confirmKnown = async (page: Page, phone: Page) => {
    await shownCode(page);
    await phone.goto(journey.stack.phoneUrl);
    await enterPin(phone);
  };

  it('takes no click on a computer before the QR code is scanned', async () => {
    const [page, phone] = [await journey.open(), await journey.open(PHONE)];
    await begin(page);
    await picture(page).waitFor();
    await drawn(page);
    assert.equal(await page.getByText(en.methods.openAppOnThisDevice).count(), 0, 'a computer has no app');
    await confirmLink(phone, (await scan(page)).link);
    await greeted(page, PHONE_OWNER);
  });

  it('takes one tap on a phone to open the app', async () => {
    const page = await journey.open(PHONE);
    await begin(page);
    await page.getByRole('button', { name: en.methods.openApp, exact: true }).click();
    await chooseAccount(page);
    await page.getByLabel('PIN1').fill('1234');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await greeted(page, PHONE_OWNER);
  });

  it('begins one login on a phone, however often the person taps', async () => {
    const page = await journey.open(PHONE);
    await begin(page);
    let begun = 0;
    await page.route(/\/device-link$/, () => {
      begun += 1;
      // Never answered: the person loses patience.
    });
    const open = page.getByRole('button', { name: en.methods.openApp, exact: true });
    await open.click();
    const disabled = page.getByRole('button', { name: en.methods.starting });
    for (let tap = 0; tap < 2; tap += 1) await disabled.click({ force: true });
    assert.equal(begun, 1);
  });

  it('takes one action of a person who comes back with a personal code: to type it', async () => {
    const page = await journey.open();
    await logIn(page, journey.stack);
    await begin(page);
    // The cursor is in the field, the country is filled in, and Enter sends the form.
    await page.getByRole('heading', { name: en.login.heading, exact: true }).waitFor();
    await page.waitForFunction(() => document.activeElement?.id === 'personal_code');
    await page.keyboard.type(`${OK.code}\n`);
    await greeted(page, 'OK');
  });

  it('takes one click in a browser that remembers the code', async () => {
    const page = await journey.open();
    const form = page.getByRole('heading', { name: en.login.heading, exact: true });
    await begin(page);
    await page.getByRole('link', { name: en.methods.personalCodeInstead }).click();
    await form.waitFor();
    await page.getByLabel(en.login.personalCode, { exact: true }).fill(OK.code);
    await page.getByLabel(en.login.remember).check();
    await page.getByRole('button', { name: en.login.submit }).click();
    await greeted(page, 'OK');
    await begin(page);
    await form.waitFor();
    assert.equal(await page.getByLabel(en.login.personalCode, { exact: true }).inputValue(), OK.code);
    await page.getByRole('button', { name: en.login.submit }).click();
    await greeted(page, 'OK');
  });

  it('takes one click in a browser that knows the person and remembers the code', async () => {
    const [page, phone] = [await journey.open(), await journey.open(PHONE)];
    await begin(page);
    await picture(page).waitFor();
    await confirmLink(phone, (await scan(page)).link);
    await greeted(page, PHONE_OWNER);
    await begin(page);
    await picture(page).waitFor();
    await page.getByRole('link', { name: en.methods.personalCodeInstead }).click();
    await page.getByLabel(en.login.personalCode, { exact: true }).fill(ON_PHONE.code);
    await page.getByLabel(en.login.remember).check();
    await page.getByRole('button', { name: en.login.submit }).click();
    await confirmKnown(page, phone);
    await greeted(page, PHONE_OWNER);
    await begin(page);
    await page.getByRole('button', { name: en.login.sendTo(ON_PHONE.code.slice(-4)) }).click();
    await confirmKnown(page, phone);
    await greeted(page, PHONE_OWNER);
  });

  it('offers the app on this device to a tablet that says it is a computer, and to no computer without touch', async () => {
    for (const hasTouch of [true, false]) {
      const page = await journey.open({ hasTouch });
      await begin(page);
      await picture(page).waitFor();
      await drawn(page);
      assert.equal(await page.getByText(en.methods.openAppOnThisDevice).count(), hasTouch ? 1 : 0);
    }
  });
});
