import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { prepareJourney } from './support/journey.ts';
import { greeted, ON_PHONE, openLogin, shownCode, submitCode } from './support/steps.ts';

describe('the virtual phone', () => {
  const journey = prepareJourney();

  it('shows the same code, the service and the person, and its PIN lets the waiting page go on', async () => {
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
    await screen.getByText('Log in to Sample app').waitFor();
    assert.match(await screen.innerText(), new RegExp(code));
    assert.match(await screen.innerText(), /MARY ÄNN O’CONNEŽ-ŠUSLIK/);
    for (const digit of '1234') await screen.getByRole('button', { name: digit, exact: true }).click();
    await screen.getByRole('button', { name: 'Confirm' }).click();
    await phone.getByRole('heading', { name: 'Confirmed' }).waitFor();
    await greeted(page, 'MARY ÄNN');
  });

  it('cancels, and the page says so', async () => {
    const [page, phone] = [await journey.open(), await journey.open()];
    await openLogin(page, journey.stack);
    await submitCode(page, ON_PHONE);
    await shownCode(page);
    await phone.goto(journey.stack.phoneUrl);
    await phone.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'You cancelled the request in the app' }).waitFor();
  });

  it('works without JavaScript', async () => {
    const [page, phone] = [await journey.open(), await journey.open({ javaScriptEnabled: false })];
    await openLogin(page, journey.stack);
    await submitCode(page, ON_PHONE);
    await shownCode(page);
    await phone.goto(journey.stack.phoneUrl);
    await phone.getByLabel('PIN1').fill('1234');
    await phone.getByRole('button', { name: 'Confirm' }).click();
    await greeted(page, 'MARY ÄNN');
  });

  it('shows the code a moment before the request reaches it, when the login runs on a phone', async () => {
    const page = await journey.open({
      viewport: { width: 390, height: 800 },
      isMobile: true,
      userAgent: MOBILE,
    });
    const phone = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, ON_PHONE);
    const code = await shownCode(page);
    await phone.goto(journey.stack.phoneUrl);
    assert.equal(await phone.getByLabel('PIN1').count(), 0, 'not sent yet');
    await phone.getByLabel('PIN1').fill('1234');
    const screen = phone.getByRole('region', { name: 'Screen of the virtual phone' });
    assert.match(await screen.innerText(), new RegExp(code));
    await screen.getByRole('button', { name: 'Confirm' }).click();
    await greeted(page, 'MARY ÄNN');
  });
});

const MOBILE =
  'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36';
