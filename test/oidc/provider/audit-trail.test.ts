import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import * as openid from 'openid-client';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aLogin,
  authorizationRequest,
  type Bridge,
  CLIENT_SECRET,
  logIn,
  oauthErrorOf,
  personAt,
  relyingParty,
  startBridge,
} from '../../support/oidc-bridge.ts';

const login = aLogin({ attempt: 'attempt-1' });
const person = login.person.semanticsIdentifier;

let store: Store;
let bridge: Bridge;
let config: openid.Configuration;

before(async () => {
  store = await openTestStore();
  bridge = await startBridge({ stores: store });
  config = await relyingParty(bridge);
});
beforeEach(() => {
  bridge.audited.length = 0;
});
after(async () => {
  await bridge.close();
  await store.close();
});

function eventsWithoutAddress(): unknown[] {
  return bridge.audited.map((event) => {
    assert.ok('address' in event && typeof event.address === 'string');
    const { address: _, ...rest } = event;
    return rest;
  });
}

describe('the audit', () => {
  it('records who received a code and tokens from which login, and which key signed them', async () => {
    const { url, checks } = await authorizationRequest(config);
    const callback = await logIn(personAt(bridge), url, login);
    const tokens = await openid.authorizationCodeGrant(config, callback, checks);
    const [header = ''] = tokens.id_token?.split('.') ?? [];
    const { kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as { kid: string };
    const of = { client: 'client', person, attempt: 'attempt-1' };
    assert.deepEqual(eventsWithoutAddress(), [
      { event: 'code_issued', ...of },
      { event: 'tokens_issued', ...of, key: kid },
    ]);
  });

  it('records a replayed code, and the revocation of its tokens', async () => {
    const { url, checks } = await authorizationRequest(config);
    const callback = await logIn(personAt(bridge), url, login);
    await openid.authorizationCodeGrant(config, callback, checks);
    // Late enough to count as a replay, not as a concurrent redemption.
    const code = callback.searchParams.get('code') ?? '';
    const later = await startBridge({ stores: store, issuer: bridge.issuer, now: () => Date.now() + 30_000 });
    try {
      const answer = await fetch(`http://localhost:${later.port}/token`, {
        method: 'POST',
        headers: { authorization: basic('client') },
        body: new URLSearchParams({
          grant_type: 'authorization_code',
          code,
          redirect_uri: `${callback.origin}${callback.pathname}`,
          code_verifier: checks.pkceCodeVerifier ?? '',
        }),
      });
      assert.equal(answer.status, 400);
      assert.deepEqual(
        later.audited.map(({ event }) => event),
        ['grant_revoked', 'oidc_refused'],
      );
    } finally {
      await later.close();
    }
  });

  it('records a refusal at the token endpoint with client and error code', async () => {
    const { url, checks } = await authorizationRequest(config);
    const callback = await logIn(personAt(bridge), url, login);
    bridge.audited.length = 0;
    const wrong = { ...checks, pkceCodeVerifier: openid.randomPKCECodeVerifier() };
    assert.equal(await oauthErrorOf(openid.authorizationCodeGrant(config, callback, wrong)), 'invalid_grant');
    const [refused] = bridge.audited;
    assert.ok(refused?.event === 'oidc_refused');
    assert.deepEqual([refused.endpoint, refused.client, refused.code], ['token', 'client', 'invalid_grant']);
  });

  it('omits the client ID of an unknown client', async () => {
    const { url } = await authorizationRequest(config, { client_id: 'PNOEE-40504040001' });
    await personAt(bridge).get(url);
    const [refused] = bridge.audited;
    assert.ok(refused?.event === 'oidc_refused');
    assert.deepEqual(
      [refused.endpoint, refused.client, refused.code],
      ['authorization', undefined, 'invalid_client'],
    );
    assert.ok(!JSON.stringify(refused).includes('40504040001'));
  });

  it('records a logout and what it revoked', async () => {
    const { url, checks } = await authorizationRequest(config);
    const browser = personAt(bridge);
    const callback = await logIn(browser, url, login);
    const tokens = await openid.authorizationCodeGrant(config, callback, checks);
    bridge.audited.length = 0;
    const page = await browser.get(
      openid.buildEndSessionUrl(config, { id_token_hint: tokens.id_token ?? '' }),
    );
    const xsrf = /name="xsrf" value="(\w+)/.exec(page.text)?.[1] ?? '';
    await browser.post(`${bridge.issuer}/logout/confirm`, { xsrf, logout: 'yes' });
    assert.deepEqual(eventsWithoutAddress(), [
      { event: 'grant_revoked', endpoint: 'end_session_confirm', client: 'client', person },
      { event: 'logged_out', client: 'client', person },
    ]);
  });
});

function basic(client: string): string {
  return `Basic ${Buffer.from(`${client}:${encodeURIComponent(CLIENT_SECRET)}`).toString('base64')}`;
}
