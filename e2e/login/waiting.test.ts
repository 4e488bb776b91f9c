/** The pages on which people wait: without a connection, on small screens, and from page to page. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright';
import { type Language, LANGUAGES } from '../../src/config/languages.ts';
import { en } from '../../src/web/messages/en.ts';
import { openQr, picture } from '../support/browser/device-link.ts';
import { PHONE } from '../support/browser/devices.ts';
import { prepareJourney } from '../support/browser/journey.ts';
import { assertFits } from '../support/browser/reflow.ts';
import {
  drawn,
  ON_PHONE,
  openLogin,
  openLoginMethods,
  shownCode,
  submitCode,
} from '../support/browser/steps.ts';

/** 1280 by 720 pixels, enlarged to 200 %. */
const ENLARGED = { width: 640, height: 360 };
const COMPUTERS = [
  { width: 1100, height: 700 },
  { width: 1440, height: 1000 },
];
/** The smallest phones. */
const SMALL = { width: 320, height: 568 };

describe('a page on which a person waits', () => {
  const journey = prepareJourney({ SIMULATOR_DELAY_MS: '50' });

  it('says that there is no connection, and goes on when it is back', async () => {
    const page = await journey.open();
    await page.clock.install();
    await openLogin(page, journey.stack);
    await submitCode(page, ON_PHONE);
    await shownCode(page);
    const left = page.getByText(/^Waiting for you, \d+ seconds left$/);
    await left.waitFor();
    journey.stack.process.signal('SIGSTOP');
    try {
      await page.clock.runFor(16_000);
      await page.locator('.left').getByText(en.wait.interrupted, { exact: true }).waitFor();
      assert.equal(await page.locator('[role=status]').textContent(), en.wait.interrupted);
    } finally {
      journey.stack.process.signal('SIGCONT');
    }
    await left.waitFor();
  });

  it('has the QR code in view on the smallest phones, and enlarged to 200 %, in each language', async () => {
    for (const viewport of [SMALL, ENLARGED]) {
      const page = await journey.open({ viewport });
      await openQr(page, journey.stack);
      for (const language of LANGUAGES) {
        await change(page, language);
        await assertFits(page, 'QR code');
        const box = await page.locator('.qr').boundingBox();
        // Only a simulated Smart-ID has a banner. Without its space the code is in view in wide fonts too, such as DejaVu Sans.
        const banner = await page.locator('.banner').boundingBox();
        assert.ok(
          box && banner && box.y >= 0 && box.y + box.height - banner.height <= viewport.height,
          JSON.stringify([language, viewport, box, banner]),
        );
      }
    }
  });

  it('moves nothing on a computer when the QR code appears, in each language', async () => {
    const page = await journey.open();
    await openLoginMethods(page, journey.stack);
    const places = () =>
      Promise.all(['h1', '.lead', '.steps', '.frame', '.card'].map((each) => placeOf(page, each)));
    const before = new Map<Language, Awaited<ReturnType<typeof places>>>();
    for (const language of LANGUAGES) {
      await change(page, language);
      before.set(language, await places());
    }
    await change(page, 'en');
    await page.getByRole('button', { name: en.methods.showQr }).click();
    await picture(page).waitFor();
    for (const language of LANGUAGES) {
      await change(page, language);
      assert.deepEqual(await places(), before.get(language), language);
    }
  });

  it('has its heading where that of the page before was, and as much space, in each language', async () => {
    const page = await journey.open();
    const places = new Map<Language, readonly unknown[]>();
    const compare = async (name: string) => {
      for (const language of LANGUAGES) {
        await change(page, language);
        const found = [];
        for (const viewport of COMPUTERS) {
          await page.setViewportSize(viewport);
          found.push((await placeOf(page, 'h1'))[0], await placeOf(page, '.card'));
        }
        assert.deepEqual(found, places.get(language) ?? found, `${name}, ${language}`);
        places.set(language, found);
      }
      await change(page, 'en');
    };
    await openLoginMethods(page, journey.stack);
    await compare('login methods');
    await page.getByRole('button', { name: en.methods.showQr }).click();
    await picture(page).waitFor();
    await compare('QR code');
    await openLogin(page, journey.stack);
    await compare('form');
    await submitCode(page, ON_PHONE);
    await shownCode(page);
    await compare('verification code');
  });

  it('has the code to compare, and the time left, in view on a phone on its side, in each language', async () => {
    const viewport = { width: 844, height: 390 };
    const page = await journey.open({ ...PHONE, viewport });
    await openLogin(page, journey.stack);
    await submitCode(page, ON_PHONE);
    await page.getByRole('heading', { name: en.wait.confirmHeading, exact: true }).waitFor();
    for (const language of LANGUAGES) {
      await change(page, language);
      const [top, height] = await placeOf(page, '.left');
      assert.ok(top + height <= viewport.height, `${language}: ${top} + ${height}`);
    }
  });
});

/** Shows the page in another language. */
async function change(page: Page, language: Language): Promise<void> {
  await page
    .context()
    .addCookies([{ name: 'sild_language', value: language, url: new URL(page.url()).origin }]);
  await page.reload();
  await drawn(page);
  assert.equal(await page.locator('html').getAttribute('lang'), language);
}

/** Top, and height of the element, in pixels. */
async function placeOf(page: Page, selector: string): Promise<readonly [number, number]> {
  await drawn(page);
  const box = await page.locator(selector).boundingBox();
  assert.ok(box);
  return [Math.round(box.y), Math.round(box.height)];
}
