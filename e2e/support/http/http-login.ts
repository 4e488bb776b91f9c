import assert from 'node:assert/strict';
import type { HttpBrowser, HttpPage } from '../../../test/support/servers/http-browser.ts';

/** Answers the form for a personal code by HTTP, and goes with the waiting page as a browser without JavaScript does, to where it ends. */
export async function logInOverHttp(
  browser: HttpBrowser,
  authorizationUrl: URL,
  fields: { readonly country: string; readonly personal_code: string },
): Promise<HttpPage> {
  const ways = await browser.get(authorizationUrl);
  assert.equal(ways.status, 200, 'the ways to log in');
  return untilSettled(browser, await browser.post(codeForm(ways), fields));
}

/** Follows a waiting page until it is another page or a redirect to the client. */
export async function untilSettled(browser: HttpBrowser, first: HttpPage): Promise<HttpPage> {
  let page = first;
  // Each look is a long poll of its own, so that this does not spin.
  while (page.text.includes('data-wait=')) page = await browser.get(new URL('?poll', page.url));
  return page;
}

/** Where the form for a personal code is, and goes to; from the page of the ways. */
export function codeForm(ways: HttpPage): string {
  return `${ways.url.href}/code`;
}
