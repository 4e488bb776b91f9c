/** The steps of the owner of the virtual phone. */
import type { Page } from 'playwright';
import type { Stack } from '../stack.ts';

/** Given name of the account that `confirmLink` chooses. The account does not answer automatically, like `ON_PHONE`. */
export const PHONE_OWNER = 'MARY ÄNN';

/** Confirms the pending push from an unknown browser: chooses the code and enters the PIN. */
export async function confirmPush(phone: Page, { phoneUrl }: Stack, code: string): Promise<void> {
  await phone.goto(phoneUrl);
  await chooseVerificationCode(phone, code);
  await enterPin(phone);
  await phone.getByRole('heading', { name: 'Confirmed' }).waitFor();
}

/** Chooses the code, as the app requires for a request from an unknown browser. */
export async function chooseVerificationCode(phone: Page, code: string): Promise<void> {
  await phone.getByRole('button', { name: code.split('').join(' '), exact: true }).click();
}

/** Chooses the account for an opened device link, up to the screen for PIN1. */
export async function chooseAccount(phone: Page, givenName = PHONE_OWNER): Promise<void> {
  await phone.getByRole('group', { name: 'Who answers?' }).getByRole('button', { name: givenName }).click();
  await phone.getByLabel('PIN1').waitFor();
}

export async function enterPin(phone: Page): Promise<void> {
  await phone.getByLabel('PIN1').fill('1234');
  await phone.getByRole('button', { name: 'Confirm' }).click();
}

/** Cancels the one pending push. */
export async function cancelPush(phone: Page, { phoneUrl }: Stack): Promise<void> {
  await phone.goto(phoneUrl);
  await phone.getByRole('button', { name: 'Cancel' }).click();
  await phone.getByRole('heading', { name: 'Cancelled' }).waitFor();
}
