/** Requests without a browser that the client has signed. (CIBA Core 7.1.1) */
import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { exportJWK, SignJWT } from 'jose';
import * as openid from 'openid-client';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import { aClient, type Bridge, oauthErrorOf, relyingParty, startBridge } from '../../support/oidc-bridge.ts';

const PERSON = 'PNOEE-40504040001';
const P256 = { namedCurve: 'P-256' };
const { publicKey, privateKey } = generateKeyPairSync('ec', P256);
const strangersKey = generateKeyPairSync('ec', P256).privateKey;

const WAITING = {
  id: 'attempt',
  interactionUid: 'uid',
  clientId: 'client',
  createdAt: 0,
  flow: 'notification',
  state: 'waiting',
  session: {},
  verificationCode: '4711',
  answerBy: 0,
} as const;
const waiting = () => Promise.resolve(WAITING);

let store: Store;
let bridge: Bridge;
let agent: openid.Configuration;
let hints: unknown[] = [];

before(async () => {
  store = await openTestStore();
  bridge = await startBridge({
    stores: store,
    clients: [
      aClient({
        backchannel_token_delivery_mode: 'poll',
        backchannel_authentication_request_signing_alg: 'ES256',
        jwks: { keys: [{ ...(await exportJWK(publicKey)), kid: 'a', alg: 'ES256' }] },
      }),
    ],
    ciba: {
      login: {
        begin(request) {
          hints.push(request.identifier);
          return waiting();
        },
        advance: waiting,
        current: waiting,
        cancel: waiting,
        refuse: waiting,
        complete: () => Promise.resolve(false),
      },
      appText: () => 'text',
    },
  });
  agent = await relyingParty(bridge);
});
after(async () => {
  await bridge.close();
  await store.close();
});

interface Change {
  readonly key?: KeyObject;
  readonly claims?: Readonly<Record<string, unknown>>;
}

async function ask({ key = privateKey, claims = {} }: Change = {}, beside: Record<string, string> = {}) {
  const now = Math.floor(Date.now() / 1000);
  const own = { scope: 'openid', login_hint: PERSON, jti: crypto.randomUUID(), iat: now, nbf: now };
  const request = await new SignJWT({ ...own, iss: 'client', aud: bridge.issuer, exp: now + 60, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'a' })
    .sign(key);
  return openid.initiateBackchannelAuthentication(agent, { request, ...beside });
}

describe('a signed request without a browser', () => {
  it('is accepted, and only its own parameters count', async () => {
    hints = [];
    const asked = await ask();
    assert.equal(asked.verification_code, '4711');
    await ask({}, { login_hint: 'PNOEE-30303039914' }).catch(() => undefined);
    assert.ok(hints.length >= 1 && hints.every((hint) => hint === PERSON));
  });

  it('is refused unsigned, signed by another key, of another issuer or audience, expired, or without a claim', async () => {
    const parameters = { scope: 'openid', login_hint: PERSON };
    const unsigned = openid.initiateBackchannelAuthentication(agent, parameters);
    assert.equal(await oauthErrorOf(unsigned), 'invalid_request');
    for (const change of [
      { key: strangersKey },
      { claims: { iss: 'other' } },
      { claims: { aud: 'https://elsewhere.example' } },
      { claims: { exp: 1 } },
      ...['iss', 'aud', 'exp', 'iat', 'nbf', 'jti'].map((claim) => ({ claims: { [claim]: undefined } })),
    ]) {
      assert.equal(await oauthErrorOf(ask(change)), 'invalid_request', JSON.stringify(change));
    }
  });

  it('is refused if it is valid for longer than an hour, from now on or since long ago', async () => {
    const now = Math.floor(Date.now() / 1000);
    for (const claims of [{ exp: now + 4_200 }, { nbf: now - 4_200 }]) {
      assert.equal(await oauthErrorOf(ask({ claims })), 'invalid_request', JSON.stringify(claims));
    }
  });
});
