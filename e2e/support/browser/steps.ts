/** The steps of a login as a person takes them: what they read, type and press. */
import type { Page } from 'playwright';
import { en } from '../../../src/web/messages/en.ts';
import type { Stack } from '../stack.ts';

export interface PersonalCode {
  readonly country: 'Estonia' | 'Latvia' | 'Lithuania' | 'Belgium';
  readonly code: string;
}

/** Answers by itself, with success. */
export const OK: PersonalCode = { country: 'Estonia', code: '40504040001' };
/** Waits for an answer on the virtual phone. */
export const ON_PHONE: PersonalCode = { country: 'Estonia', code: '47101010033' };

/** Waits until the page has its style sheet and scripts; its text can be found before, and measured wrongly. */
export async function drawn(page: Page): Promise<void> {
  await page.waitForLoadState('load');
}

/** From the sample app's first page to the ways to log in. Answers the address of the login. */
export async function openLoginMethods(page: Page, { sampleAppUrl }: Stack): Promise<string> {
  await page.goto(sampleAppUrl);
  await page.getByRole('link', { name: 'Log in with Smart-ID' }).click();
  await loginMethodsShown(page);
  return page.url();
}

export async function loginMethodsShown(page: Page): Promise<void> {
  await page.getByRole('heading', { name: en.methods.heading, exact: true }).waitFor();
  await drawn(page);
}

/** From the ways to the form for a personal code, which is one of them. */
export async function chooseCode(page: Page): Promise<void> {
  await loginMethodsShown(page);
  await page.getByRole('link', { name: en.methods.personalCode }).click();
  await codeForm(page);
}

/** Waits for the form for a personal code. */
export async function codeForm(page: Page): Promise<void> {
  await page.getByRole('heading', { name: en.login.heading, exact: true }).waitFor();
  await drawn(page);
}

/** From the sample app's first page to the form for a personal code. Answers the address of the login. */
export async function openLogin(page: Page, stack: Stack): Promise<string> {
  const loginUrl = await openLoginMethods(page, stack);
  await chooseCode(page);
  return loginUrl;
}

export async function submitCode(page: Page, { country, code }: PersonalCode): Promise<void> {
  await page.getByLabel('Country').selectOption({ label: country });
  await page.getByLabel('Personal code').fill(code);
  await page.getByRole('button', { name: 'Continue' }).click();
}

/** Waits for the verification code and answers its four digits. */
export async function shownCode(page: Page): Promise<string> {
  const text = await page.getByText(/Verification code: \d \d \d \d/).textContent();
  await drawn(page);
  return (text ?? '').replace(/\D/g, '');
}

/** Waits until the service greets the person. */
export async function greeted(page: Page, givenName: string): Promise<void> {
  await page.getByRole('heading', { name: `Hello, ${givenName}`, exact: true }).waitFor();
}

export async function logIn(page: Page, stack: Stack): Promise<void> {
  await openLogin(page, stack);
  await submitCode(page, OK);
  await greeted(page, 'OK');
}

/** What the sample app shows as the value of a claim; undefined where it has none of that name. */
export async function claim(page: Page, name: string): Promise<string | undefined> {
  // Those of the login stand in a part of the page that is closed at first.
  const row = page
    .getByRole('row', { includeHidden: true })
    .filter({ has: page.getByRole('rowheader', { name, exact: true, includeHidden: true }) });
  if ((await row.count()) === 0) return undefined;
  return (await row.locator('td').first().textContent())?.trim();
}
