import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { et } from '../../src/web/messages/et.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import {
  chooseCode,
  claim,
  greeted,
  OK,
  ON_PHONE,
  openLogin,
  shownCode,
  submitCode,
} from '../support/browser/steps.ts';

const WITHOUT_JAVASCRIPT = { javaScriptEnabled: false };

describe('without JavaScript', () => {
  const journey = prepareJourney();

  it('the waiting page reloads itself until the login is complete, and returns to the service', async () => {
    const page = await journey.open(WITHOUT_JAVASCRIPT);
    await openLogin(page, journey.stack);
    await submitCode(page, OK);
    assert.match(await shownCode(page), /^\d{4}$/);
    await greeted(page, 'OK');
    assert.equal(await claim(page, 'identity_number'), '40504040001');
  });

  it('a refusal has its page with a retry', async () => {
    const page = await journey.open(WITHOUT_JAVASCRIPT);
    await openLogin(page, journey.stack);
    await submitCode(page, { country: 'Estonia', code: '30403039917' });
    await page.getByRole('heading', { name: 'You cancelled the request in the app' }).waitFor();
    await page.getByRole('link', { name: 'Try again' }).click();
    await chooseCode(page);
  });

  it('the person can confirm on the phone and cancel on the page', async () => {
    const page = await journey.open(WITHOUT_JAVASCRIPT);
    await openLogin(page, journey.stack);
    await submitCode(page, ON_PHONE);
    const code = await shownCode(page);
    await page.waitForURL(/[?&]poll/);
    assert.equal(await shownCode(page), code, 'the code stays when the page reloads itself');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'You cancelled the login' }).waitFor();
  });

  it('a logout where nobody is logged in ends at once', async () => {
    const page = await journey.open({ ...WITHOUT_JAVASCRIPT, locale: 'et' });
    await page.goto(`${journey.stack.issuer}/logout`);
    await page.getByRole('heading', { name: et.notices.loggedOut.heading }).waitFor();
  });

  it('logging out works', async () => {
    const page = await journey.open(WITHOUT_JAVASCRIPT);
    await openLogin(page, journey.stack);
    await submitCode(page, OK);
    await greeted(page, 'OK');
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('button', { name: 'Stay logged in' }).click();
    await page.getByRole('heading', { name: 'You are still logged in' }).waitFor();
    assert.equal(
      await page.getByRole('link', { name: 'Back to Sample app' }).getAttribute('href'),
      journey.stack.sampleAppUrl,
    );
    await page.goBack();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('link', { name: 'Log in with Smart-ID' }).waitFor();
  });
});
