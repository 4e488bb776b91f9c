/** Takes the documentation's screenshots of a running Sild, on a computer, a phone and a tablet. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContextOptions, Page } from 'playwright';
import { launchChromium } from '../e2e/support/browser/chromium.ts';
import { picture as qrCode } from '../e2e/support/browser/device-link.ts';
import { COMPUTER, PHONE, TABLET } from '../e2e/support/browser/devices.ts';
import { chooseVerificationCode } from '../e2e/support/browser/phone.ts';
import { root } from '../e2e/support/project.ts';
import { startStack } from '../e2e/support/stack.ts';
import {
  chooseCode,
  greeted,
  OK,
  ON_PHONE,
  openLoginMethods,
  shownCode,
  submitCode,
} from '../e2e/support/browser/steps.ts';
import { en } from '../src/web/messages/en.ts';

const DEVICES: Readonly<Record<string, BrowserContextOptions>> = {
  computer: COMPUTER,
  phone: { ...PHONE, deviceScaleFactor: 2 },
  tablet: TABLET,
};

const directory = join(root, 'docs');
await mkdir(directory, { recursive: true });
// Uses the ports of `npm start`, so that the addresses in the pictures are the usual ones; they must be free.
const ports = {
  ISSUER: 'http://localhost:3000',
  PORT: '3000',
  SIMULATOR_PORT: '3001',
  SAMPLE_APP_PORT: '3002',
};
const isTaken = await fetch(ports.ISSUER).then(
  () => true,
  () => false,
);
if (isTaken) throw new Error(`something else answers at ${ports.ISSUER}: the pictures would be of that`);
const [stack, browser] = await Promise.all([startStack(ports), launchChromium()]);
try {
  for (const [device, options] of Object.entries(DEVICES)) {
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const picture = async (name: string, of: Page = page) => {
      const path = join(directory, `${name}-${device}.png`);
      await of.screenshot({ path });
      console.log(path);
    };

    await openLoginMethods(page, stack);
    await picture('login');
    const way = device === 'phone' ? en.methods.openApp : en.methods.showQr;
    await page.getByRole('button', { name: way, exact: true }).click();
    if (device === 'phone') {
      await page.getByRole('link', { name: en.methods.openApp }).waitFor();
      await picture('app');
    } else {
      await qrCode(page).waitFor();
      await picture('qr');
    }
    // The forms on a tablet are the same as on a computer.
    if (device !== 'tablet') {
      await openLoginMethods(page, stack);
      await chooseCode(page);
      await submitCode(page, ON_PHONE);
      const code = await shownCode(page);
      await picture('wait');
      const phone = await context.newPage();
      await phone.goto(stack.phoneUrl);
      await chooseVerificationCode(phone, code);
      await phone.getByLabel('PIN1').waitFor();
      await picture('virtual-phone', phone);
      await phone.getByRole('button', { name: 'Cancel' }).click();
      await phone.getByRole('heading', { name: 'Cancelled' }).waitFor();
      // The page goes on by itself, which would interrupt the next navigation.
      await page.getByRole('link', { name: en.action.tryAgain }).waitFor();

      await openLoginMethods(page, stack);
      await chooseCode(page);
      await submitCode(page, OK);
      await greeted(page, 'OK');
      await picture('sample-app');
    }
    if (device === 'computer') {
      await page.goto(`${stack.sampleAppUrl}playground`);
      await picture('playground');
    }
    await context.close();
  }
} finally {
  await browser.close();
  await stack.stop();
}
