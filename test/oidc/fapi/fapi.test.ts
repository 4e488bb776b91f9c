/** A client of the FAPI 2.0 Security Profile, with openid-client as the relying party. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import * as openid from 'openid-client';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  authorizationRequest,
  type Bridge,
  logIn,
  oauthErrorOf,
  personAt,
  REDIRECT_URI,
  relyingParty,
  startBridge,
} from '../../support/oidc-bridge.ts';

const BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

let store: Store;
let bridge: Bridge;
let config: openid.Configuration;
let pair: CryptoKeyPair;
/** A key of the client for RS256 alone. */
let rsa: CryptoKeyPair;

before(async () => {
  store = await openTestStore();
  bridge = await startBridge({ stores: store, clients: [] });
  pair = await generateKeyPair('ES256', { extractable: true });
  rsa = await generateKeyPair('RS256', { extractable: true });
  await bridge.clients.add({
    client_id: 'bank',
    profile: 'fapi2',
    redirect_uris: [REDIRECT_URI],
    jwks: {
      keys: [
        { ...(await exportJWK(pair.publicKey)), kid: 'a' },
        { ...(await exportJWK(rsa.publicKey)), kid: 'r' },
      ],
    },
  });
  config = await relyingParty(
    bridge,
    'bank',
    { id_token_signed_response_alg: 'ES256' },
    openid.PrivateKeyJwt({ key: pair.privateKey, kid: 'a' }, onlyIssuer),
  );
});
after(async () => {
  await bridge.close();
  await store.close();
});

/** openid-client sends the issuer as audience, as the profile demands. */
const onlyIssuer: openid.ModifyAssertionOptions = {
  [openid.modifyAssertion]: (_header, payload) => {
    payload.aud = bridge.issuer;
  },
};

async function pushed(parameters: Record<string, string> = {}, DPoP?: openid.DPoPHandle) {
  const { url, checks } = await authorizationRequest(config, parameters);
  const redirect = await openid.buildAuthorizationUrlWithPAR(config, url.searchParams, DPoP && { DPoP });
  return { url: redirect, checks };
}

const dpop = async () => openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256'));

describe('a client of the profile fapi2', () => {
  it('logs in with PAR, PKCE, private_key_jwt and DPoP, and gets an ID token of ES256', async () => {
    const DPoP = await dpop();
    const { url, checks } = await pushed({}, DPoP);
    const answer = await logIn(personAt(bridge), url);
    assert.equal(answer.searchParams.get('iss'), bridge.issuer);
    const tokens = await openid.authorizationCodeGrant(config, answer, checks, undefined, { DPoP });
    assert.equal(tokens.token_type, 'dpop');
    const header = JSON.parse(Buffer.from(tokens.id_token?.split('.')[0] ?? '', 'base64url').toString()) as {
      alg: string;
    };
    assert.equal(header.alg, 'ES256');
    const info = await openid.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '', {
      DPoP,
    });
    assert.equal(info.sub, 'PNOEE-40504040001');
  });

  it('gets no code without PAR, and no request object of a browser', async () => {
    const { url } = await authorizationRequest(config);
    const answer = await personAt(bridge).get(url);
    assert.equal(answer.url.searchParams.get('error'), 'invalid_request');
  });

  it('cannot push without PKCE, with PKCE of plain, or without authentication', async () => {
    for (const change of [
      { code_challenge: '', code_challenge_method: '' },
      { code_challenge_method: 'plain' },
    ]) {
      assert.equal(await oauthErrorOf(pushed(change)), 'invalid_request', JSON.stringify(change));
    }
    const { url } = await authorizationRequest(config);
    const { status } = await fetch(`${bridge.issuer}/par`, { method: 'POST', body: url.searchParams });
    assert.equal(status, 401);
  });

  it('gets no tokens without a proof, or with a proof of another key than that of the pushed request', async () => {
    const unbound = await pushed();
    const answer = await logIn(personAt(bridge), unbound.url);
    assert.equal(
      await oauthErrorOf(openid.authorizationCodeGrant(config, answer, unbound.checks)),
      'invalid_grant',
    );
    const bound = await pushed({}, await dpop());
    const second = await logIn(personAt(bridge), bound.url);
    const others = { DPoP: await dpop() };
    const grant = openid.authorizationCodeGrant(config, second, bound.checks, undefined, others);
    assert.equal(await oauthErrorOf(grant), 'invalid_grant');
  });

  it('cannot use a proof of RS256', async () => {
    const DPoP = openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('RS256'));
    const { url, checks } = await pushed();
    const answer = await logIn(personAt(bridge), url);
    const grant = openid.authorizationCodeGrant(config, answer, checks, undefined, { DPoP });
    assert.equal(await oauthErrorOf(grant), 'invalid_dpop_proof');
  });
});

describe('an assertion of a client of the profile fapi2', () => {
  it('is accepted with the issuer as its audience, and seconds ahead', async () => {
    const now = Math.floor(Date.now() / 1000);
    assert.equal(await statusOf(), 200);
    assert.equal(await statusOf({ iat: now + 8, nbf: now + 8 }), 200);
    assert.equal(await statusOf({ iat: now + 50 }), 200);
  });

  const refused: Readonly<Record<string, () => JWTPayload>> = {
    'a list of audiences': () => ({ aud: [bridge.issuer] }),
    'a list of the issuer and another': () => ({ aud: [bridge.issuer, 'https://other.example'] }),
    'the token endpoint as audience': () => ({ aud: `${bridge.issuer}/token` }),
    'the endpoint as audience': () => ({ aud: `${bridge.issuer}/introspect` }),
    'an iat more than a minute ahead': () => ({ iat: Math.floor(Date.now() / 1000) + 70 }),
    'an nbf more than a minute ahead': () => ({ nbf: Math.floor(Date.now() / 1000) + 70 }),
  };
  for (const [title, claims] of Object.entries(refused)) {
    it(`is refused with ${title}`, async () => {
      assert.equal(await statusOf(claims()), 401);
    });
  }

  it('is refused with RS256, though the key is registered', async () => {
    assert.equal(await statusOf({}, { alg: 'RS256', kid: 'r', key: rsa.privateKey }), 401);
  });
});

describe('a request object of a client of the profile fapi2', () => {
  const push = async (
    claims: Readonly<Record<string, unknown>>,
    alg = 'ES256',
    key = pair.privateKey,
    kid = 'a',
  ) => {
    const { url, checks } = await authorizationRequest(config);
    const parameters = Object.fromEntries(url.searchParams);
    const now = Math.floor(Date.now() / 1000);
    const request = await new SignJWT({
      ...parameters,
      iss: 'bank',
      aud: bridge.issuer,
      nbf: now,
      exp: now + 300,
      ...claims,
    })
      .setProtectedHeader({ alg, kid, typ: 'oauth-authz-req+jwt' })
      .sign(key);
    const pushedTo = openid.buildAuthorizationUrlWithPAR(config, { client_id: 'bank', request });
    return { url: await pushedTo, checks };
  };

  it('is accepted with an algorithm of the profile', async () => {
    const DPoP = await dpop();
    const { url, checks } = await push({});
    const answer = await logIn(personAt(bridge), url);
    const tokens = await openid.authorizationCodeGrant(config, answer, checks, undefined, { DPoP });
    assert.equal(tokens.claims()?.sub, 'PNOEE-40504040001');
  });

  it('is refused with RS256, for longer than an hour, without its time or audience, or where it ends before it begins', async () => {
    const now = Math.floor(Date.now() / 1000);
    const pushes = [
      () => push({}, 'RS256', rsa.privateKey, 'r'),
      () => push({ nbf: now, exp: now + 3_700 }),
      () => push({ nbf: undefined }),
      () => push({ exp: undefined }),
      () => push({ aud: undefined }),
      () => push({ nbf: now + 5, exp: now + 5 }),
      () => push({ nbf: now + 5, exp: now + 3 }),
    ];
    for (const pushOne of pushes) assert.equal(await oauthErrorOf(pushOne()), 'invalid_request_object');
  });
});

interface Key {
  readonly alg: string;
  readonly kid: string;
  readonly key: CryptoKey;
}

/** The status of a request that needs only authentication. */
async function statusOf(
  claims: JWTPayload = {},
  { alg, kid, key }: Key = { alg: 'ES256', kid: 'a', key: pair.privateKey },
): Promise<number> {
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss: 'bank',
    sub: 'bank',
    aud: bridge.issuer,
    jti: randomUUID(),
    iat: now,
    exp: now + 60,
  };
  const client_assertion = await new SignJWT({ ...payload, ...claims })
    .setProtectedHeader({ alg, kid })
    .sign(key);
  const { status } = await fetch(`${bridge.issuer}/introspect`, {
    method: 'POST',
    body: new URLSearchParams({ client_assertion_type: BEARER, client_assertion, token: 'unknown' }),
  });
  return status;
}
