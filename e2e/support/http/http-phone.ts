/** The virtual phone by HTTP: opens device links and answers what they ask. */
import assert from 'node:assert/strict';
import { createHttpBrowser } from '../../../test/support/servers/http-browser.ts';

/** Waits for an answer on the virtual phone. */
const PHONE_OWNER = 'PNOEE-38001085718';

export interface OpenedRequest {
  /** Address of the request on the phone. */
  readonly address: URL;
  /** Confirms, or as the account does: those that answer by themselves fail in their own way. */
  confirm(): Promise<PhoneAnswer>;
  cancel(): Promise<PhoneAnswer>;
}

export interface PhoneAnswer {
  /** Where the phone leads the browser: for Web2App, after a success, the callback with its proofs. */
  readonly location: URL;
}

/**
 * Opens a device link, as scanning a QR code or tapping the link does, up to the screen for PIN1.
 *
 * @param account semantics identifier of who answers; with a session of one person nobody is asked
 */
export async function openDeviceLink(link: string, account = PHONE_OWNER): Promise<OpenedRequest> {
  const phone = createHttpBrowser();
  const { status, url: address, text } = await phone.get(link);
  assert.equal(status, 200, 'the phone takes the link');
  if (text.includes('name="account"')) await phone.post(address, { action: 'choose', other: account });
  const press = async (fields: Readonly<Record<string, string>>): Promise<PhoneAnswer> => {
    const response = await fetch(address, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(fields),
    });
    assert.equal(response.status, 303, 'the phone takes the answer');
    await response.arrayBuffer();
    return { location: new URL(response.headers.get('location') ?? '', address) };
  };
  return {
    address,
    confirm: () => press({ action: 'confirm', pin: '1234' }),
    cancel: () => press({ action: 'cancel' }),
  };
}
