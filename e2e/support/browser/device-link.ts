/** Device links as a person uses them: a code that a phone reads off another screen, a link that opens the app here. */
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
  /** What the code says. */
  readonly link: URL;
  /** The side of one of its blocks as it is shown, in CSS pixels. */
  readonly blockSize: number;
}

/** From the sample app's first page to the page with the QR code. Answers the address of the login. */
export async function openQr(page: Page, stack: Stack): Promise<string> {
  const loginUrl = await openLoginMethods(page, stack);
  await page.getByRole('button', { name: en.methods.showQr }).click();
  await picture(page).waitFor();
  await drawn(page);
  return loginUrl;
}

/** The QR code that is shown. */
export function picture(page: Page): Locator {
  return page.getByRole('img', { name: en.qr.picture });
}

/** Reads the code off the screen, as a camera does: from what is drawn there and from nothing else. */
export async function scan(page: Page): Promise<Scanned> {
  const { data, width, height } = PNG.sync.read(await picture(page).screenshot({ scale: 'css' }));
  const code = jsQR.default(new Uint8ClampedArray(data), width, height);
  assert.ok(code, 'the picture scans');
  const { topLeftCorner: left, topRightCorner: right } = code.location;
  const side = Math.hypot(right.x - left.x, right.y - left.y);
  return { link: new URL(code.data), blockSize: side / (17 + 4 * code.version) };
}

/** Opens a device link on a virtual phone, and confirms as the phone's owner. */
export async function confirmLink(phone: Page, link: URL | string): Promise<void> {
  await phone.goto(String(link));
  await chooseAccount(phone);
  await enterPin(phone);
}

/** A whole login by QR code. */
export async function logInByQr(page: Page, phone: Page, stack: Stack): Promise<void> {
  await openQr(page, stack);
  await confirmLink(phone, (await scan(page)).link);
  await greeted(page, 'MARY ÄNN');
}

/** From the sample app's first page to the page that opens the app; on a phone. Answers the device link. */
export async function openAppPage(page: Page, stack: Stack): Promise<string> {
  await openLoginMethods(page, stack);
  await page.getByRole('button', { name: en.methods.openApp, exact: true }).click();
  const link = await appLink(page);
  // A tab that has not begun to listen when its login is over finds none.
  await drawn(page);
  return link;
}

/** Where the link that opens the app leads. */
export async function appLink(page: Page): Promise<string> {
  const href = await page.getByRole('link', { name: en.methods.openApp, exact: true }).getAttribute('href');
  assert.ok(href);
  return href;
}

/** Confirms a device link as the app does, and answers the callback that it would open, without opening it. */
export async function callbackOf(link: string, { issuer }: Stack): Promise<URL> {
  const app = createHttpBrowser({ stopAt: ({ href }) => href.startsWith(`${issuer}/callback/`) });
  const { url: request } = await app.get(link);
  await app.post(request, { account: 'PNOEE-47101010033' });
  const { url: callback } = await app.post(request, { action: 'confirm', pin: '1234' });
  assert.equal(callback.pathname, '/callback/smart-id');
  return callback;
}
