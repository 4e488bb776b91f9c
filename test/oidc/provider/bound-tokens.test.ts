/** Access tokens that are bound to a key of the client: DPoP. (RFC 9449) */
import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose';
import * as openid from 'openid-client';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  authorizationRequest,
  type Bridge,
  logIn,
  oauthErrorOf,
  personAt,
  relyingParty,
  startBridge,
  tokensOf,
} from '../../support/oidc-bridge.ts';

let store: Store;
let bridge: Bridge;
let config: openid.Configuration;
before(async () => {
  store = await openTestStore();
  bridge = await startBridge({
    stores: store,
    clients: [aClient(), aClient({ client_id: 'bound', dpop_bound_access_tokens: true })],
  });
  config = await relyingParty(bridge);
});
after(async () => {
  await bridge.close();
  await store.close();
});

const newHandle = async () => openid.getDPoPHandle(config, await openid.randomDPoPKeyPair('ES256'));

async function boundTokens(DPoP: openid.DPoPHandle, party = config) {
  const { url, checks } = await authorizationRequest(party);
  const callback = await logIn(personAt(bridge), url);
  return openid.authorizationCodeGrant(party, callback, checks, undefined, { DPoP });
}

async function userinfo(accessToken: string, headers: Record<string, string>): Promise<number> {
  const { status } = await fetch(`${bridge.issuer}/userinfo`, {
    headers: { authorization: `DPoP ${accessToken}`, ...headers },
  });
  return status;
}

describe('a client that proves a key', () => {
  it('gets a token for that key, after a nonce, and uses it', async () => {
    const DPoP = await newHandle();
    const tokens = await boundTokens(DPoP);
    assert.equal(tokens.token_type, 'dpop');
    const claims = await openid.fetchUserInfo(config, tokens.access_token, tokens.claims()?.sub ?? '', {
      DPoP,
    });
    assert.equal(claims.sub, 'PNOEE-40504040001');
    const { cnf } = await openid.tokenIntrospection(config, tokens.access_token);
    assert.equal(cnf?.jkt, await DPoP.calculateThumbprint());
  });

  it('cannot use the token with another key, without a proof, or as a bearer token', async () => {
    const tokens = await boundTokens(await newHandle());
    const strangers = await newHandle();
    await assert.rejects(
      openid.fetchUserInfo(config, tokens.access_token, 'PNOEE-40504040001', { DPoP: strangers }),
    );
    assert.equal(await userinfo(tokens.access_token, {}), 400);
    assert.equal(
      await userinfo(tokens.access_token, { authorization: `Bearer ${tokens.access_token}` }),
      401,
    );
  });

  it('needs a nonce of Sild and a proof for each request', async () => {
    const pair = await generateKeyPair('ES256', { extractable: true });
    const { access_token: token } = await boundTokens(openid.getDPoPHandle(config, pair));
    const jwk = await exportJWK(pair.publicKey);
    const valid = {
      htm: 'GET',
      htu: `${bridge.issuer}/userinfo`,
      ath: createHash('sha256').update(token).digest('base64url'),
    };
    const proof = (claims: Readonly<Record<string, unknown>>) =>
      new SignJWT({ ...valid, jti: randomUUID(), iat: Math.floor(Date.now() / 1000), ...claims })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .sign(pair.privateKey);
    const ask = (dpop: string) =>
      fetch(`${bridge.issuer}/userinfo`, { headers: { authorization: `DPoP ${token}`, dpop } });

    const first = await ask(await proof({}));
    assert.match(first.headers.get('www-authenticate') ?? '', /error="use_dpop_nonce"/);
    const nonce = first.headers.get('dpop-nonce');
    const once = await proof({ nonce });
    const statuses = await Promise.all([once, once, once].map(async (same) => (await ask(same)).status));
    assert.deepEqual(statuses.sort(), [200, 401, 401]);
    for (const claims of [
      { htm: 'POST' },
      { htu: `${bridge.issuer}/token` },
      { ath: 'of another token' },
      { jti: undefined },
      { nonce: 'made up' },
    ]) {
      const { status } = await ask(await proof({ nonce, ...claims }));
      assert.ok([400, 401].includes(status), JSON.stringify(claims));
    }
  });

  it('binds the code too, with dpop_jkt', async () => {
    const DPoP = await newHandle();
    const { url, checks } = await authorizationRequest(config, {
      dpop_jkt: await DPoP.calculateThumbprint(),
    });
    const callback = await logIn(personAt(bridge), url);
    const { publicKey } = await generateKeyPair('ES256', { extractable: true });
    assert.notEqual(
      await calculateJwkThumbprint(await exportJWK(publicKey)),
      await DPoP.calculateThumbprint(),
    );
    const stolen = openid.authorizationCodeGrant(config, callback, checks, undefined, {
      DPoP: await newHandle(),
    });
    assert.equal(await oauthErrorOf(stolen), 'invalid_grant');
  });

  it('must do so where it is registered for it', async () => {
    const party = await relyingParty(bridge, 'bound');
    assert.equal(await oauthErrorOf(tokensOf(bridge, party)), 'invalid_grant');
    assert.equal(
      (await boundTokens(openid.getDPoPHandle(party, await openid.randomDPoPKeyPair('ES256')), party))
        .token_type,
      'dpop',
    );
  });
});
