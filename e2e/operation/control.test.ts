/** The simulator's control API in a browser test, as docs/simulator.md shows it to others. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright';
import { en } from '../../src/web/messages/en.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import { openQr } from '../support/browser/device-link.ts';
import { claim, greeted, openLogin, shownCode, submitCode } from '../support/browser/steps.ts';

const MARI = { identifier: 'PNOEE-49001010019', surname: 'TAMM', givenName: 'MARI' };

interface Waiting {
  id: string;
  identifier?: string;
  verificationCode?: string;
}

describe('the control API of the simulator', () => {
  const journey = prepareJourney({}, { alone: true });
  const tell = async <T>(page: Page, path: string, data: unknown): Promise<T> => {
    const response = await page.request.post(new URL(`control/${path}`, journey.stack.phoneUrl).href, {
      data,
    });
    assert.ok(response.ok(), `${response.status()} ${path}`);
    return (await response.json()) as T;
  };

  it('adds an account and confirms its request, after the code was compared', async () => {
    const page = await journey.open();
    await tell(page, 'accounts', MARI);
    await openLogin(page, journey.stack);
    await submitCode(page, { country: 'Estonia', code: MARI.identifier.slice(6) });
    const code = await shownCode(page);
    const listed = await page.request.get(new URL('control/requests', journey.stack.phoneUrl).href);
    const { requests } = (await listed.json()) as { requests: Waiting[] };
    const waiting = requests.find(({ identifier }) => identifier === MARI.identifier);
    assert.equal(waiting?.verificationCode, code);
    await tell(page, `requests/${waiting.id}`, { action: 'confirm' });
    await greeted(page, MARI.givenName);
    assert.equal(await claim(page, 'sub'), MARI.identifier);
  });

  it('opens the link of a QR code and refuses, or confirms for an account', async () => {
    for (const action of ['refuse', 'confirm']) {
      const page = await journey.open();
      await openQr(page, journey.stack);
      const link = await page.getByRole('link', { name: en.qr.scanOnVirtualPhone }).getAttribute('href');
      const account = 'PNOEE-40504040001';
      const { id } = await tell<Waiting>(page, 'device-links', { link, account });
      await tell(page, `requests/${id}`, { action });
      if (action === 'confirm') await greeted(page, 'OK');
      else
        await page.getByRole('heading', { name: en.refusedInteractions.displayTextAndPIN.heading }).waitFor();
    }
  });

  it('is not in Sild itself', async () => {
    const page = await journey.open();
    const response = await page.request.get(new URL('/control/requests', journey.stack.issuer).href);
    assert.equal(response.status(), 404);
  });
});
