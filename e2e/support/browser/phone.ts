/** What the owner of the virtual phone does with it. */
import type { Page } from 'playwright';
import type { Stack } from '../stack.ts';

/** Given name of the account that `confirmLink` chooses; it is on the phone as `ON_PHONE` is. */
export const PHONE_OWNER = 'MARY ÄNN';

/** Answers the push that waits: picks the code, where the phone asks for it, and enters the PIN. */
export async function confirmPush(phone: Page, { phoneUrl }: Stack, code: string): Promise<void> {
  await phone.goto(phoneUrl);
  await pickCode(phone, code);
  await enterPin(phone);
  await phone.getByRole('heading', { name: 'Confirmed' }).waitFor();
}

/** As the app asks when the request comes from a browser that it has not been used with. */
export async function pickCode(phone: Page, code: string): Promise<void> {
  await phone.getByRole('button', { name: code.split('').join(' '), exact: true }).click();
}

/** Takes a device link that is open on the phone up to the PIN: whose account it is. */
export async function chooseAccount(phone: Page, givenName = PHONE_OWNER): Promise<void> {
  await phone.getByRole('group', { name: 'Who answers?' }).getByRole('button', { name: givenName }).click();
  await phone.getByLabel('PIN1').waitFor();
}

export async function enterPin(phone: Page): Promise<void> {
  await phone.getByLabel('PIN1').fill('1234');
  await phone.getByRole('button', { name: 'Confirm' }).click();
}

/** Cancels the one request that waits. */
export async function cancelPush(phone: Page, { phoneUrl }: Stack): Promise<void> {
  await phone.goto(phoneUrl);
  await phone.getByRole('button', { name: 'Cancel' }).click();
  await phone.getByRole('heading', { name: 'Cancelled' }).waitFor();
}
