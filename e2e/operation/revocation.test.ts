/**
 * Revoked certificates, and OCSP responders and CRLs that do not answer or are outdated or invalid, as set in the
 * simulator.
 */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { en } from '../../src/web/messages/en.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import type { Stack } from '../support/stack.ts';
import {
  chooseCode,
  drawn,
  greeted,
  OK,
  openLogin,
  submitCode,
  loginMethodsShown,
} from '../support/browser/steps.ts';

/** An account whose certificate is always revoked in the simulator. */
const REVOKED = { country: 'Estonia', code: '39909096083' } as const;
const QUICK = { SIMULATOR_DELAY_MS: '50' };
const GOOD = { ocsp: 'answers', crl: 'answers', revoked: [] };

describe('a certificate whose revocation is checked', () => {
  const journey = prepareJourney(QUICK, { alone: true });

  it('is refused after its revocation, with a reference to Smart-ID’s support', async () => {
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, REVOKED);
    const { heading, help, retry } = en.outcomes.account_unusable;
    await page.getByRole('heading', { name: heading }).waitFor();
    await page.getByRole('link', { name: help?.label ?? '' }).waitFor();
    await page.getByRole('link', { name: retry }).click();
    await loginMethodsShown(page);
  });

  it('is refused from the moment of its revocation', async () => {
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, OK);
    await greeted(page, 'OK');
    await revokeOnItsPage(`PNOEE-${OK.code}`);
    const again = await journey.open();
    await openLogin(again, journey.stack);
    await submitCode(again, OK);
    await again.getByRole('heading', { name: en.outcomes.account_unusable.heading }).waitFor();
    await tell(journey.stack, GOOD);
  });

  it('is looked up in the CRL if the OCSP response is not valid', async () => {
    for (const ocsp of ['stale', 'wrong-key']) {
      await tell(journey.stack, { ocsp });
      const page = await journey.open();
      await openLogin(page, journey.stack);
      await submitCode(page, OK);
      await greeted(page, 'OK');
    }
    assert.match(journey.stack.process.output(), /"revocation_source_failed".*"ocsp_stale"/);
    await tell(journey.stack, GOOD);
  });

  it('has a page in the simulator that is centred, and shows errors in another colour than text', async () => {
    const page = await journey.open({ viewport: { width: 1280, height: 800 } });
    await page.goto(`${journey.stack.phoneUrl}revocation`);
    await page.getByLabel('Revoked certificates').fill('garbage');
    await page.getByRole('button', { name: 'Change' }).click();
    await page.getByRole('alert').waitFor();
    await drawn(page);
    const colours = [page.getByRole('alert'), page.getByText('What the simulated CAs say')].map((text) =>
      text.evaluate((element) => getComputedStyle(element).color),
    );
    const [ofError, ofText] = await Promise.all(colours);
    assert.notEqual(ofError, ofText);
    assert.equal(await page.getByLabel('Revoked certificates').inputValue(), 'garbage');
    const { x, width } = (await page.locator('.card').boundingBox()) ?? assert.fail('no card');
    assert.ok(Math.abs(x + width / 2 - 640) <= 1, `from ${x}, ${width} wide`);
  });

  /** In a browser, as a developer does. */
  async function revokeOnItsPage(identifier: string): Promise<void> {
    const page = await journey.open();
    await page.goto(journey.stack.phoneUrl);
    await page.getByRole('link', { name: 'what the CA says' }).click();
    await page.getByLabel('Revoked certificates').fill(identifier);
    await page.getByRole('button', { name: 'Change' }).click();
    await page.getByText('Changed.').waitFor();
    assert.equal(await page.getByLabel('Revoked certificates').inputValue(), identifier);
  }
});

describe('a certificate without an available revocation status', () => {
  const journey = prepareJourney(QUICK, { alone: true });

  it('is refused with a retry, which succeeds when the status is available', async () => {
    await tell(journey.stack, { ocsp: 'silent', crl: 'silent' });
    const page = await journey.open();
    await page.clock.install();
    await openLogin(page, journey.stack);
    await submitCode(page, OK);
    const { heading, retry } = en.outcomes.revocation_unavailable;
    await page.getByRole('heading', { name: heading }).waitFor({ timeout: 30_000 });
    await page.getByText(/^You can try again in \d+ seconds$/).waitFor();
    await drawn(page);
    assert.match(journey.stack.process.output(), /"revocation_source_failed".*"crl".*"timed_out"/);

    await tell(journey.stack, GOOD);
    await page.clock.fastForward(21_000);
    await page.getByRole('link', { name: retry }).click();
    await chooseCode(page);
    await submitCode(page, OK);
    await greeted(page, 'OK');
  });
});

describe('a certificate that is checked with the policy best-effort', () => {
  const journey = prepareJourney({ ...QUICK, REVOCATION: 'best-effort' }, { alone: true });

  it('is accepted without a revocation status, which is logged and counted', async () => {
    await tell(journey.stack, { ocsp: 'wrong-key', crl: 'wrong-key' });
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, OK);
    await greeted(page, 'OK');
    const metrics = await (await fetch(journey.stack.metricsUrl)).text();
    assert.match(metrics, /^sild_revocation_unchecked_total 1$/m);
    assert.match(journey.stack.process.output(), /"event":"revocation_unchecked"/);
  });

  it('is refused if it is revoked', async () => {
    await tell(journey.stack, GOOD);
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, REVOKED);
    await page.getByRole('heading', { name: en.outcomes.account_unusable.heading }).waitFor();
  });
});

async function tell({ phoneUrl }: Stack, changes: Readonly<Record<string, unknown>>): Promise<void> {
  const answer = await fetch(new URL('revocation', phoneUrl), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(changes),
  });
  assert.equal(answer.status, 200);
}
