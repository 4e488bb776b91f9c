import assert from 'node:assert/strict';
import type { HttpBrowser, HttpPage } from '../../../test/support/servers/http-browser.ts';

/**
 * Submits the form for the personal code over HTTP, and follows the waiting page to the end, like a browser without
 * JavaScript.
 */
export async function logInOverHttp(
  browser: HttpBrowser,
  authorizationUrl: URL,
  fields: { readonly country: string; readonly personal_code: string },
): Promise<HttpPage> {
  const methodsPage = await browser.get(authorizationUrl);
  assert.equal(methodsPage.status, 200, 'the page with the login methods');
  return logInFrom(browser, methodsPage, fields);
}

/** As {@link logInOverHttp}, from the page with the login methods. */
export async function logInFrom(
  browser: HttpBrowser,
  methodsPage: HttpPage,
  fields: { readonly country: string; readonly personal_code: string },
): Promise<HttpPage> {
  return untilSettled(browser, await browser.post(codeForm(methodsPage), fields));
}

/** Follows a waiting page until it is another page or a redirect to the client. */
export async function untilSettled(browser: HttpBrowser, first: HttpPage): Promise<HttpPage> {
  let page = first;
  // Each request is a long poll, so this is not a busy loop.
  while (page.text.includes('data-wait=')) page = await browser.get(new URL('?poll', page.url));
  return page;
}

/** The URL of the form for the personal code, which is also its action. */
export function codeForm(methodsPage: HttpPage): string {
  return `${methodsPage.url.href}/code`;
}
