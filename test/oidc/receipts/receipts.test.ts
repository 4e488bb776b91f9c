import assert from 'node:assert/strict';
import { lookup } from 'node:dns/promises';
import { after, before, describe, it, mock } from 'node:test';
import * as openid from 'openid-client';
import { exportedKeys } from '../../../src/oidc/keys/exported-keys.ts';
import { ACCESS_TOKEN_SECONDS } from '../../../src/oidc/lifetimes.ts';
import { verifyReceipt } from '../../../src/receipt/verify-receipt.ts';
import type { Store } from '../../../src/store/store.ts';
import { exchangeFor } from '../../support/defects/defect.ts';
import { type TestDatabase, testStores } from '../../support/database.ts';
import {
  aClient,
  aLogin,
  authorizationRequest,
  type Bridge,
  logIn,
  oauthErrorOf,
  personAt,
  relyingParty,
  startBridge,
  tokensOf,
  toLoginPage,
} from '../../support/oidc-bridge.ts';
import { contextOf, evidenceFrom } from '../../support/outputs/receipts.ts';

const PERSON = 'PNOEE-40504040001';
const SCOPE = 'openid profile receipt';
const given = exchangeFor('QR');
const login = () => aLogin({ evidence: { ...evidenceFrom(given) }, attempt: 'an-attempt' });

describe('the scope receipt', () => {
  const now = () => Date.now();
  const pass = (seconds: number) => {
    mock.timers.tick(seconds * 1000);
  };
  let database: TestDatabase;
  let store: Store;
  let bridge: Bridge;
  /** How often evidence cannot be read from now on. */
  let failures = 0;
  const outage = new Error('the database is away');
  before(async () => {
    mock.timers.enable({ apis: ['Date'], now: Date.now() });
    const [embedded] = testStores();
    assert.ok(embedded);
    database = await embedded.start();
    store = await database.open({ now });
    const { attempts, loginResults, signingKeys, pairwiseKey } = store;
    const records: typeof store.records = {
      ...store.records,
      find: async (model, id) => {
        if (model === 'Evidence' && failures > 0) {
          failures -= 1;
          throw outage;
        }
        return store.records.find(model, id);
      },
    };
    bridge = await startBridge({
      isOutage: (error) => error === outage,
      stores: { attempts, loginResults, records, signingKeys, pairwiseKey },
      clients: [
        aClient({ scope: SCOPE }),
        aClient({ client_id: 'every scope' }),
        aClient({ client_id: 'some scopes', scope: 'openid profile' }),
        ...(['PS256', 'ES256', 'EdDSA'] as const).map((alg) =>
          aClient({ client_id: alg, scope: SCOPE, id_token_signed_response_alg: alg }),
        ),
        aClient({ client_id: 'jwt', scope: SCOPE, userinfo_signed_response_alg: 'RS256' }),
        aClient({ client_id: 'pairwise', scope: SCOPE, subject_type: 'pairwise' }),
        aClient({ client_id: 'remembers', scope: SCOPE, remember_login: 3_600 }),
      ],
      now,
    });
  });
  after(async () => {
    await bridge.close();
    await store.close();
    await database.stop();
    mock.timers.reset();
  });

  const stored = async () => (await store.records.list('Evidence')).length;
  const keys = async () => (await (await fetch(`${bridge.issuer}/jwks`)).json()) as never;

  async function userinfo(clientId = 'client', scope = SCOPE, metadata = {}) {
    const config = await relyingParty(bridge, clientId, metadata);
    const tokens = await tokensOf(bridge, config, { scope }, login());
    const claims = tokens.claims();
    assert.ok(claims);
    const info = await openid.fetchUserInfo(config, tokens.access_token, claims.sub);
    return { config, tokens, claims, info };
  }

  it('is refused for a client whose own scope does not name it', async () => {
    for (const clientId of ['every scope', 'some scopes']) {
      const { url } = await authorizationRequest(await relyingParty(bridge, clientId), { scope: SCOPE });
      const answer = await personAt(bridge).get(url);
      assert.equal(answer.url.searchParams.get('error'), 'invalid_scope', clientId);
    }
  });

  it('gives no more than 30 receipts of a login in a minute, each of which is an event', async () => {
    const { config, tokens, claims } = await userinfo();
    bridge.audited.length = 0;
    const ask = () => openid.fetchUserInfo(config, tokens.access_token, claims.sub);
    for (let times = 1; times < 30; times += 1) assert.ok('receipt' in (await ask()));
    const headers = { authorization: `Bearer ${tokens.access_token}` };
    const refused = await fetch(`${bridge.issuer}/userinfo`, { headers });
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [429, '2']);
    assert.partialDeepStrictEqual(await refused.json(), { error: 'temporarily_unavailable' });
    assert.equal(bridge.audited.filter(({ event }) => event === 'receipt_issued').length, 29);
    assert.ok('receipt' in (await userinfo()).info, 'that of another login');
    pass(2);
    assert.ok('receipt' in (await ask()));
  });

  it('gives a receipt of the login of the ID token, in userinfo alone', async () => {
    const { claims, info } = await userinfo();
    assert.equal('receipt' in claims, false);
    assert.ok(typeof info.receipt === 'string');
    const found = await verifyReceipt(info.receipt, {
      ...contextOf(given),
      keys: await keys(),
      withoutRevocation: true,
    });
    const { iss, aud, sub, auth_time, sid, attempt, iat, jti } = found.payload;
    assert.equal(iat, Math.floor(now() / 1000));
    assert.match(jti, /^[\da-f-]{36}$/);
    assert.deepEqual(
      { iss, aud, sub, auth_time, sid, attempt },
      {
        iss: bridge.issuer,
        aud: 'client',
        sub: PERSON,
        auth_time: claims.auth_time,
        sid: claims.sid,
        attempt: 'an-attempt',
      },
    );
    const event = bridge.audited.findLast(({ event: name }) => name === 'receipt_issued');
    assert.deepEqual(event, {
      event: 'receipt_issued',
      client: 'client',
      person: PERSON,
      attempt: 'an-attempt',
      address: (await lookup('localhost')).address,
    });
  });

  it('gives it in signed userinfo, signed with the algorithm of the client, and for its pairwise subject', async () => {
    const jwt = await userinfo('jwt', SCOPE, { userinfo_signed_response_alg: 'RS256' });
    const others = await Promise.all(
      ['PS256', 'ES256', 'EdDSA'].map((alg) => userinfo(alg, SCOPE, { id_token_signed_response_alg: alg })),
    );
    const pairwise = await userinfo('pairwise');
    const algorithms = new Set<string>();
    for (const { info, claims } of [jwt, ...others, pairwise]) {
      const context = { ...contextOf(given), withoutRevocation: true };
      assert.ok(typeof info.receipt === 'string');
      for (const set of [await keys(), { keys: [...(await exportedKeys(store.records))] }]) {
        const { payload, kid } = await verifyReceipt(info.receipt, { ...context, keys: set });
        assert.equal(payload.sub, claims.sub);
        algorithms.add(kid?.split('.')[1] ?? 'stored');
      }
    }
    assert.deepEqual([...algorithms].sort(), ['EdDSA', 'PS256', 'stored']);
    assert.notEqual(pairwise.claims.sub, PERSON);
  });

  it('is not in a login that did not ask for it, nor by the parameter claims, and stores nothing then', async () => {
    const before_ = await stored();
    const { info } = await userinfo('client', 'openid profile');
    assert.equal('receipt' in info, false);
    const config = await relyingParty(bridge, 'client');
    const claims = JSON.stringify({ userinfo: { receipt: null } });
    const tokens = await tokensOf(bridge, config, { scope: 'openid', claims }, login());
    const named = await openid.fetchUserInfo(config, tokens.access_token, PERSON);
    assert.equal('receipt' in named, false);
    assert.equal(await stored(), before_);
  });

  it('is not lost where the database is away while its tokens are issued', async () => {
    failures = 2;
    const { info } = await userinfo();
    assert.equal(failures, 0);
    assert.ok(typeof info.receipt === 'string');
  });

  it('keeps its evidence apart from the login, for as long as the access token', async () => {
    const before_ = await stored();
    const { tokens } = await userinfo();
    assert.equal(await stored(), before_ + 1);
    const { expires_in: seconds = 0 } = tokens;
    assert.ok(seconds <= ACCESS_TOKEN_SECONDS);
    pass(seconds - 5);
    assert.ok((await stored()) > 0);
    pass(6);
    assert.equal(await stored(), 0);
  });

  it('ends with the revocation of the token', async () => {
    pass(ACCESS_TOKEN_SECONDS);
    const { config, tokens } = await userinfo();
    assert.equal(await stored(), 1);
    await openid.tokenRevocation(config, tokens.access_token);
    assert.equal(
      await oauthErrorOf(openid.fetchUserInfo(config, tokens.access_token, PERSON)).catch(() => 'gone'),
      'gone',
    );
    assert.equal(await stored(), 0);
  });

  it('gives the login of a remembered login once, with its first token', async () => {
    pass(ACCESS_TOKEN_SECONDS);
    const config = await relyingParty(bridge, 'remembers');
    const person = personAt(bridge);
    const first = await authorizationRequest(config, { scope: SCOPE });
    const granted = await openid.authorizationCodeGrant(
      config,
      await logIn(person, first.url, login()),
      first.checks,
    );
    assert.equal(await stored(), 1);
    assert.ok((await openid.fetchUserInfo(config, granted.access_token, PERSON)).receipt);
    pass(ACCESS_TOKEN_SECONDS + 1);
    const second = await authorizationRequest(config, { scope: SCOPE });
    const { url } = await person.get(second.url);
    const again = await openid.authorizationCodeGrant(config, url, second.checks);
    assert.equal('receipt' in (await openid.fetchUserInfo(config, again.access_token, PERSON)), false);
    assert.equal(await stored(), 0);
  });

  it('is visible to the login pages, so that they ask for the evidence', async () => {
    for (const [scope, expected] of [
      [SCOPE, true],
      ['openid', false],
    ] as const) {
      const { url } = await authorizationRequest(await relyingParty(bridge), { scope });
      const person = personAt(bridge);
      const page = await toLoginPage(person, url);
      const { wantsReceipt } = JSON.parse((await person.get(page)).text) as { wantsReceipt: boolean };
      assert.equal(wantsReceipt, expected);
    }
  });
});
