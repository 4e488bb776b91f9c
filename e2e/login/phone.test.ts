import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { en } from '../../src/web/messages/en.ts';
import { PHONE } from '../support/browser/devices.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import { confirmPush, enterPin, chooseVerificationCode } from '../support/browser/phone.ts';
import { greeted, ON_PHONE, openLogin, shownCode, submitCode } from '../support/browser/steps.ts';

const CODE_CHOICE = 'confirmationMessageAndVerificationCodeChoice';

describe('the virtual phone', () => {
  // Of a product that others use, the phone has their requests too.
  const journey = prepareJourney({}, { alone: true });

  it('shows the same code, the service and the person, and completes the login with the PIN', async () => {
    const [page, phone] = [
      await journey.open(),
      await journey.open({ viewport: { width: 390, height: 800 } }),
    ];
    await phone.goto(journey.stack.phoneUrl);
    await phone.getByRole('heading', { name: 'No requests' }).waitFor();
    await openLogin(page, journey.stack);
    await submitCode(page, ON_PHONE);
    const code = await shownCode(page);
    const screen = phone.getByRole('region', { name: 'Screen of the virtual phone' });
    await screen.getByText('Not you? Cancel. Log in to Sample app').waitFor();
    assert.match(await screen.innerText(), /MARY ÄNN O’CONNEŽ-ŠUSLIK/);
    await chooseVerificationCode(phone, code);
    assert.match(await screen.innerText(), new RegExp(code));
    for (const digit of '1234') await screen.getByRole('button', { name: digit, exact: true }).click();
    await screen.getByRole('button', { name: 'Confirm' }).click();
    await phone.getByRole('heading', { name: 'Confirmed' }).waitFor();
    await greeted(page, 'MARY ÄNN');
  });

  it('cancels, and the waiting page shows it', async () => {
    const [page, phone] = [await journey.open(), await journey.open()];
    await openLogin(page, journey.stack);
    await submitCode(page, ON_PHONE);
    await shownCode(page);
    await phone.goto(journey.stack.phoneUrl);
    await phone.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: en.refusedInteractions[CODE_CHOICE].heading }).waitFor();
  });

  it('offers the code of the new login after a login was cancelled and retried', async () => {
    const [page, phone] = [await journey.open(), await journey.open()];
    await openLogin(page, journey.stack);
    await submitCode(page, ON_PHONE);
    await shownCode(page);
    await page.getByRole('button', { name: en.wait.cancel }).click();
    await page.getByRole('heading', { name: 'You cancelled the login' }).waitFor();
    await openLogin(page, journey.stack);
    await submitCode(page, ON_PHONE);
    const code = await shownCode(page);
    await phone.goto(journey.stack.phoneUrl);
    await phone.getByText('An older request waits behind this one.').waitFor();
    await chooseVerificationCode(phone, code);
    await enterPin(phone);
    await greeted(page, 'MARY ÄNN');
    // The cancelled push is still on the phone, as on a real phone.
    await phone.getByRole('button', { name: 'Cancel' }).click();
    await phone.getByRole('heading', { name: 'Cancelled' }).waitFor();
  });

  it('fails with a code that differs from the one on the page', async () => {
    const [page, phone] = [await journey.open(), await journey.open()];
    await openLogin(page, journey.stack);
    await submitCode(page, ON_PHONE);
    const code = await shownCode(page);
    await phone.goto(journey.stack.phoneUrl);
    const codes = phone.getByRole('group', { name: 'Which code is on the page where you log in?' });
    const spoken = await codes.getByRole('button').allTextContents();
    assert.equal(spoken.length, 3);
    const wrong = spoken.find((text) => text.replace(/\D/g, '') !== code) ?? '';
    await codes.getByRole('button', { name: wrong, exact: true }).click();
    await page.getByRole('heading', { name: en.outcomes.wrong_verification_code.heading }).waitFor();
  });

  it('works without JavaScript', async () => {
    const [page, phone] = [await journey.open(), await journey.open({ javaScriptEnabled: false })];
    await openLogin(page, journey.stack);
    await submitCode(page, ON_PHONE);
    await confirmPush(phone, journey.stack, await shownCode(page));
    await greeted(page, 'MARY ÄNN');
  });

  it('receives the push after the code is shown, if the browser runs on a phone', async () => {
    const page = await journey.open(PHONE);
    const phone = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, ON_PHONE);
    await page.getByRole('heading', { name: en.wait.rememberHeading, exact: true }).waitFor();
    const code = await shownCode(page);
    const place = await page.locator('.digits').boundingBox();
    await page.evaluate(() => {
      document.body.setAttribute('data-same-page', '');
    });
    await phone.goto(journey.stack.phoneUrl);
    assert.equal(
      await phone.locator('form').getByRole('button', { name: 'Cancel' }).count(),
      0,
      'not sent yet',
    );
    // The same page, without a reload, says what to do once the push is out.
    await page.getByRole('heading', { name: en.wait.confirmHeading, exact: true }).waitFor();
    assert.equal(await page.getByText(en.wait.confirmLead, { exact: true }).isVisible(), true);
    assert.equal(await page.getByRole('status').textContent(), en.wait.confirmHeading);
    assert.equal(await page.locator('body[data-same-page]').count(), 1);
    assert.deepEqual(await page.locator('.digits').boundingBox(), place, 'the code stays where it was');
    await chooseVerificationCode(phone, code);
    await enterPin(phone);
    await greeted(page, 'MARY ÄNN');
  });
});
