import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright';
import { en } from '../../src/web/messages/en.ts';
import { confirmLink, logInByQr, openQr, scan } from '../support/browser/device-link.ts';
import { PHONE } from '../support/browser/devices.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import { enterPin, PHONE_OWNER } from '../support/browser/phone.ts';
import {
  chooseCode,
  claim,
  greeted,
  OK,
  ON_PHONE,
  openLoginMethods,
  shownCode,
  submitCode,
} from '../support/browser/steps.ts';

describe('pushes to known browsers only', () => {
  const journey = prepareJourney({ NOTIFICATION_POLICY: 'known-browser' });

  it('sends an unknown browser to the device link, from every login URL', async () => {
    const [page, phone] = [await journey.open(), await journey.open(PHONE)];
    const loginUrl = await openLoginMethods(page, journey.stack);
    assert.equal(await page.getByRole('link', { name: en.methods.personalCode }).count(), 0);
    const before = await requestsOnPhone();
    const form = { country: 'EE', personal_code: ON_PHONE.code };
    const answer = await page.request.post(`${loginUrl}/code`, {
      form,
      headers: { origin: journey.stack.issuer },
    });
    assert.equal(answer.status(), 403);
    assert.equal(await requestsOnPhone(), before, 'no push was sent');
    await page.goto(`${loginUrl}/code`);
    await page.getByRole('heading', { name: en.notices.pushNotAllowed.heading }).waitFor();
    await page.getByRole('button', { name: en.methods.showQr }).click();
    await confirmLink(phone, (await scan(page)).link);
    await greeted(page, PHONE_OWNER);
  });

  it('sends pushes only to the person who has used a device link in this browser', async () => {
    const [page, phone] = [await journey.open(), await journey.open(PHONE)];
    await logInByQr(page, phone, journey.stack);

    await beginAgain(page);
    await chooseCode(page);
    await submitCode(page, OK);
    await page.getByRole('heading', { name: en.notices.pushNotAllowed.heading }).waitFor();

    await beginAgain(page);
    await chooseCode(page);
    await submitCode(page, ON_PHONE);
    const code = await shownCode(page);
    await phone.goto(journey.stack.phoneUrl);
    const screen = phone.getByRole('region', { name: 'Screen of the virtual phone' });
    // For a known browser there is no choice of codes and no warning.
    await screen.getByText('Log in to Sample app', { exact: true }).waitFor();
    assert.match(await screen.innerText(), new RegExp(code));
    await enterPin(phone);
    await greeted(page, PHONE_OWNER);
    assert.equal(await claim(page, 'flow'), 'notification');

    const other = await journey.open();
    await openLoginMethods(other, journey.stack);
    assert.equal(await other.getByRole('link', { name: en.methods.personalCode }).count(), 0);
  });

  it('shows in the app whether the browser is known', async () => {
    const [page, phone] = [await journey.open(), await journey.open(PHONE)];
    await openQr(page, journey.stack);
    await phone.goto((await scan(page)).link.href);
    await phone.getByText('Not you? Cancel. Log in to Sample app', { exact: true }).waitFor();
    await confirmLink(phone, (await scan(page)).link);
    await greeted(page, PHONE_OWNER);
    await beginAgain(page);
    await page.getByRole('button', { name: en.methods.showQr }).click();
    await phone.goto((await scan(page)).link.href);
    await phone.getByText('Log in to Sample app', { exact: true }).waitFor();
  });

  it('forgets a browser on request', async () => {
    const [page, phone] = [await journey.open(), await journey.open(PHONE)];
    await page.goto(`${journey.stack.issuer}/browser`);
    await page.getByRole('heading', { name: en.browser.unknown.heading }).waitFor();
    await logInByQr(page, phone, journey.stack);
    await beginAgain(page);
    await page.getByRole('link', { name: en.browser.link }).click();
    await page.getByRole('heading', { name: en.browser.known.heading }).waitFor();
    const before = await page.context().cookies(journey.stack.issuer);
    await page.getByRole('button', { name: en.browser.forget }).click();
    await page.getByRole('heading', { name: en.browser.forgotten.heading }).waitFor();
    await beginAgain(page);
    assert.equal(await page.getByRole('link', { name: en.methods.personalCode }).count(), 0);
    // A copy of the cookie is not accepted either.
    await page.context().addCookies(before);
    await page.goto(`${journey.stack.issuer}/browser`);
    await page.getByRole('heading', { name: en.browser.unknown.heading }).waitFor();
  });

  async function beginAgain(page: Page): Promise<void> {
    await page.goto(`${journey.stack.sampleAppUrl}login`);
    await page.getByRole('heading', { name: en.methods.heading }).waitFor();
  }

  async function requestsOnPhone(): Promise<number> {
    const text = await (await fetch(journey.stack.phoneUrl)).text();
    return text.split('<td>waiting</td>').length - 1;
  }
});

describe('a Sild without pushes', () => {
  const journey = prepareJourney({ NOTIFICATION_POLICY: 'never' });

  it('does not offer the personal code, not even after a login with a device link', async () => {
    const [page, phone] = [await journey.open(), await journey.open(PHONE)];
    await logInByQr(page, phone, journey.stack);
    await page.goto(`${journey.stack.sampleAppUrl}login`);
    await page.getByRole('button', { name: en.methods.showQr }).waitFor();
    assert.equal(await page.getByRole('link', { name: en.methods.personalCode }).count(), 0);
  });
});
