/** The participants of an attack: browsers at the sample app, and a person's phone. */
import assert from 'node:assert/strict';
import { openDeviceLink } from '../../e2e/support/http/http-phone.ts';
import { codeForm, untilSettled } from '../../e2e/support/http/http-login.ts';
import { createHttpBrowser, type HttpBrowser, type HttpPage } from './servers/http-browser.ts';
import type { WholeSild } from './whole-sild.ts';

/** The account that confirms on the virtual phone. */
export const VICTIM = { identifier: 'PNOEE-38001085718', name: 'JAAK-KRISTJAN' };
/** An automated account, which answers a push. */
export const AUTOMATED = { country: 'EE', personal_code: '39901012239' };

/** A browser that has started a login at the sample app. */
export interface StartedLogin {
  readonly browser: HttpBrowser;
  /** The first page of the login; its URL is the login's URL. */
  readonly firstPage: HttpPage;
}

export async function startLogin(sild: WholeSild, browser = createHttpBrowser()): Promise<StartedLogin> {
  const firstPage = await browser.get(`${sild.sampleAppUrl}login`);
  assert.match(firstPage.url.pathname, /^\/login\/[\w-]+$/);
  return { browser, firstPage };
}

/** The app link on the page for logging in on the same device. */
export async function appLinkOf({ browser, firstPage }: StartedLogin): Promise<string> {
  await browser.post(`${firstPage.url.href}/device-link`, { show: 'web2app' });
  const { text } = await browser.get(`${firstPage.url.href}/wait?show=web2app`);
  const link = /<a class="primary open" href="([^"]+)">/.exec(text)?.[1]?.replaceAll('&amp;', '&');
  assert.ok(link, text);
  return link;
}

/** The current content of the QR code. */
export async function qrLinkOf({ browser, firstPage }: StartedLogin): Promise<string> {
  await browser.post(`${firstPage.url.href}/device-link`, { show: 'qr' });
  const { text } = await browser.get(`${firstPage.url.href}/status?show=qr`);
  const { link } = JSON.parse(text) as { link: string };
  return link;
}

/** The person confirms on their phone. Returns the address that the app opens in their browser, if any. */
export async function confirmOnPhone(link: string): Promise<URL> {
  const request = await openDeviceLink(link, VICTIM.identifier);
  return (await request.confirm()).location;
}

/** Polls as the waiting page does until the login ends. */
export function pollUntilEnd({ browser, firstPage }: StartedLogin, query = '?poll'): Promise<HttpPage> {
  return browser.get(`${firstPage.url.href}/wait${query}`).then((page) => untilSettled(browser, page));
}

/** The name of the person who is logged in at the sample app in a browser, or undefined. */
export async function loggedInName(sild: WholeSild, browser: HttpBrowser): Promise<string | undefined> {
  const { text } = await browser.get(sild.sampleAppUrl);
  return /<h1>Hello, ([^<]+)<\/h1>/.exec(text)?.[1];
}

/** A complete login with a push to an automated account. */
export async function logInByPush(
  { browser, firstPage }: StartedLogin,
  fields: { readonly country: string; readonly personal_code: string } = AUTOMATED,
): Promise<HttpPage> {
  return untilSettled(browser, await browser.post(codeForm(firstPage), fields));
}

/**
 * The cookies that a sibling host can set in another browser: over https all except those with the prefix `__Host-`. The
 * tests use http, so the excluded cookies are listed by name.
 */
export function plantable(cookies: Readonly<Record<string, string>>): Record<string, string> {
  const unplantable = /^(sild_begun_|sild_browser$|sild_language$|sild_origins$)/;
  return Object.fromEntries(Object.entries(cookies).filter(([name]) => !unplantable.test(name)));
}
