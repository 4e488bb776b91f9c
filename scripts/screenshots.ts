/** Takes the pictures of the documentation from the running product: login form and waiting page, computer and phone. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { BrowserContextOptions } from 'playwright';
import { launchChromium } from '../e2e/support/chromium.ts';
import { root } from '../e2e/support/project.ts';
import { startStack } from '../e2e/support/stack.ts';
import { greeted, OK, ON_PHONE, openLogin, shownCode, submitCode } from '../e2e/support/steps.ts';

const DEVICES: Readonly<Record<string, BrowserContextOptions>> = {
  computer: { viewport: { width: 1100, height: 700 } },
  phone: { viewport: { width: 390, height: 760 }, deviceScaleFactor: 2 },
};

const directory = join(root, 'docs');
await mkdir(directory, { recursive: true });
// On the ports of `npm start`, so that the pictures show what people see; they must be free.
const ports = {
  ISSUER: 'http://localhost:3000',
  PORT: '3000',
  SIMULATOR_PORT: '3001',
  SAMPLE_APP_PORT: '3002',
};
const [stack, browser] = await Promise.all([startStack(ports), launchChromium()]);
try {
  for (const [device, options] of Object.entries(DEVICES)) {
    const context = await browser.newContext({ ...options, reducedMotion: 'reduce' });
    const page = await context.newPage();
    const picture = async (name: string) => {
      const path = join(directory, `${name}-${device}.png`);
      await page.screenshot({ path });
      console.log(path);
    };

    await openLogin(page, stack);
    await page.getByLabel('Personal code').fill(ON_PHONE.code);
    await picture('login');
    await submitCode(page, ON_PHONE);
    await shownCode(page);
    await picture('wait');
    await page.goto(stack.phoneUrl);
    await page.getByLabel('PIN1').waitFor();
    await picture('virtual-phone');
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('heading', { name: 'Cancelled' }).waitFor();

    await openLogin(page, stack);
    await submitCode(page, OK);
    await greeted(page, 'OK');
    await picture('sample-app');
    await context.close();
  }
} finally {
  await browser.close();
  await stack.stop();
}
