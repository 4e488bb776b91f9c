/** A person sees the logins in their own name, and the browsers that know them. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import type { Page } from 'playwright';
import { LANGUAGES } from '../../src/config/languages.ts';
import { CATALOGUES } from '../../src/web/messages/languages.ts';
import { en } from '../../src/web/messages/en.ts';
import { assertAccessible } from '../support/browser/axe.ts';
import { confirmLink, logInByQr, picture, scan } from '../support/browser/device-link.ts';
import { PHONE } from '../support/browser/devices.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import { assertFits } from '../support/browser/reflow.ts';
import { drawn, OK, openLogin, submitCode, withoutShortcuts } from '../support/browser/steps.ts';
import { assertTargets } from '../support/browser/targets.ts';
import { sild } from '../support/sild-command.ts';

/** An automated account that refuses in the app. */
const REFUSES = { country: 'Estonia', code: '30403039917' } as const;
const SMALL = { width: 320, height: 568 };
const { history } = en;

describe('a person’s own history', () => {
  const journey = prepareJourney();
  const at = (path: string) => `${journey.stack.issuer}${path}`;

  it('begins with a login, tells what happened, forgets browsers, and is a file and a page to print', async () => {
    const [page, phone] = [await journey.open(), await journey.open(PHONE)];
    await logInByQr(page, phone, journey.stack);
    await withoutShortcuts(page);
    await page.goto(at('/me'));
    await assertAccessible(page, 'before the login');
    await page.getByRole('button', { name: en.methods.heading }).click();
    await page.getByRole('button', { name: en.methods.showQr }).click();
    await picture(page).waitFor();
    await confirmLink(phone, (await scan(page)).link);
    await page.getByRole('heading', { name: history.heading, level: 1 }).waitFor();
    const login = page.getByRole('listitem').filter({ hasText: 'Sample app' }).first();
    await untilShown(page, () => login.isVisible());
    assert.match(await login.innerText(), /Logged in\s+.*UTC\s+With a QR code · Chrome, \S+ · Network \d/);
    await login.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/).waitFor();
    await assertAccessible(page, 'a history');
    await assertTargets(page, 'a history');

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: history.download }).click(),
    ]);
    const { logins } = JSON.parse(await readFile(await download.path(), 'utf8')) as {
      logins: { service: string; outcome: string }[];
    };
    assert.ok(logins.some(({ service, outcome }) => service === 'Sample app' && outcome === 'finished'));

    await page.getByRole('link', { name: history.print }).click();
    await page.waitForURL('**/me/print');
    await assertAccessible(page, 'the page to print');
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.getByRole('link', { name: history.heading }).isVisible(), false);
    assert.equal(await page.getByRole('heading', { name: 'Sample app' }).first().isVisible(), true);
    await page.emulateMedia({ media: 'screen' });
    await page.getByRole('link', { name: history.heading }).click();

    await page.getByText(history.thisBrowser, { exact: true }).waitFor();
    await page.getByRole('button', { name: history.endAll }).click();
    await page.getByRole('status').getByText(history.forgotten.all).waitFor();
    await page.getByText(history.noBrowser).waitFor();
    await page.getByRole('button', { name: history.endAll }).waitFor();
    await assertAccessible(page, 'a history without browsers');

    await page.getByRole('button', { name: history.logOut }).click();
    await page.getByText(history.loggedOut).waitFor();
    await page.goBack();
    await page.getByText(history.start).waitFor();
  });

  it('works without JavaScript, fits the smallest phones, and speaks every language', async () => {
    const page = await journey.open({ javaScriptEnabled: false, viewport: SMALL });
    await page.goto(at('/me'));
    await page.getByRole('button', { name: en.methods.heading }).click();
    await page.getByRole('link', { name: en.methods.personalCode }).click();
    await submitCode(page, OK);
    await page.getByRole('heading', { name: history.heading, level: 1 }).waitFor();
    for (const path of ['/me', '/me/print']) {
      for (const language of LANGUAGES) {
        await page.context().addCookies([{ name: 'sild_language', value: language, url: at('/') }]);
        await page.goto(at(path));
        await page.getByRole('heading', { name: CATALOGUES[language].history.heading, level: 1 }).waitFor();
        await assertFits(page, `${path}, ${language}`);
      }
    }
  });
});

describe('the reference that a person reads out', () => {
  const journey = prepareJourney({ SIMULATOR_DELAY_MS: '50' });

  it('is on the page, in the log, and leads to what happened in the audit', async () => {
    const page = await journey.open();
    await openLogin(page, journey.stack);
    await submitCode(page, REFUSES);
    await page.getByRole('heading', { name: en.outcomes.user_refused.heading }).waitFor();
    const reference = (await page.locator('.reference code').textContent()) ?? '';
    assert.match(reference, /^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
    const lines = journey.stack.process.output().split('\n');
    const told = lines.filter((line) => line.includes(reference));
    assert.ok(told.some((line) => line.includes('"event":"login_failed"') && line.includes('user_refused')));
    const show = () => sild(journey.stack, 'audit', 'show', reference.toLowerCase());
    let story = await show();
    // The audit is written in the background.
    for (let times = 0; times < 20 && !story.output.includes('What it means'); times += 1)
      story = await show();
    assert.equal(story.status, 0, story.errors);
    for (const part of [
      `Reference  ${reference}`,
      'Client     sample-app',
      'user_refused',
      'What it means',
      'What to do',
    ])
      assert.ok(story.output.includes(part), `${part}\n${story.output}`);
    assert.ok(!story.output.includes(REFUSES.code));
  });
});

/** The audit is written in the background. */
async function untilShown(page: Page, isShown: () => Promise<boolean>): Promise<void> {
  for (let times = 0; times < 50 && !(await isShown()); times += 1) {
    await page.waitForTimeout(100);
    await page.reload();
    await drawn(page);
  }
}
