import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright';
import { en } from '../../src/web/messages/en.ts';
import type { OutcomeText } from '../../src/web/messages/messages.ts';
import { confirmLink, openQr, scan } from '../support/browser/device-link.ts';
import { PHONE } from '../support/browser/devices.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import {
  chooseCode,
  drawn,
  greeted,
  OK,
  ON_PHONE,
  openLogin,
  shownCode,
  submitCode,
} from '../support/browser/steps.ts';

const BASIC = { country: 'Lithuania', code: '40504049999' } as const;
const BASIC_TEXT =
  'You are using a Smart-ID Basic account. This account has limited access: you can use it for online banking, but won’t be able to log in to other e-services, sign documents etc. Please upgrade your Smart-ID account. You should create a new account electronically using your ID-card, Mobile-ID (in Lithuania) or by visiting bank office.';
const QUICK = { SIMULATOR_DELAY_MS: '50' };

/** The outcomes of the automated accounts, by personal code. */
const OUTCOMES: Readonly<Record<string, OutcomeText>> = {
  '30403039917': en.outcomes.user_refused,
  '30403039928': en.refusedInteractions.displayTextAndPIN,
  '30403039939': en.refusedInteractions.verificationCodeChoice,
  '30403039946': en.refusedInteractions.confirmationMessage,
  '30403039950': en.refusedInteractions.confirmationMessageAndVerificationCodeChoice,
  '30403039972': en.outcomes.wrong_verification_code,
  '30403039983': en.outcomes.timeout,
  '39909096017': en.outcomes.account_unusable,
  '39909096028': en.outcomes.document_unusable,
  '39909096039': en.outcomes.interaction_not_supported,
  '39909096040': en.outcomes.protocol_failure,
  '39909096050': en.outcomes.server_error,
  '39909096061': en.outcomes.expected_linked_session,
  '39909096072': en.outcomes.user_refused_certificate_choice,
  '39909094012': en.outcomes.relying_party_not_allowed,
  '39909094034': en.outcomes.relying_party_not_allowed,
  '39909094045': en.outcomes.account_not_found,
  '39909094720': en.outcomes.attention_required,
  '39909094807': en.outcomes.client_too_old,
};
/** While Smart-ID is unavailable, the retry is disabled for some time. */
const AWAY: Readonly<Record<string, OutcomeText>> = {
  '39909095009': en.outcomes.service_failed,
  '39909095804': en.outcomes.maintenance,
};

describe('an outcome of a login', () => {
  const journey = prepareJourney(QUICK);

  it('has its own page and a retry of the same authorization request, and the last retry succeeds', async () => {
    const page = await journey.open();
    const loginUrl = await openLogin(page, journey.stack);
    for (const [code, outcome] of Object.entries(OUTCOMES)) {
      await submitCode(page, { country: 'Estonia', code });
      await assertOutcome(page, outcome);
      await page.getByRole('link', { name: outcome.retry }).click();
      await retryAgain(page);
      assert.equal(page.url(), `${loginUrl}/code`, outcome.heading);
    }
    await submitCode(page, OK);
    await greeted(page, 'OK');
  });

  it('offers a retry only after some time if Smart-ID is unavailable', async () => {
    const page = await journey.open();
    await page.clock.install();
    await openLogin(page, journey.stack);
    for (const [code, outcome] of Object.entries(AWAY)) {
      await submitCode(page, { country: 'Estonia', code });
      await assertOutcome(page, outcome);
      const retry = page.getByRole('link', { name: outcome.retry });
      assert.equal(await retry.isDisabled(), true);
      await page.getByText(/^You can try again in \d+ seconds$/).waitFor();
      await drawn(page);
      await page.clock.fastForward(10_000);
      assert.equal(await retry.isDisabled(), true, 'the retry is disabled at first');
      await page.clock.fastForward(12_000);
      await retry.click();
      await retryAgain(page);
    }
  });

  it('shows SK’s exact text and a link to Smart-ID’s help for a Smart-ID Basic account', async () => {
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, BASIC);
    await assertBasicPage(page);
  });

  it('returns to the service like a cancelled login', async () => {
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, { country: 'Estonia', code: '30403039983' });
    await page.getByRole('button', { name: 'Back to Sample app' }).click();
    await assertCancelled(page);
  });

  it('can be a cancellation before any input', async () => {
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await page.getByRole('button', { name: 'Back to Sample app' }).click();
    await assertCancelled(page);
  });

  it('can be a cancellation while the push is pending, and a new login works at once', async () => {
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, ON_PHONE);
    await shownCode(page);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await assertCancelled(page);
    await page.getByRole('link', { name: 'Try again' }).click();
    await chooseCode(page);
    await submitCode(page, OK);
    await greeted(page, 'OK');
  });

  it('is access_denied and user_cancel for the service after a cancellation', async () => {
    const page = await journey.open();
    await openLogin(page, journey.stack);
    const callback = page.waitForRequest((request) => new URL(request.url()).pathname === '/callback');
    await page.getByRole('button', { name: 'Back to Sample app' }).click();
    const answer = new URL((await callback).url()).searchParams;
    assert.equal(answer.get('error'), 'access_denied');
    assert.equal(answer.get('error_description'), 'user_cancel');
    assert.equal(answer.get('iss'), journey.stack.issuer);
    await assertCancelled(page);
  });

  it('is an error beside the field for an invalid personal code, which stays in the form and is not sent to Smart-ID', async () => {
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, { country: 'Latvia', code: '12345' });
    const field = page.getByLabel('Personal code');
    await page.getByRole('heading', { name: en.login.errorHeading }).waitFor();
    assert.equal(await field.inputValue(), '12345');
    assert.equal(await field.getAttribute('aria-invalid'), 'true');
    assert.equal(await page.getByLabel('Country').inputValue(), 'LV');
    await submitCode(page, OK);
    await greeted(page, 'OK');
  });

  it('is an error for a missing personal code', async () => {
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, { country: 'Estonia', code: '' });
    await page.getByText(en.login.errors.empty).first().waitFor();
  });

  it('is a success for a code with spaces, and for a Latvian code without its dash', async () => {
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, { country: 'Latvia', code: ' 030303 10004 ' });
    await greeted(page, 'NO DIGITS');
  });
});

/** Outcomes that versions of the RP API report differently, and that have the same page. */
const OLDER: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'RP API 3.1': { SIMULATOR_ANSWERS_LIKE: '3.1' },
  'RP API v2': { SMARTID_API_VERSION: '2' },
};
const TOLD_OTHERWISE = [
  ...Object.entries(OUTCOMES).filter(([code]) => /^(3040303|399090940|3990909472|3990909480)/.test(code)),
  ...Object.entries(AWAY),
];

for (const [version, variables] of Object.entries(OLDER)) {
  describe(`Smart-ID with ${version}`, () => {
    const journey = prepareJourney({ ...QUICK, ...variables });

    it('shows the same pages: 471, 472, 404, 480, 580, refusals by interaction', async () => {
      const page = await journey.open();
      await openForm(page);
      await submitCode(page, BASIC);
      await assertBasicPage(page);
      for (const [code, outcome] of TOLD_OTHERWISE) {
        await openForm(page);
        await submitCode(page, { country: 'Estonia', code });
        await assertOutcome(page, outcome);
      }
      await openForm(page);
      await submitCode(page, OK);
      await greeted(page, 'OK');
    });

    /** With RP API v2 there is one flow, so the form for the personal code is the first page. */
    async function openForm(page: Page): Promise<void> {
      await page.goto(`${journey.stack.sampleAppUrl}login`);
      if (!page.url().endsWith('/code')) await chooseCode(page);
    }
  });
}

describe('a Sild for people of some countries', () => {
  const journey = prepareJourney({ ...QUICK, SMARTID_COUNTRIES: 'LV' });

  it('refuses people of other countries after the app has identified them, and accepts the others', async () => {
    const [page, phone] = [await journey.open(), await journey.open(PHONE)];
    await openQr(page, journey.stack);
    await confirmLink(phone, (await scan(page)).link);
    await assertOutcome(page, en.outcomes.country_not_allowed);
    await page.getByRole('link', { name: en.outcomes.country_not_allowed.retry }).click();
    await chooseCode(page);
    assert.deepEqual(await page.getByLabel('Country').locator('option').allTextContents(), ['Latvia']);
    await submitCode(page, { country: 'Latvia', code: '030303-10004' });
    await greeted(page, 'NO DIGITS');
  });
});

async function assertOutcome(page: Page, { heading, paragraphs }: OutcomeText): Promise<void> {
  await page.getByRole('heading', { name: heading, exact: true }).waitFor();
  for (const paragraph of paragraphs) await page.getByText(paragraph, { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Back to Sample app' }).waitFor();
}

async function assertBasicPage(page: Page): Promise<void> {
  await page.getByText(BASIC_TEXT, { exact: true }).waitFor();
  const help = page.getByRole('link', { name: 'How to upgrade' });
  assert.equal(new URL((await help.getAttribute('href')) ?? '').hostname, 'www.smart-id.com');
  await page.getByRole('link', { name: 'Try again' }).waitFor();
}

/** A retry leads to the form, or to the choice where another account or another way is needed. */
async function retryAgain(page: Page): Promise<void> {
  await page
    .getByRole('heading', { name: en.login.heading })
    .or(page.getByRole('heading', { name: en.methods.heading, exact: true }))
    .waitFor();
  if (!page.url().endsWith('/code')) await chooseCode(page);
}

async function assertCancelled(page: Page): Promise<void> {
  await page.getByRole('heading', { name: 'You cancelled the login' }).waitFor();
  await page.getByRole('link', { name: 'Try again' }).waitFor();
}
