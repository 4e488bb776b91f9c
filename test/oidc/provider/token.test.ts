import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import * as openid from 'openid-client';
import { SIMULTANEOUS_SECONDS } from '../../../src/oidc/provider/adapter.ts';
import { ACCESS_TOKEN_SECONDS, CODE_SECONDS } from '../../../src/oidc/lifetimes.ts';
import type { Store } from '../../../src/store/store.ts';
import { type TestDatabase, testStores } from '../../support/database.ts';
import {
  aClient,
  type AuthorizationRequest,
  authorizationRequest,
  type Bridge,
  CLIENT_SECRET,
  logIn,
  oauthErrorOf,
  personAt,
  REDIRECT_URI,
  relyingParty,
  startBridge,
  tokensOf,
} from '../../support/oidc-bridge.ts';

let ahead = 0;
const now = () => Date.now() + ahead * 1000;
let bridge: Bridge;
let config: openid.Configuration;

// The database decides which request redeems a code, so the tests use real ones: each that Sild supports.
for (const { name, start } of testStores()) {
  describe(`on ${name}`, () => {
    let database: TestDatabase;
    let store: Store;

    before(async () => {
      database = await start();
      store = await database.open({ now });
      bridge = await startBridge({
        stores: store,
        clients: [
          aClient(),
          aClient({ client_id: 'other' }),
          aClient({ client_id: 'without-pkce', require_pkce: false }),
          aClient({ client_id: 'public', client_secret: undefined, token_endpoint_auth_method: 'none' }),
        ],
        now,
      });
      config = await relyingParty(bridge);
    });
    beforeEach(() => {
      ahead = 0;
    });
    after(async () => {
      await bridge.close();
      await store.close();
      await database.stop();
    });

    describe('PKCE', pkce);
    describe('an authorization code', authorizationCode);
    describe('a client', client);
    describe('an access token', accessToken);
  });
}

function pkce(): void {
  it('is required of a client, confidential or public', async () => {
    for (const clientId of ['client', 'public']) {
      const { url } = await authorizationRequest(config, { client_id: clientId });
      url.searchParams.delete('code_challenge');
      url.searchParams.delete('code_challenge_method');
      const answer = await personAt(bridge).get(url);
      assert.equal(answer.url.searchParams.get('error'), 'invalid_request', clientId);
    }
  });

  it('must use S256', async () => {
    const { url } = await authorizationRequest(config, { code_challenge_method: 'plain' });
    const answer = await personAt(bridge).get(url);
    assert.equal(answer.url.searchParams.get('error'), 'invalid_request');
  });

  it('can be omitted by a client with require_pkce false', async () => {
    const party = await relyingParty(bridge, 'without-pkce');
    const { url, checks } = await authorizationRequest(party);
    url.searchParams.delete('code_challenge');
    url.searchParams.delete('code_challenge_method');
    const { pkceCodeVerifier: _, ...withoutVerifier } = checks;
    const callback = await logIn(personAt(bridge), url);
    assert.ok((await openid.authorizationCodeGrant(party, callback, withoutVerifier)).id_token);
  });

  it('refuses a code with another verifier, after which the right verifier still redeems it', async () => {
    const { callback, checks } = await codeOf();
    const wrong = { ...checks, pkceCodeVerifier: openid.randomPKCECodeVerifier() };
    assert.equal(await redemptionError(callback, wrong), 'invalid_grant');
    assert.ok((await openid.authorizationCodeGrant(config, callback, checks)).id_token);
  });
}

function authorizationCode(): void {
  it('is redeemed by exactly one of 50 concurrent requests, whose tokens work', async () => {
    const { callback, checks } = await codeOf();
    const redemptions = await Promise.allSettled(
      Array.from({ length: 50 }, () => openid.authorizationCodeGrant(config, callback, checks)),
    );
    const tokens = redemptions.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const refusals = redemptions.flatMap((outcome) =>
      outcome.status === 'rejected' && outcome.reason instanceof openid.ResponseBodyError
        ? [outcome.reason.error]
        : [],
    );
    assert.equal(tokens.length, 1);
    assert.deepEqual(refusals, Array<string>(49).fill('invalid_grant'));
    const { access_token = '' } = tokens[0] ?? {};
    assert.equal((await userinfo(access_token)).status, 200);
  });

  it('that is replayed is refused, and its tokens are revoked', async () => {
    const { callback, checks } = await codeOf();
    const { access_token } = await openid.authorizationCodeGrant(config, callback, checks);
    ahead = SIMULTANEOUS_SECONDS + 1;
    assert.equal(await redemptionError(callback, checks), 'invalid_grant');
    assert.equal((await openid.tokenIntrospection(config, access_token)).active, false);
    assert.equal((await userinfo(access_token)).status, 401);
    assert.equal(await bridge.stores.records.find('AccessToken', access_token), undefined);
  });

  it('expires after a minute', async () => {
    const { callback, checks } = await codeOf();
    ahead = CODE_SECONDS + 1;
    assert.equal(await redemptionError(callback, checks), 'invalid_grant');
  });

  it('can be redeemed only by its own client', async () => {
    const { callback, checks } = await codeOf();
    const other = await relyingParty(bridge, 'other');
    assert.equal(await oauthErrorOf(openid.authorizationCodeGrant(other, callback, checks)), 'invalid_grant');
  });

  it('can be redeemed only with its own redirect_uri', async () => {
    const { callback, checks } = await codeOf();
    const { status, body } = await post('/token', {
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code') ?? '',
      redirect_uri: `${REDIRECT_URI}?other`,
      code_verifier: checks.pkceCodeVerifier ?? '',
    });
    assert.deepEqual([status, body.error], [400, 'invalid_grant']);
  });
}

function client(): void {
  it('with a wrong secret is refused at every endpoint', async () => {
    const { callback, checks } = await codeOf();
    const redemption = {
      grant_type: 'authorization_code',
      code: callback.searchParams.get('code') ?? '',
      redirect_uri: REDIRECT_URI,
      code_verifier: checks.pkceCodeVerifier ?? '',
    };
    for (const path of ['/token', '/introspect', '/revoke', '/par']) {
      const { status, body } = await post(path, { ...redemption, token: 'a token' }, 'not the secret');
      assert.deepEqual([status, body.error], [401, 'invalid_client'], path);
    }
    assert.equal((await post('/token', redemption)).status, 200);
  });

  it('cannot use other grants', async () => {
    for (const grant_type of ['refresh_token', 'client_credentials', 'password', 'implicit']) {
      const { status, body } = await post('/token', { grant_type });
      assert.deepEqual([status, body.error], [400, 'unsupported_grant_type'], grant_type);
    }
  });
}

function accessToken(): void {
  it('can be introspected by its client', async () => {
    const { access_token } = await tokensOf(bridge, config, { scope: 'openid profile' });
    const { exp, iat, ...token } = await openid.tokenIntrospection(config, access_token);
    assert.deepEqual(token, {
      active: true,
      client_id: 'client',
      iss: bridge.issuer,
      scope: 'openid profile',
      sub: 'PNOEE-40504040001',
      token_type: 'Bearer',
    });
    assert.equal((exp ?? 0) - (iat ?? 0), ACCESS_TOKEN_SECONDS);
  });

  it('can be neither introspected nor revoked by another client', async () => {
    const { access_token } = await tokensOf(bridge, config);
    const other = await relyingParty(bridge, 'other');
    assert.deepEqual({ ...(await openid.tokenIntrospection(other, access_token)) }, { active: false });
    assert.equal(await oauthErrorOf(openid.tokenRevocation(other, access_token)), 'invalid_request');
    const anybody = await relyingParty(bridge, 'public', {}, openid.None());
    await openid.tokenRevocation(anybody, access_token);
    assert.equal((await openid.tokenIntrospection(config, access_token)).active, true);
  });

  it('is revoked together with the grant and the login result', async () => {
    const { access_token } = await tokensOf(bridge, config);
    const token = await bridge.stores.records.find('AccessToken', access_token);
    const grantId = String(token?.payload.grantId);
    assert.ok(await bridge.stores.loginResults.find(grantId));
    await openid.tokenRevocation(config, access_token);
    assert.equal((await userinfo(access_token)).status, 401);
    assert.equal((await openid.tokenIntrospection(config, access_token)).active, false);
    assert.equal(await bridge.stores.loginResults.find(grantId), undefined);
    assert.equal(await bridge.stores.records.find('Grant', grantId), undefined);
  });

  it('expires after ten minutes', async () => {
    const { access_token } = await tokensOf(bridge, config);
    ahead = ACCESS_TOKEN_SECONDS - 5;
    assert.equal((await userinfo(access_token)).status, 200);
    ahead = ACCESS_TOKEN_SECONDS + 1;
    assert.equal((await userinfo(access_token)).status, 401);
  });

  it('is not accepted in the query', async () => {
    const { access_token } = await tokensOf(bridge, config);
    const response = await fetch(`${bridge.issuer}/userinfo?access_token=${access_token}`);
    assert.equal(response.status, 400);
  });
}

async function codeOf(): Promise<{ callback: URL; checks: AuthorizationRequest['checks'] }> {
  const { url, checks } = await authorizationRequest(config);
  return { callback: await logIn(personAt(bridge), url), checks };
}

function redemptionError(callback: URL, checks: AuthorizationRequest['checks']): Promise<string> {
  return oauthErrorOf(openid.authorizationCodeGrant(config, callback, checks));
}

function userinfo(accessToken: string): Promise<Response> {
  return fetch(`${bridge.issuer}/userinfo`, { headers: { authorization: `Bearer ${accessToken}` } });
}

async function post(
  path: string,
  fields: Record<string, string>,
  clientSecret = CLIENT_SECRET,
): Promise<{ status: number; body: Record<string, unknown> }> {
  const credentials = ['client', clientSecret].map(encodeURIComponent).join(':');
  const response = await fetch(`${bridge.issuer}${path}`, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` },
    body: new URLSearchParams(fields),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
