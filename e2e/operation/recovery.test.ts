import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright';
import { en } from '../../src/web/messages/en.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import { cancelPush, confirmPush } from '../support/browser/phone.ts';
import {
  codeForm,
  greeted,
  logIn,
  OK,
  ON_PHONE,
  openLogin,
  shownCode,
  submitCode,
} from '../support/browser/steps.ts';

describe('interruptions of a login', () => {
  const journey = prepareJourney();

  it('a reload of the waiting page changes nothing', async () => {
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, ON_PHONE);
    const code = await shownCode(page);
    await page.reload();
    assert.equal(await shownCode(page), code);
    await confirmOnPhone(code);
    await greeted(page, 'MARY ÄNN');
  });

  it('the login URL leads to the waiting page while the login is running', async () => {
    const page = await journey.open();
    const loginUrl = await openLogin(page, journey.stack);
    await submitCode(page, ON_PHONE);
    const code = await shownCode(page);
    await page.goto(loginUrl);
    assert.equal(await shownCode(page), code);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'You cancelled the login' }).waitFor();
    await emptyPhone();
  });

  it('the back button after the login shows an explanation, and the login stays valid', async () => {
    const page = await journey.open();
    const loginUrl = await openLogin(page, journey.stack);
    await submitCode(page, OK);
    await greeted(page, 'OK');
    await page.goBack();
    await page.getByRole('heading').first().waitFor();
    assert.doesNotMatch(await page.content(), /went wrong|Error:/);
    await page.goto(loginUrl);
    await page.getByRole('heading', { name: en.notices.finished.heading }).waitFor();
    await page.goto(journey.stack.sampleAppUrl);
    await greeted(page, 'OK');
  });

  for (const javaScriptEnabled of [true, false]) {
    it(`the back button after a mistyped code shows Sild’s pages, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async () => {
      const page = await journey.open({ javaScriptEnabled });
      await openLogin(page, journey.stack);
      await submitCode(page, { country: 'Latvia', code: '4711' });
      await page.getByRole('heading', { name: en.login.errorHeading }).waitFor();
      assert.equal(await page.getByLabel('Personal code').inputValue(), '4711');
      await submitCode(page, ON_PHONE);
      const code = await shownCode(page);
      await page.goBack();
      assert.equal(await shownCode(page), code, 'the login continues');
      await page.getByRole('button', { name: 'Cancel' }).click();
      await page.getByRole('heading', { name: 'You cancelled the login' }).waitFor();
      await emptyPhone();
    });
  }

  it('a reload after a mistyped code resubmits nothing, and the form is empty', async () => {
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, { country: 'Latvia', code: '4711' });
    await page.getByRole('heading', { name: en.login.errorHeading }).waitFor();
    await page.reload();
    await codeForm(page);
    assert.equal(await page.getByRole('heading', { name: en.login.errorHeading }).count(), 0);
    assert.equal(await page.getByLabel('Personal code').inputValue(), '');
    assert.equal(await page.getByLabel('Country').inputValue(), 'LV');
    const names = (await page.context().cookies()).map(({ name }) => name);
    assert.ok(names.includes('sild_country') && !names.includes('sild_typed'));
  });

  it('a form that is submitted twice sends one push', async () => {
    const page = await journey.open();
    const loginUrl = await openLogin(page, journey.stack);
    const before = await requestsOnPhone();
    const fields = { country: 'EE', personal_code: ON_PHONE.code };
    // Like a double click without JavaScript, which would block the second one.
    await page.evaluate(
      ([url, body]) =>
        Promise.all(
          [1, 2, 3].map(() =>
            fetch(url, { method: 'POST', body: new URLSearchParams(body), redirect: 'manual' }),
          ),
        ),
      [`${loginUrl}/code`, fields] as const,
    );
    await page.goto(loginUrl);
    await shownCode(page);
    assert.equal((await requestsOnPhone()) - before, 1);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'You cancelled the login' }).waitFor();
    await emptyPhone();
  });

  it('two tabs of one login show the same code, and both complete', async () => {
    const first = await journey.open();
    const loginUrl = await openLogin(first, journey.stack);
    const second = await first.context().newPage();
    await second.goto(`${loginUrl}/code`);
    await codeForm(second);
    await submitCode(first, ON_PHONE);
    await submitCode(second, ON_PHONE);
    const code = await shownCode(first);
    assert.equal(await shownCode(second), code);
    await confirmOnPhone(code);
    await Promise.all([first, second].map((page) => settled(page)));
    for (const page of [first, second]) {
      await page.goto(journey.stack.sampleAppUrl);
      await greeted(page, 'MARY ÄNN');
    }
  });

  it('two logins in two tabs do not disturb each other', async () => {
    const first = await journey.open();
    await openLogin(first, journey.stack);
    const second = await first.context().newPage();
    await openLogin(second, journey.stack);
    await submitCode(first, { country: 'Latvia', code: '030303-10004' });
    await greeted(first, 'NO DIGITS');
    await submitCode(second, OK);
    await greeted(second, 'OK');
  });

  it('the URL of an unknown login shows what to do', async () => {
    const page = await journey.open();
    for (const path of ['/login/there-is-none', '/login/there-is-none/wait']) {
      const response = await page.goto(`${journey.stack.issuer}${path}`);
      assert.ok(response && response.status() >= 400 && response.status() < 500);
      await page.getByRole('heading', { level: 1 }).waitFor();
      assert.doesNotMatch(await page.content(), /node_modules|at .*\.[jt]s:\d/);
    }
  });

  it('a completed login shows what to do', async () => {
    const page = await journey.open();
    const loginUrl = await openLogin(page, journey.stack);
    await page.getByRole('button', { name: 'Back to Sample app' }).click();
    await page.getByRole('heading', { name: 'You cancelled the login' }).waitFor();
    // The browser has other cookies of Sild, but not those of this login.
    await page.goto(loginUrl);
    await page.getByRole('heading', { name: en.notices.expired.heading }).waitFor();
    await page.getByRole('link', { name: en.action.startAgainAt('Sample app') }).waitFor();
  });

  it('a browser without cookies shows an explanation', async () => {
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await page.context().clearCookies();
    await submitCode(page, OK);
    await page.getByRole('heading', { name: en.notices.noCookies.heading }).waitFor();
  });

  it('the login URL does not work in another browser, and the login continues in its own browser', async () => {
    const [page, thief] = [await journey.open(), await journey.open()];
    const loginUrl = await openLogin(page, journey.stack);
    await submitCode(page, ON_PHONE);
    const code = await shownCode(page);
    // A browser with another login, and so with the cookies of that login.
    await openLogin(thief, journey.stack);
    for (const path of ['', '/code', '/wait', '/events', '/status']) {
      const response = await thief.request.get(`${loginUrl}${path}`);
      assert.equal(response.status(), 404, path);
      assert.doesNotMatch((await response.text()).replace(/<[^>]*>|\s/g, ''), new RegExp(code));
    }
    await thief.request.post(`${loginUrl}/cancel`, { headers: { origin: journey.stack.issuer } });
    await thief.goto(loginUrl);
    await thief.getByRole('heading', { name: en.notices.expired.heading }).waitFor();
    await confirmOnPhone(code);
    await greeted(page, 'MARY ÄNN');
  });

  it('an unknown URL and a wrong method have error pages', async () => {
    const page = await journey.open();
    const missing = await page.goto(`${journey.stack.issuer}/nothing/here`);
    assert.equal(missing?.status(), 404);
    await page.getByRole('heading', { name: en.errors[404].heading }).waitFor();
  });

  it('an authorization request with an unknown client or redirect URI is not redirected', async () => {
    const page = await journey.open();
    const parameters = {
      response_type: 'code',
      scope: 'openid',
      code_challenge: 'a'.repeat(43),
      code_challenge_method: 'S256',
    };
    const requests = [
      { ...parameters, client_id: 'nobody', redirect_uri: journey.stack.redirectUri },
      { ...parameters, client_id: 'sample-app', redirect_uri: `${journey.stack.sampleAppUrl}elsewhere` },
    ];
    for (const request of requests) {
      await page.goto(`${journey.stack.issuer}/authorize?${new URLSearchParams(request).toString()}`);
      await page.getByRole('heading', { name: en.openIdError.heading }).waitFor();
      assert.equal(new URL(page.url()).origin, journey.stack.issuer);
    }
  });

  it('a new login works at once after an abandoned one', async () => {
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, ON_PHONE);
    await shownCode(page);
    await logIn(page, journey.stack);
    await emptyPhone();
  });

  async function confirmOnPhone(code: string): Promise<void> {
    await confirmPush(await journey.open(), journey.stack, code);
  }

  /** Cancels the one push of an abandoned login on the phone. */
  async function emptyPhone(): Promise<void> {
    await cancelPush(await journey.open(), journey.stack);
  }

  async function requestsOnPhone(): Promise<number> {
    const phone = await journey.open();
    await phone.goto(journey.stack.phoneUrl);
    return phone.getByRole('row').filter({ hasText: 'waiting' }).filter({ hasNotText: 'waits' }).count();
  }
});

/** Waits until a tab of a completed login shows its last page. */
async function settled(page: Page): Promise<void> {
  const ends = [/^Hello, /, en.notices.finished.heading, en.notices.expired.heading];
  await Promise.any(ends.map((name) => page.getByRole('heading', { name }).waitFor()));
}
