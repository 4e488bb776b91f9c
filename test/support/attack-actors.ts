/** Who takes part in an attack: browsers at the sample app, and the phone of the person. */
import assert from 'node:assert/strict';
import { openDeviceLink } from '../../e2e/support/http/http-phone.ts';
import { codeForm, untilSettled } from '../../e2e/support/http/http-login.ts';
import { createHttpBrowser, type HttpBrowser, type HttpPage } from './servers/http-browser.ts';
import type { WholeSild } from './whole-sild.ts';

/** Who confirms on the virtual phone. */
export const VICTIM = { identifier: 'PNOEE-38001085718', name: 'JAAK-KRISTJAN' };
/** Answers a push by itself. */
export const AUTOMATED = { country: 'EE', personal_code: '39901012239' };

/** A browser that has begun to log in at the sample app. */
export interface BegunLogin {
  readonly browser: HttpBrowser;
  /** The page of the ways; its address is the address of the login. */
  readonly ways: HttpPage;
}

export async function beginLogin(sild: WholeSild, browser = createHttpBrowser()): Promise<BegunLogin> {
  const ways = await browser.get(`${sild.sampleAppUrl}login`);
  assert.match(ways.url.pathname, /^\/login\/[\w-]+$/);
  return { browser, ways };
}

/** The link that the page for the app on this device opens. */
export async function appLinkOf({ browser, ways }: BegunLogin): Promise<string> {
  await browser.post(`${ways.url.href}/device-link`, { show: 'web2app' });
  const { text } = await browser.get(`${ways.url.href}/wait?show=web2app`);
  const link = /<a class="primary open" href="([^"]+)">/.exec(text)?.[1]?.replaceAll('&amp;', '&');
  assert.ok(link, text);
  return link;
}

/** What the QR code says at this moment. */
export async function qrLinkOf({ browser, ways }: BegunLogin): Promise<string> {
  await browser.post(`${ways.url.href}/device-link`, { show: 'qr' });
  const { text } = await browser.get(`${ways.url.href}/status?show=qr`);
  const { link } = JSON.parse(text) as { link: string };
  return link;
}

/** The person confirms on their phone. Answers where the app leads their browser, where it leads it anywhere. */
export async function confirmOnPhone(link: string): Promise<URL> {
  const request = await openDeviceLink(link, VICTIM.identifier);
  return (await request.confirm()).location;
}

/** Asks again and again, as the waiting page does, until the login has come to an end. */
export function goOn({ browser, ways }: BegunLogin, query = '?poll'): Promise<HttpPage> {
  return browser.get(`${ways.url.href}/wait${query}`).then((page) => untilSettled(browser, page));
}

/** Who is logged in at the sample app in a browser; undefined where nobody is. */
export async function whoIsLoggedIn(sild: WholeSild, browser: HttpBrowser): Promise<string | undefined> {
  const { text } = await browser.get(sild.sampleAppUrl);
  return /<h1>Hello, ([^<]+)<\/h1>/.exec(text)?.[1];
}

/** A whole login with a push that answers by itself. */
export async function logInByPush(
  { browser, ways }: BegunLogin,
  fields: { readonly country: string; readonly personal_code: string } = AUTOMATED,
): Promise<HttpPage> {
  return untilSettled(browser, await browser.post(codeForm(ways), fields));
}

/**
 * What a sibling host can set in another browser: over https every cookie but those whose name begins with `__Host-`, which
 * over plain http are these.
 */
export function plantable(cookies: Readonly<Record<string, string>>): Record<string, string> {
  const unplantable = /^(sild_begun_|sild_browser$|sild_language$)/;
  return Object.fromEntries(Object.entries(cookies).filter(([name]) => !unplantable.test(name)));
}
