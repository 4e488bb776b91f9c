import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright';
import { assertAccessible } from '../support/browser/axe.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import { assertFits } from '../support/browser/reflow.ts';
import { chooseCode, drawn, OK, submitCode, withoutShortcuts } from '../support/browser/steps.ts';

/** The last one is that of a phone. */
const WIDTHS = [1100, 320, 360];

describe('the playground', () => {
  const journey = prepareJourney({ SIMULATOR_DELAY_MS: '50' });

  for (const javaScriptEnabled of [true, false]) {
    const how = javaScriptEnabled ? 'with' : 'without';
    it(`leads from the sample app to the claims, with DPoP, PAR and JAR, ${how} JavaScript`, async () => {
      const page = await journey.open({ javaScriptEnabled });
      await withoutShortcuts(page);
      await page.goto(journey.stack.sampleAppUrl);
      await page.getByRole('link', { name: 'playground' }).click();
      await page.getByRole('radio', { name: 'FAPI 2.0' }).check();
      for (const name of [/^PAR/, /^JAR/, /^DPoP/]) await page.getByRole('checkbox', { name }).check();
      await page.getByRole('checkbox', { name: 'age' }).check();
      await step(page, 'Show the request', 'The request');
      await page.getByRole('button', { name: 'Send the request' }).click();
      await page.waitForURL(/\/login\//);
      await chooseCode(page);
      await submitCode(page, OK);
      await page.getByRole('heading', { name: 'The answer', level: 1 }).waitFor();
      await step(page, 'Redeem the code', 'The tokens');
      await step(page, 'Ask for the claims at userinfo', 'The claims');
      for (const [name, value] of [
        ['typ', 'oauth-authz-req+jwt'],
        ['token_type', 'dpop'],
        ['age_over_18', 'true'],
        ['identity_number', '40504040001'],
      ]) {
        const row = page.getByRole('row', { name: `${name} ${value}`, exact: true });
        assert.ok((await row.count()) > 0, name);
      }
      assert.equal(await page.getByText('POST /par').count(), 2);
    });
  }

  for (const colorScheme of ['light', 'dark'] as const) {
    it(`is accessible on every page, on a phone and a computer: ${colorScheme}`, async () => {
      const page = await journey.open({ colorScheme });
      const check = async (name: string) => {
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 700 });
          await assertFits(page, `${name}, ${width} px`);
        }
        await assertAccessible(page, `${name}, ${colorScheme}`);
      };
      await withoutShortcuts(page);
      await page.goto(`${journey.stack.sampleAppUrl}playground`);
      await check('the form');
      await page.getByLabel('claims', { exact: true }).fill('{');
      await step(page, 'Show the request', 'Build an authorization request');
      await check('the form with a problem');
      await page.getByLabel('claims', { exact: true }).fill('');
      for (const name of [/^PAR/, /^JAR/, /^DPoP/]) await page.getByRole('checkbox', { name }).check();
      await step(page, 'Show the request', 'The request');
      await check('the request');
      await page.getByRole('button', { name: 'Send the request' }).click();
      await page.waitForURL(/\/login\//);
      await chooseCode(page);
      await submitCode(page, OK);
      await page.getByRole('heading', { name: 'The answer', level: 1 }).waitFor();
      await check('the answer');
      await step(page, 'Redeem the code', 'The tokens');
      await step(page, 'Ask for the claims at userinfo', 'The claims');
      for (const summary of await page.locator('summary').all()) await summary.click();
      await check('everything');
      await page.goto(`${journey.stack.sampleAppUrl}playground/callback`);
      await check('the answer in the fragment');
    });
  }
});

async function step(page: Page, button: string, heading: string): Promise<void> {
  await page.getByRole('button', { name: button }).click();
  await page.getByRole('heading', { name: heading, level: 1 }).waitFor();
  await drawn(page);
}
