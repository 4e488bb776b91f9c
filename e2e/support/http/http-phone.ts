/** The virtual phone over HTTP: opens device links and answers their requests. */
import assert from 'node:assert/strict';
import { createHttpBrowser } from '../../../test/support/servers/http-browser.ts';

/** An account that waits for an answer on the virtual phone. */
const PHONE_OWNER = 'PNOEE-38001085718';

export interface OpenedRequest {
  /** URL of the request on the phone. */
  readonly address: URL;
  /** Enters the PIN. An automated account then has its own outcome. */
  confirm(): Promise<PhoneAnswer>;
  cancel(): Promise<PhoneAnswer>;
}

export interface PhoneAnswer {
  /** The redirect of the phone: the callback URL with its parameters after a confirmed Web2App login. */
  readonly location: URL;
}

/**
 * Opens a device link, like scanning the QR code or tapping the link, up to the screen for PIN1.
 *
 * @param account semantics identifier of the account that answers; not used if the session expects a person
 */
export async function openDeviceLink(link: string, account = PHONE_OWNER): Promise<OpenedRequest> {
  const phone = createHttpBrowser();
  const { status, url: address, text } = await phone.get(link);
  assert.equal(status, 200, 'the phone accepts the link');
  if (text.includes('name="account"')) await phone.post(address, { action: 'choose', other: account });
  const submit = async (fields: Readonly<Record<string, string>>): Promise<PhoneAnswer> => {
    const response = await fetch(address, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(fields),
    });
    assert.equal(response.status, 303, 'the phone accepts the answer');
    await response.arrayBuffer();
    return { location: new URL(response.headers.get('location') ?? '', address) };
  };
  return {
    address,
    confirm: () => submit({ action: 'confirm', pin: '1234' }),
    cancel: () => submit({ action: 'cancel' }),
  };
}
