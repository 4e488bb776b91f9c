/** Clients that ask for a login without a browser, and the phones of their people, at a complete Sild. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as openid from 'openid-client';
import { temporaryDirectory } from '../../support/database.ts';
import { oauthErrorOf } from '../../support/oidc-bridge.ts';
import { startWholeSild, type WholeSild } from '../../support/whole-sild.ts';

/** Answers by the control API alone. */
export const PERSON = 'PNOEE-38001085718';
/** Has no account. */
export const NOBODY = 'PNOEE-39909094045';

const SECRET = 'a client secret of the tests';

/** A client without a browser, which has no redirect URI. */
export const AGENT = {
  client_id: 'agent',
  client_secret_sha256: createHash('sha256').update(SECRET).digest('hex'),
  client_name: 'Help desk',
  backchannel_token_delivery_mode: 'poll',
};

/** @param clients as of CLIENTS_FILE */
export async function startSildWith(
  clients: readonly object[],
  variables: Readonly<Record<string, string>> = {},
): Promise<WholeSild> {
  const file = join(await temporaryDirectory(), 'clients.json');
  await writeFile(file, JSON.stringify({ clients }));
  return startWholeSild({ CLIENTS_FILE: file, ...variables });
}

export function agentAt(
  { issuer }: Pick<WholeSild, 'issuer'>,
  clientId = AGENT.client_id,
): Promise<openid.Configuration> {
  return openid.discovery(new URL(issuer), clientId, {}, openid.ClientSecretBasic(SECRET), {
    execute: [openid.allowInsecureRequests],
  });
}

export type Asked = openid.BackchannelAuthenticationResponse & { readonly verification_code: string };

export async function ask(
  agent: openid.Configuration,
  parameters: Readonly<Record<string, string>> = {},
): Promise<Asked> {
  const asked = (await openid.initiateBackchannelAuthentication(agent, {
    scope: 'openid profile',
    login_hint: PERSON,
    ...parameters,
  })) as Asked;
  assert.match(asked.verification_code, /^\d{4}$/);
  return asked;
}

/** One request for tokens, without waiting. */
export function tokensOnce(agent: openid.Configuration, { auth_req_id: id }: Pick<Asked, 'auth_req_id'>) {
  return openid.genericGrantRequest(agent, 'urn:openid:params:grant-type:ciba', { auth_req_id: id });
}

/** Polls as the answer says. */
export function tokensOf(agent: openid.Configuration, asked: Asked) {
  return openid.pollBackchannelAuthenticationGrant(agent, asked);
}

export interface PhoneRequest {
  readonly id: string;
  readonly identifier: string;
  readonly interaction: { readonly type: string; readonly text: string };
  readonly verificationCode: string;
  readonly codes?: readonly string[];
}

/** The request that waits on the phone of a person. */
export async function onPhone({ phoneUrl }: WholeSild, person = PERSON): Promise<PhoneRequest> {
  const { requests } = (await (await fetch(`${phoneUrl}control/requests`)).json()) as {
    requests: PhoneRequest[];
  };
  const found = requests.find(({ identifier }) => identifier === person);
  assert.ok(found, 'nothing waits on the phone');
  return found;
}

export async function answer({ phoneUrl }: WholeSild, { id }: PhoneRequest, body: object): Promise<void> {
  const { status } = await fetch(`${phoneUrl}control/requests/${id}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
  assert.equal(status, 200);
}

/** The status of an answer that openid-client does not read. */
export async function statusOf(request: Promise<unknown>): Promise<number | undefined> {
  const error: unknown = await request.catch((thrown: unknown) => thrown);
  return error instanceof Error && error.cause instanceof Response ? error.cause.status : undefined;
}

/** Repeats a poll at once until it comes too early: on a busy machine, one poll may end after the next one is due. */
export async function pollUntilTooEarly(poll: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 10; tries++) {
    const error = await oauthErrorOf(poll());
    if (error === 'slow_down') return;
    assert.equal(error, 'authorization_pending');
  }
  assert.fail('no poll came too early');
}
