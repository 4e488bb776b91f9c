import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { en } from '../../src/web/messages/en.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import {
  chooseCode,
  claim,
  codeForm,
  greeted,
  logIn,
  OK,
  openLogin,
  openLoginMethods,
  submitCode,
} from '../support/browser/steps.ts';

describe('logging in', () => {
  const journey = prepareJourney();

  it('leads from the service through the verification code back to the service, with claims', async () => {
    const page = await journey.open();
    const loginUrl = await openLogin(page, journey.stack);
    assert.equal(new URL(loginUrl).origin, journey.stack.issuer);
    await submitCode(page, OK);
    // Read at once: the person confirms a second later.
    const waiting = await page.waitForFunction(() => {
      const { innerText } = document.querySelector('main') ?? { innerText: '' };
      return innerText.includes('Compare this code') && innerText;
    });
    assert.match(String(await waiting.jsonValue()), /Verification code: \d \d \d \d[^]*\d+ seconds? left/);
    await greeted(page, 'OK');
    assert.equal(page.url(), journey.stack.sampleAppUrl);
    const shown: Record<string, string | undefined> = {};
    for (const name of ['sub', 'given_name', 'family_name', 'identity_number', 'identity_country', 'flow'])
      shown[name] = await claim(page, name);
    assert.deepEqual(shown, {
      sub: 'PNOEE-40504040001',
      given_name: 'OK',
      family_name: 'TEST',
      identity_number: '40504040001',
      identity_country: 'EE',
      flow: 'notification',
    });
    // The certificate's dateOfBirth attribute takes precedence over the personal code.
    assert.equal(await claim(page, 'birthdate'), '1999-01-01');
    assert.equal(await claim(page, 'acr'), 'http://eidas.europa.eu/LoA/high');
  });

  it('returns names with all their letters', async () => {
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, { country: 'Latvia', code: '030303-10004' });
    await greeted(page, 'NO DIGITS');
    assert.equal(await claim(page, 'family_name'), 'ŠUSLIK TESTNUMBER');
    assert.equal(await claim(page, 'identity_number'), '030303-10004');
    assert.equal(await claim(page, 'birthdate'), '1903-03-03');
  });

  it('omits the birth date if neither certificate nor personal code has it', async () => {
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, { country: 'Latvia', code: '329999-99709' });
    await greeted(page, 'NO BIRTH DATE');
    assert.equal(await claim(page, 'birthdate'), undefined);
    assert.equal(await claim(page, 'identity_number'), '329999-99709');
  });

  it('logs out at the service and at Sild, and returns, without a token in a URL', async () => {
    const page = await journey.open();
    await logIn(page, journey.stack);
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('heading', { name: 'Do you want to log out?' }).waitFor();
    await page.getByRole('button', { name: 'Log out' }).click();
    await page.getByRole('link', { name: 'Log in with Smart-ID' }).waitFor();
    assert.equal(new URL(page.url()).origin, new URL(journey.stack.sampleAppUrl).origin);
    assert.ok(addresses.some((address) => address.includes('/logout?client_id=')));
    assert.deepEqual(
      addresses.filter((address) => /id_token|eyJ/.test(address)),
      [],
    );
    await page.goto(journey.stack.sampleAppUrl);
    await page.getByRole('link', { name: 'Log in with Smart-ID' }).waitFor();
  });

  it('requires the person at every login, and remembers only the country', async () => {
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, { country: 'Lithuania', code: '40504040001' });
    await greeted(page, 'OK');
    await page.goto(`${journey.stack.sampleAppUrl}login`);
    await chooseCode(page);
    assert.equal(await page.getByLabel('Country').inputValue(), 'LT');
    assert.equal(await page.getByLabel('Personal code').inputValue(), '');
  });

  it('is possible with the keyboard only', async () => {
    const page = await journey.open();
    await openLoginMethods(page, journey.stack);
    await page.getByRole('link', { name: en.methods.personalCode }).focus();
    await page.keyboard.press('Enter');
    await codeForm(page);
    await page.getByLabel('Personal code').focus();
    await page.keyboard.type(OK.code);
    await page.keyboard.press('Enter');
    await greeted(page, 'OK');
  });
});
