import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { en } from '../src/web/messages/en.ts';
import { prepareJourney } from './support/journey.ts';
import { greeted, OK, openLogin, submitCode } from './support/steps.ts';

/** Its certificate is revoked, whatever else the simulator is told. */
const REVOKED = { country: 'Estonia', code: '39909096083' } as const;

describe('a certificate that may be revoked', () => {
  const journey = prepareJourney({ SIMULATOR_DELAY_MS: '50' });

  it('lets nobody in once it is revoked', async () => {
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, REVOKED);
    await page.getByRole('heading', { name: en.outcomes.account_unusable.heading }).waitFor();
  });

  it('is looked up in the list where the answer of the OCSP responder does not count', async () => {
    const page = await journey.open();
    await tell({ ocsp: 'stale', crl: 'answers' });
    await openLogin(page, journey.stack);
    await submitCode(page, OK);
    await greeted(page, 'OK');
    await tell({ ocsp: 'answers' });
  });

  async function tell(changes: Readonly<Record<string, unknown>>): Promise<void> {
    const answer = await fetch(new URL('revocation', journey.stack.phoneUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(changes),
    });
    assert.equal(answer.status, 200);
  }
});

describe('a certificate that nobody vouches for', () => {
  const journey = prepareJourney({ SIMULATOR_DELAY_MS: '50' });

  it('lets nobody in, and says to try again later', async () => {
    const answer = await fetch(new URL('revocation', journey.stack.phoneUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ocsp: 'wrong-key', crl: 'wrong-key' }),
    });
    assert.equal(answer.status, 200);
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, OK);
    await page.getByRole('heading', { name: en.outcomes.revocation_unavailable.heading }).waitFor();
    await page.getByText(/^You can try again in \d+ seconds$/).waitFor();
  });
});
