import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  authorizationRequest,
  type Bridge,
  personAt,
  relyingParty,
  startBridge,
  tokensOf,
} from '../../support/oidc-bridge.ts';

let store: Store;
let bridge: Bridge;

before(async () => {
  store = await openTestStore();
  bridge = await startBridge({
    stores: store,
    clients: [
      aClient(),
      aClient({ client_id: 'limited', scope: 'openid age' }),
      aClient({ client_id: 'signed', userinfo_signed_response_alg: 'RS256' }),
    ],
  });
});
after(async () => {
  await bridge.close();
  await store.close();
});

const EIDAS = { verification: { trust_framework: { value: 'eidas' } } };
const STATED = { verification: { trust_framework: 'eidas' } };

async function answers(parameters: Record<string, unknown>, client = 'client') {
  const config = await relyingParty(bridge, client);
  const texts = Object.entries(parameters).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ]);
  const tokens = await tokensOf(bridge, config, Object.fromEntries(texts) as Record<string, string>);
  const claims = tokens.claims();
  assert.ok(claims);
  const userinfo = await openid.fetchUserInfo(config, tokens.access_token, claims.sub);
  return { claims, userinfo };
}

describe('verified_claims', () => {
  it('come where they are requested', async () => {
    const inToken = { ...EIDAS, claims: { given_name: null } };
    const inUserinfo = { ...EIDAS, claims: { family_name: null } };
    const { claims, userinfo } = await answers({
      claims: { id_token: { verified_claims: inToken }, userinfo: { verified_claims: inUserinfo } },
    });
    assert.deepEqual(claims.verified_claims, { ...STATED, claims: { given_name: 'ÕIE-MARY' } });
    assert.deepEqual(userinfo.verified_claims, { ...STATED, claims: { family_name: 'ÄNN' } });
    assert.equal(claims.given_name, undefined);
  });

  it('come as a list if a list is requested, also in signed userinfo', async () => {
    const verified_claims = [{ ...EIDAS, claims: { given_name: null } }];
    const config = await relyingParty(bridge, 'signed');
    const tokens = await tokensOf(bridge, config, {
      claims: JSON.stringify({ userinfo: { verified_claims } }),
    });
    const claims = tokens.claims();
    assert.ok(claims && !('verified_claims' in claims));
    const userinfo = await openid.fetchUserInfo(config, tokens.access_token, claims.sub);
    assert.deepEqual(userinfo.verified_claims, [{ ...STATED, claims: { given_name: 'ÕIE-MARY' } }]);
  });

  it('do not come without a request, by any scope, or if a constraint is not met', async () => {
    const unmet = { verification: { trust_framework: { value: 'de_aml' } }, claims: { given_name: null } };
    for (const parameters of [
      { scope: 'openid profile identity smart_id age' },
      { claims: { id_token: { verified_claims: null, given_name: null } } },
      { claims: { id_token: { verified_claims: unmet, given_name: null } } },
    ]) {
      const { claims, userinfo } = await answers(parameters);
      assert.ok(!('verified_claims' in claims) && !('verified_claims' in userinfo));
    }
  });

  it('hold no claim of a scope that the client may not ask for', async () => {
    const request = { ...EIDAS, claims: { given_name: null, birthdate: null, age_over_18: null } };
    const { claims } = await answers({ claims: { id_token: { verified_claims: request } } }, 'limited');
    assert.deepEqual(claims.verified_claims, { ...STATED, claims: { age_over_18: true } });
  });

  it('are refused if the request has another form', async () => {
    for (const verified_claims of [
      'all',
      true,
      [],
      {},
      { claims: { name: null } },
      { verification: {}, claims: {} },
      { verification: null, claims: {} },
      { ...EIDAS, claims: { name: 'ÕIE' } },
      Array.from({ length: 11 }, () => ({ ...EIDAS, claims: {} })),
    ]) {
      const config = await relyingParty(bridge);
      for (const place of ['id_token', 'userinfo']) {
        const { url } = await authorizationRequest(config, {
          claims: JSON.stringify({ [place]: { verified_claims } }),
        });
        const answer = await personAt(bridge).get(url);
        assert.equal(
          answer.url.searchParams.get('error'),
          'invalid_request',
          JSON.stringify(verified_claims),
        );
      }
    }
  });

  it('are in discovery', async () => {
    const metadata = (await relyingParty(bridge)).serverMetadata();
    assert.equal(metadata.verified_claims_supported, true);
    assert.deepEqual(metadata.trust_frameworks_supported, ['eidas']);
    assert.deepEqual(metadata.evidence_supported, ['electronic_record']);
    assert.ok(Array.isArray(metadata.electronic_records_supported));
    assert.ok(JSON.stringify(metadata.claims_in_verified_claims_supported).includes('"age_over_18"'));
    assert.ok(metadata.claims_supported?.includes('verified_claims'));
  });
});

describe('the scope age', () => {
  it('has the ages, and no birth date', async () => {
    const { claims, userinfo } = await answers({ scope: 'openid age' });
    for (const answer of [claims, userinfo]) {
      const { age_over_13, age_over_65, birthdate } = answer;
      assert.deepEqual([age_over_13, age_over_65, birthdate], [true, true, undefined]);
    }
  });

  it('has one age by name', async () => {
    const { claims } = await answers({ claims: { id_token: { age_over_18: null } } });
    assert.deepEqual([claims.age_over_18, claims.age_over_21], [true, undefined]);
  });
});
