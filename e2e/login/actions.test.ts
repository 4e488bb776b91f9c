/** How many actions a login takes on the pages of Sild, before the phone. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright';
import { en } from '../../src/web/messages/en.ts';
import { confirmLink, picture, scan } from '../support/browser/device-link.ts';
import { PHONE } from '../support/browser/devices.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import { chooseAccount, PHONE_OWNER } from '../support/browser/phone.ts';
import { greeted } from '../support/browser/steps.ts';

describe('a login', () => {
  const journey = prepareJourney();
  const begin = async (page: Page) => {
    await page.goto(`${journey.stack.sampleAppUrl}login`);
  };

  it('takes no click on a computer before the QR code is scanned', async () => {
    const [page, phone] = [await journey.open(), await journey.open(PHONE)];
    await begin(page);
    await picture(page).waitFor();
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
});
