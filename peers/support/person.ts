/** A person with a browser without JavaScript, who logs in at an example. */
import assert from 'node:assert/strict';
import { codeForm, untilSettled } from '../../e2e/support/http/http-login.ts';
import type { HttpBrowser, HttpPage } from '../../test/support/servers/http-browser.ts';

/** What Smart-ID says about an account that answers by itself. */
export const PERSON = { sub: 'PNOEE-40504040001', name: 'OK TEST' };

/** Goes from the address where a login begins to Sild's page with the ways to log in. */
export type Begin = (browser: HttpBrowser, login: string) => Promise<HttpPage>;

const followLink: Begin = (browser, login) => browser.get(login);

/** Begins a login, and confirms. Returns the page on which that ends. */
export async function logInAt(
  browser: HttpBrowser,
  login: string,
  begin: Begin = followLink,
): Promise<HttpPage> {
  const methods = await begin(browser, login);
  assert.match(methods.url.pathname, /^\/login\//, methods.text);
  const fields = { country: 'EE', personal_code: '40504040001' };
  return untilSettled(browser, await browser.post(codeForm(methods), fields));
}

/** Begins a login, and cancels. Returns the page on which that ends. */
export async function cancelAt(
  browser: HttpBrowser,
  login: string,
  begin: Begin = followLink,
): Promise<HttpPage> {
  const methods = await begin(browser, login);
  assert.match(methods.url.pathname, /^\/login\//, methods.text);
  const onward = await browser.post(`${methods.url.href}/cancel`, {});
  const next = /http-equiv="refresh" content="0; url=([^"]+)"/.exec(onward.text)?.[1];
  return next === undefined ? onward : browser.get(next.replaceAll('&amp;', '&'));
}

/** Logs out at an address, and sends the form that a browser with JavaScript would send. Asserts that Sild asks nothing. */
export async function logOutAt(browser: HttpBrowser, logout: string): Promise<HttpPage> {
  const page = await browser.get(logout);
  const form = /<form[^>]*action="([^"]+)"[^>]*>(.*?)<\/form>/s.exec(page.text);
  if (!page.url.pathname.startsWith('/logout') || form === null) return page;
  const inputs = [...(form[2] ?? '').matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)];
  const fields = Object.fromEntries(inputs.map(([, name = '', value = '']) => [name, value]));
  assert.equal(fields.logout, 'yes', 'Sild does not ask');
  return browser.post(new URL(form[1] ?? '', page.url), fields);
}
