/** The steps of a login with a device link: a QR code that a phone scans, or a link that opens the app. */
import assert from 'node:assert/strict';
import jsQR from 'jsqr';
import type { Locator, Page } from 'playwright';
import { PNG } from 'pngjs';
import { createHttpBrowser } from '../../../test/support/servers/http-browser.ts';
import { en } from '../../../src/web/messages/en.ts';
import { chooseAccount, enterPin } from './phone.ts';
import type { Stack } from '../stack.ts';
import { drawn, greeted, openLoginMethods } from './steps.ts';

export interface Scanned {
  /** The content of the QR code. */
  readonly link: URL;
  /** The size of one module of the QR code on the screen, in CSS pixels. */
  readonly moduleSize: number;
}

/** Goes from the sample app's first page to the page with the QR code. Returns the login URL. */
export async function openQr(page: Page, stack: Stack): Promise<string> {
  const loginUrl = await openLoginMethods(page, stack);
  await page.getByRole('button', { name: en.methods.showQr }).click();
  await picture(page).waitFor();
  await drawn(page);
  return loginUrl;
}

/** The image of the QR code. */
export function picture(page: Page): Locator {
  return page.getByRole('img', { name: en.qr.picture });
}

/** Decodes the QR code from a screenshot, like a camera. */
export async function scan(page: Page): Promise<Scanned> {
  const { data, width, height } = PNG.sync.read(await picture(page).screenshot({ scale: 'css' }));
  const code = jsQR.default(new Uint8ClampedArray(data), width, height);
  assert.ok(code, 'the QR code can be decoded');
  const { topLeftCorner: left, topRightCorner: right } = code.location;
  const side = Math.hypot(right.x - left.x, right.y - left.y);
  return { link: new URL(code.data), moduleSize: side / (17 + 4 * code.version) };
}

/** Opens a device link on the virtual phone, and confirms as its owner. */
export async function confirmLink(phone: Page, link: URL | string): Promise<void> {
  await phone.goto(String(link));
  await chooseAccount(phone);
  await enterPin(phone);
}

/** Logs in by QR code. */
export async function logInByQr(page: Page, phone: Page, stack: Stack): Promise<void> {
  await openQr(page, stack);
  await confirmLink(phone, (await scan(page)).link);
  await greeted(page, 'MARY ÄNN');
}

/** Goes from the sample app's first page to the page with the app link, on a phone. Returns the device link. */
export async function openAppPage(page: Page, stack: Stack): Promise<string> {
  await openLoginMethods(page, stack);
  await page.getByRole('button', { name: en.methods.openApp, exact: true }).click();
  const link = await appLink(page);
  // The tab must open its event stream before the login ends, otherwise it misses the end.
  await drawn(page);
  return link;
}

/** The address of the link that opens the app. */
export async function appLink(page: Page): Promise<string> {
  const href = await page.getByRole('link', { name: en.methods.openApp, exact: true }).getAttribute('href');
  assert.ok(href);
  return href;
}

/** Confirms a device link like the app. Returns the callback URL that the app would open, without opening it. */
export async function callbackOf(link: string, { issuer }: Stack): Promise<URL> {
  const app = createHttpBrowser({ stopAt: ({ href }) => href.startsWith(`${issuer}/callback/`) });
  const { url: request } = await app.get(link);
  await app.post(request, { account: 'PNOEE-47101010033' });
  const { url: callback } = await app.post(request, { action: 'confirm', pin: '1234' });
  assert.equal(callback.pathname, '/callback/smart-id');
  return callback;
}
