import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import {
  OWN_CLIENT_ID,
  ownAuthorization,
  type OwnLogins,
  ownClient,
  newOwnRequest,
  redeemOwnCode,
  VISIT_MODEL,
} from '../../src/oidc/own-client.ts';
import { CLIENT_PATIENCE_MS } from '../../src/login/outage-retry.ts';
import type { RecordBatch } from '../../src/oidc/stores.ts';
import { aLogin } from '../support/oidc-bridge.ts';

const ISSUER = 'https://login.example.ee';
const PERSON = 'PNOEE-40504040001';
const AWAY = new Error('the database is away');

const request = newOwnRequest();
const answer = { issuer: ISSUER, code: 'the-code', verifier: request.verifier };
const visit = { id: 'the visit', expiresAt: 1_900_000_000 };

let code: Record<string, unknown>;
let consumedAt: number | undefined;
let login: ReturnType<typeof aLogin> | undefined;
let written: RecordBatch[];
let removed: string[];

beforeEach(() => {
  const asked = new URL(ownAuthorization(ISSUER, request)).searchParams;
  code = {
    clientId: asked.get('client_id'),
    redirectUri: asked.get('redirect_uri'),
    codeChallenge: asked.get('code_challenge'),
    codeChallengeMethod: asked.get('code_challenge_method'),
    grantId: 'the grant',
  };
  consumedAt = undefined;
  login = aLogin();
  written = [];
  removed = [];
});

function storesWith({ write, removeGrant }: Partial<OwnLogins['records']> = {}): OwnLogins {
  return {
    records: {
      find: async (model, id) =>
        model === 'AuthorizationCode' && id === 'the-code' ? { payload: code, consumedAt } : undefined,
      write: write ?? (async (batch) => written.push(batch) > 0),
      removeGrant: removeGrant ?? (async (grantId) => void removed.push(grantId)),
    },
    loginResults: { find: async (grantId) => (grantId === 'the grant' ? login : undefined) },
    isOutage: (error) => error === AWAY,
  };
}

describe('the code of a login to Sild itself', () => {
  it('begins a visit of its person, and nothing else is kept of the login', async () => {
    assert.equal(await redeemOwnCode(storesWith(), answer, visit), PERSON);
    assert.deepEqual(written, [
      {
        consume: [{ model: 'AuthorizationCode', id: 'the-code' }],
        put: [{ ...visit, model: VISIT_MODEL, payload: { accountId: PERSON }, keys: {} }],
      },
    ]);
    assert.deepEqual(removed, ['the grant']);
  });

  it('begins no visit where the login was ended before, nor with a code that is used up or for another request', async () => {
    const refused: Readonly<Record<string, () => void>> = {
      'an ended login': () => (login = undefined),
      'a used code': () => (consumedAt = 1_800_000_000),
      'another client': () => (code.clientId = 'another'),
      'another address': () => (code.redirectUri = `${ISSUER}/elsewhere`),
      'another challenge': () => (code.codeChallenge = 'another'),
      'a plain challenge': () => (code.codeChallengeMethod = 'plain'),
    };
    for (const [title, change] of Object.entries(refused)) {
      const before = { code: { ...code }, login };
      change();
      assert.equal(await redeemOwnCode(storesWith(), answer, visit), undefined, title);
      ({ code, login } = before);
      consumedAt = undefined;
    }
    assert.deepEqual([written, removed], [[], []]);
  });

  it('begins one visit where several requests redeem it, and only that one ends the login', async () => {
    const first = storesWith({ write: async (batch) => written.push(batch) === 1 });
    const results = await Promise.all([1, 2, 3].map(() => redeemOwnCode(first, answer, visit)));
    assert.deepEqual(results, [PERSON, undefined, undefined]);
    assert.deepEqual(removed, ['the grant']);
  });

  it('begins its visit also where the database stays away before the end of the login is stored', async (test) => {
    let waited = 0;
    test.mock.method(performance, 'now', () => waited);
    let tries = 0;
    const removeGrant = async () => {
      tries += 1;
      if (tries > 1) waited += CLIENT_PATIENCE_MS + 1;
      throw AWAY;
    };
    assert.equal(await redeemOwnCode(storesWith({ removeGrant }), answer, visit), PERSON);
    assert.equal(tries, 2);
    const fault = new TypeError('a fault of Sild');
    const failing = storesWith({ removeGrant: () => Promise.reject(fault) });
    await assert.rejects(redeemOwnCode(failing, answer, visit), fault);
  });
});

describe('the client of Sild itself', () => {
  it('has a secret that nobody knows, and asks for the person alone', () => {
    const [one, other] = [ownClient(ISSUER), ownClient(ISSUER)];
    assert.notEqual(one.client_secret, other.client_secret);
    assert.ok((one.client_secret?.length ?? 0) >= 43);
    assert.deepEqual(
      [one.client_id, one.scope, one.redirect_uris, one.require_pkce, one.grant_types],
      [OWN_CLIENT_ID, 'openid', [`${ISSUER}/me/callback`], true, ['authorization_code']],
    );
    assert.notEqual(newOwnRequest().state, newOwnRequest().state);
    assert.notEqual(newOwnRequest().verifier, newOwnRequest().verifier);
  });
});
