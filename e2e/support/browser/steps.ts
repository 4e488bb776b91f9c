/** The steps of a person who logs in. */
import type { BrowserContext, Locator, Page } from 'playwright';
import { en } from '../../../src/web/messages/en.ts';
import type { Stack } from '../stack.ts';

export interface PersonalCode {
  readonly country: 'Estonia' | 'Latvia' | 'Lithuania' | 'Belgium';
  readonly code: string;
}

/** An account that confirms automatically. */
export const OK: PersonalCode = { country: 'Estonia', code: '40504040001' };
/** An account that waits for an answer on the virtual phone. */
export const ON_PHONE: PersonalCode = { country: 'Estonia', code: '47101010033' };

/** Waits until style sheet and scripts are loaded. The text is available earlier, but with the wrong layout. */
export async function drawn(page: Page): Promise<void> {
  await page.waitForLoadState('load');
}

/**
 * Goes from the sample app's first page to the page with the login methods, and lets the person choose: no script begins a
 * device link by itself on this page, or opens the app. Returns the login URL.
 */
export async function openLoginMethods(page: Page, { sampleAppUrl }: Stack): Promise<string> {
  await withoutShortcuts(page);
  await page.goto(sampleAppUrl);
  await page.getByRole('link', { name: 'Log in with Smart-ID' }).click();
  await page.waitForURL(/\/login\//);
  const loginUrl = page.url().replace(/\/(code|wait).*$/, '');
  if (page.url() !== loginUrl) await page.goto(`${loginUrl}?choose`);
  await loginMethodsShown(page);
  return loginUrl;
}

/** On the pages that are loaded from now on, scripts get no answer when they begin a device link; the buttons do. */
export async function withoutShortcuts(pages: Page | BrowserContext): Promise<void> {
  await pages.addInitScript(() => {
    const send = window.fetch.bind(window);
    window.fetch = (address, options) =>
      typeof address === 'string' && address.endsWith('/device-link')
        ? Promise.reject(new TypeError('no answer'))
        : send(address, options);
  });
}

export async function loginMethodsShown(page: Page): Promise<void> {
  await page.getByRole('heading', { name: en.methods.heading, exact: true }).waitFor();
  await drawn(page);
}

/** Goes from the first page of a login to the form for the personal code. */
export async function chooseCode(page: Page): Promise<void> {
  const shown = [en.methods.heading, en.qr.heading, en.login.heading].map((name) =>
    page.getByRole('heading', { name, exact: true }),
  );
  const [methods, qr, form] = shown as [Locator, Locator, Locator];
  await methods.or(qr).or(form).waitFor();
  // A person who used the code before gets the form at once.
  if (!page.url().includes('/code')) await page.getByRole('link', { name: en.methods.personalCode }).click();
  await codeForm(page);
}

/** Waits for the form for the personal code. */
export async function codeForm(page: Page): Promise<void> {
  await page.getByRole('heading', { name: en.login.heading, exact: true }).waitFor();
  await drawn(page);
}

/** Goes from the sample app's first page to the form for the personal code. Returns the login URL. */
export async function openLogin(page: Page, stack: Stack): Promise<string> {
  const loginUrl = await openLoginMethods(page, stack);
  await chooseCode(page);
  return loginUrl;
}

export async function submitCode(page: Page, { country, code }: PersonalCode): Promise<void> {
  await page.getByLabel('Country').selectOption({ label: country });
  await page.getByLabel('Personal code', { exact: true }).fill(code);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** Waits for the verification code and returns its four digits. */
export async function shownCode(page: Page): Promise<string> {
  const text = await page.getByText(/Verification code: \d \d \d \d/).textContent();
  await drawn(page);
  return (text ?? '').replace(/\D/g, '');
}

/** Waits until the sample app greets the person. */
export async function greeted(page: Page, givenName: string): Promise<void> {
  await page.getByRole('heading', { name: `Hello, ${givenName}`, exact: true }).waitFor();
}

export async function logIn(page: Page, stack: Stack): Promise<void> {
  await openLogin(page, stack);
  await submitCode(page, OK);
  await greeted(page, 'OK');
}

/** The value of a claim on the sample app's page, or undefined. */
export async function claim(page: Page, name: string): Promise<string | undefined> {
  // Some claims are in a part of the page that is collapsed at first.
  const row = page
    .getByRole('row', { includeHidden: true })
    .filter({ has: page.getByRole('rowheader', { name, exact: true, includeHidden: true }) });
  if ((await row.count()) === 0) return undefined;
  return (await row.locator('td').first().textContent())?.trim();
}
