/** Accessibility requirements that automatic checks do not cover. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright';
import { en } from '../../src/web/messages/en.ts';
import { confirmLink, openQr, picture, scan } from '../support/browser/device-link.ts';
import { PHONE } from '../support/browser/devices.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import { PHONE_OWNER } from '../support/browser/phone.ts';
import {
  drawn,
  greeted,
  ON_PHONE,
  openLogin,
  openLoginMethods,
  shownCode,
  submitCode,
} from '../support/browser/steps.ts';

describe('with a keyboard and a screen reader', () => {
  const journey = prepareJourney({ SIMULATOR_DELAY_MS: '50' });

  it('the focus is on the heading after each change, and on the error summary after an error', async () => {
    const page = await journey.open();
    await openLoginMethods(page, journey.stack);
    assert.equal(await focused(page), en.methods.heading);
    await page.getByRole('link', { name: en.methods.personalCodeInstead }).click();
    await headed(page, en.login.heading);
    await submitCode(page, { country: 'Estonia', code: '1' });
    await headed(page, en.login.heading, en.login.errorHeading);
    await submitCode(page, { country: 'Estonia', code: '30403039917' });
    await headed(page, en.outcomes.user_refused.heading);
    await page.getByRole('link', { name: en.outcomes.user_refused.retry }).click();
    await headed(page, en.login.heading);
    await page.getByRole('button', { name: en.methods.qrInstead }).click();
    await headed(page, en.qr.heading);
  });

  it('a login by QR code needs no pointing device', async () => {
    const [page, phone] = [await journey.open(), await journey.open(PHONE)];
    await openLoginMethods(page, journey.stack);
    await page.keyboard.press('Tab');
    assert.equal(await focused(page), en.methods.showQr);
    assert.notEqual(await outlineOfFocused(page), 'none', 'the focus is visible');
    await page.keyboard.press('Enter');
    await picture(page).waitFor();
    await confirmLink(phone, (await scan(page)).link);
    await greeted(page, PHONE_OWNER);
  });

  it('the expiry of a QR code is announced twice: shortly before, and at expiry', async () => {
    const page = await journey.open();
    await page.clock.install();
    const endStreams = await collectStreams(page);
    await openQr(page, journey.stack);
    const announced = await listen(page);
    // The server sends the remaining time every second, by its own clock.
    await endStreams();
    await page.clock.runFor(40_000);
    assert.deepEqual(await announced(), []);
    await page.clock.runFor(30_000);
    assert.deepEqual(await announced(), [en.qr.expiring, en.qr.expired]);
  });

  it('the remaining time of a verification code is announced at 30 and at 10 seconds, and the code as four digits', async () => {
    const page = await journey.open();
    await page.clock.install();
    await openLogin(page, journey.stack);
    await submitCode(page, ON_PHONE);
    await shownCode(page);
    const announced = await listen(page);
    await page.clock.runFor(85_000);
    // The server, whose clock does not move, tells nothing meanwhile.
    const announcements = (await announced()).filter((text) => text !== en.wait.interrupted);
    assert.equal(announcements.length, 2, announcements.join(' | '));
    assert.match(announcements[0] ?? '', /\b30\b/);
    assert.match(announcements[1] ?? '', /\b10\b/);
    const spoken = await page.locator('.digits').ariaSnapshot();
    assert.match(spoken, /Verification code: \d \d \d \d(?!.*\d)/);
  });

  it('the QR code can be scanned, and the time left is seen, in colours that the person forces on all pages', async () => {
    for (const colorScheme of ['light', 'dark'] as const) {
      const page = await journey.open({ forcedColors: 'active', colorScheme });
      await openQr(page, journey.stack);
      assert.equal((await scan(page)).link.searchParams.get('deviceLinkType'), 'QR', colorScheme);
      const colours = await page.locator('.qr').evaluate((element) => {
        const { fill } = getComputedStyle(element.querySelector('svg') as Element);
        return [getComputedStyle(element).backgroundColor, fill];
      });
      assert.deepEqual(colours, ['rgb(255, 255, 255)', 'rgb(0, 0, 0)'], colorScheme);
      const bar = await page
        .locator('progress')
        .evaluate((element) => getComputedStyle(element).borderTopStyle);
      assert.equal(bar, 'solid', colorScheme);
    }
  });

  it('there are no animations with reduced motion', async () => {
    const page = await journey.open({ reducedMotion: 'reduce' });
    await openQr(page, journey.stack);
    const moving = await page.evaluate(
      () =>
        [...document.querySelectorAll('*')].filter((element) => {
          const { animationName, transitionDuration } = getComputedStyle(element);
          // `stale` hides an old QR code at once.
          return (
            !['none', 'stale'].includes(animationName) ||
            transitionDuration.split(', ').some((each) => each !== '0s')
          );
        }).length,
    );
    assert.equal(moving, 0);
  });
});

/** Waits for a page, and checks its focused element. */
async function headed(page: Page, heading: string, focus = heading): Promise<void> {
  await page.getByRole('heading', { name: heading, exact: true }).waitFor();
  await drawn(page);
  assert.equal((await focused(page)).split('\n', 1)[0], focus);
}

function focused(page: Page): Promise<string> {
  return page.evaluate(() => (document.activeElement as HTMLElement | null)?.innerText ?? '');
}

function outlineOfFocused(page: Page): Promise<string> {
  return page.evaluate(
    () => document.activeElement && getComputedStyle(document.activeElement).outlineStyle,
  ) as Promise<string>;
}

/** Call it before a page is loaded. @returns closes the event streams of the page, which does not notice */
async function collectStreams(page: Page): Promise<() => Promise<void>> {
  await page.addInitScript(() => {
    const streams: EventSource[] = [];
    const Original = EventSource;
    const Collected = class extends Original {
      constructor(url: string) {
        super(url);
        streams.push(this);
      }
    };
    Object.assign(globalThis, { EventSource: Collected, streams });
  });
  return () =>
    page.evaluate(() => {
      const { streams } = globalThis as unknown as { streams: EventSource[] };
      if (streams.length === 0) throw new Error('the page has no event stream');
      for (const stream of streams) stream.close();
    });
}

/** Records what a screen reader announces: each change of the live region. */
async function listen(page: Page): Promise<() => Promise<string[]>> {
  const region = page.locator('[role=status]');
  const heard = await region.evaluateHandle((element) => {
    const texts: string[] = [];
    new MutationObserver(() => texts.push(element.textContent)).observe(element, {
      childList: true,
      characterData: true,
      subtree: true,
    });
    return texts;
  });
  return () => heard.jsonValue();
}
