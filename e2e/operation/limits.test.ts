import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright';
import { en } from '../../src/web/messages/en.ts';
import { assertAccessible } from '../support/browser/axe.ts';
import { COMPUTER, PHONE } from '../support/browser/devices.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import { confirmPush } from '../support/browser/phone.ts';
import { assertFits } from '../support/browser/reflow.ts';
import {
  greeted,
  ON_PHONE,
  openLogin,
  shownCode,
  submitCode,
  codeForm,
  loginMethodsShown,
} from '../support/browser/steps.ts';

const REFUSES = { country: 'Estonia', code: '30403039917' } as const;
const UNKNOWN = { country: 'Estonia', code: '39909094045' } as const;

describe('limits', () => {
  const journey = prepareJourney({ SIMULATOR_DELAY_MS: '50', RATE_PUSH: '0s,2m' });

  for (const { person, outcome, device, name } of [
    {
      person: REFUSES,
      outcome: en.outcomes.user_refused,
      device: COMPUTER,
      name: 'who refuses, on a computer',
    },
    {
      person: UNKNOWN,
      outcome: en.outcomes.account_not_found,
      device: PHONE,
      name: 'who is unknown, on a phone',
    },
  ]) {
    it(`delay pushes to a person ${name}, offer another login method, and allow a retry after the time`, async () => {
      const page = await journey.open(device);
      await page.clock.install();
      await openLogin(page, journey.stack);
      for (let count = 0; count < 2; count++) {
        await submitCode(page, person);
        await headed(page, outcome.heading);
        await page.getByRole('link', { name: outcome.retry }).click();
        // A person who used the code gets its form again.
        await codeForm(page);
      }

      const limited = page.waitForResponse(
        (response) => new URL(response.url()).pathname.endsWith('/wait') && response.status() === 429,
      );
      await submitCode(page, person);
      const seconds = Number(await (await limited).headerValue('retry-after'));
      assert.ok(seconds > 100 && seconds <= 120, `${seconds}`);
      await headed(page, en.outcomes.push_too_soon.heading);
      const retry = page.getByRole('link', { name: en.outcomes.push_too_soon.retry });
      assert.equal(await retry.isDisabled(), true);
      await page.getByText(/^You can try again in (2 minutes|1\d\d seconds)$/).waitFor();
      await assertAccessible(page, `limited, ${name}`);
      await assertFits(page, `limited, ${name}`);

      const hasFocus = () => retry.evaluate((link) => link === document.activeElement);
      for (let times = 0; times < 20 && !(await hasFocus()); times += 1) await page.keyboard.press('Tab');
      assert.equal(await hasFocus(), true, 'the keyboard finds it while it is disabled');
      assert.equal(await retry.getAttribute('href'), null, 'it leads nowhere');
      await page.keyboard.press('Enter');

      await page.clock.fastForward(121_000);
      assert.equal(await retry.isDisabled(), false);
      await page.getByRole('status').getByText(en.retryNow, { exact: true }).waitFor();
      assert.equal(await page.getByText(/^You can try again in/).isVisible(), false);
      assert.equal(await hasFocus(), true, 'it keeps the focus');
      await assertAccessible(page, `no longer limited, ${name}`);
      if (device === COMPUTER) {
        await page.getByRole('button', { name: en.methods.showQr }).click();
        await headed(page, en.qr.heading);
      } else {
        await page.getByRole('link', { name: en.methods.otherMethods }).click();
        await loginMethodsShown(page);
      }
    });
  }

  it('allow one push to a phone at a time, from any browser, and the next one after its answer', async () => {
    const [page, other] = [await journey.open(), await journey.open()];
    await openLogin(page, journey.stack);
    await submitCode(page, ON_PHONE);
    const code = await shownCode(page);

    const loginUrl = await openLogin(other, journey.stack);
    await submitCode(other, ON_PHONE);
    await headed(other, en.outcomes.push_too_soon.heading);

    await confirmPush(await page.context().newPage(), journey.stack, code);
    await greeted(page, 'MARY ÄNN');
    await other.goto(`${loginUrl}/code`);
    await submitCode(other, ON_PHONE);
    await shownCode(other);
  });
});

async function headed(page: Page, heading: string): Promise<void> {
  await page.getByRole('heading', { name: heading, exact: true }).waitFor();
}
