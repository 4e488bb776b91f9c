import assert from 'node:assert/strict';
import { createPublicKey, type JsonWebKey, verify } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import { createKeyRotation, rotationsOf } from '../../../src/oidc/keys/key-rotation.ts';
import { HINT_KEPT_MS, PUBLISHED_AFTER_MS, PUBLISHED_AHEAD_MS } from '../../../src/oidc/keys/key-schedule.ts';
import type { KeyChange, SigningKeyState, SigningKeyStore } from '../../../src/oidc/stores.ts';
import { createSecrets, SealError } from '../../../src/secrets/secrets.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore, type TestDatabase, testStores } from '../../support/database.ts';
import {
  aClient,
  authorizationRequest,
  type Bridge,
  finishLogin,
  HOME,
  logIn,
  oauthErrorOf,
  personAt,
  relyingParty,
  startBridge,
  tokensOf,
  toLoginPage,
} from '../../support/oidc-bridge.ts';

const ALGORITHMS = ['RS256', 'ES256'] as const;
const CLIENTS = [aClient(), aClient({ client_id: 'es256', id_token_signed_response_alg: 'ES256' })];
/** Enough for logins in every stage at the moment of the rotation. */
const LOGINS = 50;

let store: Store;
let bridge: Bridge;
let timeShift = 0;
before(async () => {
  store = await openTestStore();
  bridge = await startBridge({ stores: store, clients: CLIENTS, now: () => Date.now() + timeShift });
});
after(async () => {
  await bridge.close();
  await store.close();
});

describe('signing keys', () => {
  it('exist from the first start: for each algorithm one signs, and one is published ahead', async () => {
    assert.deepEqual(await statesOf(store.signingKeys), [
      'ES256 current',
      'ES256 next',
      'RS256 current',
      'RS256 next',
    ]);
    const { headers, keys } = await jwksOf(bridge);
    assert.equal(keys.length, 8, 'those of PS256 and EdDSA follow from them');
    assert.ok(keys.every((key) => !('d' in key)));
    assert.equal(headers.get('cache-control'), 'public, max-age=600');
    assert.equal(headers.get('content-type'), 'application/jwk-set+json; charset=utf-8');
  });

  it('are due for replacement by schedule, if there is one', async () => {
    const keys = await store.signingKeys.list();
    const [since] = keys.filter(({ alg, state }) => alg === 'RS256' && state === 'current');
    assert.ok(since);
    const due = rotationsOf(keys, 2);
    assert.deepEqual(due.map(({ alg }) => alg).sort(), ['ES256', 'RS256']);
    assert.equal(due.find(({ alg }) => alg === 'RS256')?.dueAt, since.since + 2 * 86_400_000);
    assert.deepEqual(rotationsOf(keys, undefined), []);
  });

  it('sign only while they are current', async () => {
    for (let turn = 0; turn < 3; turn++) {
      for (const alg of ALGORITHMS) {
        const token = await idTokenOf(bridge, alg);
        assert.equal(kidOf(token), await kidIn(store.signingKeys, alg, 'current'), `${alg}, turn ${turn}`);
      }
      const next = await kidIn(store.signingKeys, 'RS256', 'next');
      await rotate(store.signingKeys);
      await bridge.keepKeys();
      assert.equal(await kidIn(store.signingKeys, 'RS256', 'current'), next);
    }
  });

  it('are published while their ID tokens are valid, then only verify hints, then are removed', async () => {
    const token = await idTokenOf(bridge, 'RS256');
    await rotate(store.signingKeys);
    await bridge.keepKeys();
    const published = async () =>
      (await jwksOf(bridge)).keys.some(({ kid }) => kid.startsWith(String(kidOf(token))));
    try {
      assert.equal(await published(), true);
      const both = (await jwksOf(bridge)).keys.filter(({ kid }) => kid.startsWith(String(kidOf(token))));
      assert.equal(both.length, 2, 'with that of PS256');
      assert.ok(verified(token, (await jwksOf(bridge)).keys));

      timeShift = PUBLISHED_AFTER_MS + 1000;
      await bridge.keepKeys();
      assert.equal(await published(), false);
      assert.equal(await logoutWith(bridge, token), 303);
      const config = await relyingParty(bridge);
      const { url } = await authorizationRequest(config, { id_token_hint: token });
      assert.ok((await logIn(personAt(bridge), url)).searchParams.has('code'));

      timeShift = HINT_KEPT_MS + 1000;
      await bridge.keepKeys();
      assert.ok(!(await store.signingKeys.list()).some(({ kid }) => kid === kidOf(token)));
      assert.equal(await logoutWith(bridge, token), 400);
    } finally {
      timeShift = 0;
    }
  });

  it('are rotated after the configured days, and every change is reported', async () => {
    let shift = 0;
    const own = await openTestStore({ now: () => Date.now() + shift });
    const changes: KeyChange[] = [];
    const rotating = await startBridge({
      stores: own,
      keyRotationDays: 90,
      now: () => Date.now() + shift,
      onKeyChange: (change) => changes.push(change),
    });
    try {
      assert.equal(changes.splice(0).length, 4);
      await rotating.keepKeys();
      assert.deepEqual(changes, []);
      const next = await kidIn(own.signingKeys, 'RS256', 'next');
      shift = 90 * 24 * 3_600_000;
      await rotating.keepKeys();
      assert.deepEqual(
        changes.filter(({ kid }) => kid === next),
        [{ kid: next, alg: 'RS256', from: 'next', to: 'current' }],
      );
      // Back to the present: the records of a login would have expired by then.
      shift = 0;
      assert.equal(kidOf(await idTokenOf(rotating, 'RS256')), next);
    } finally {
      await rotating.close();
      await own.close();
    }
  });
});

describe('a rotation of keys', () => {
  it(`does not disturb ${LOGINS} logins in progress: all complete and validate`, async () => {
    const parties = await Promise.all([
      relyingParty(bridge),
      relyingParty(bridge, 'es256', { id_token_signed_response_alg: 'ES256' }),
    ]);
    for (const party of parties) openid.enableNonRepudiationChecks(party);
    const logins = await Promise.all(
      Array.from({ length: LOGINS }, async (_, index) => {
        const config = parties[index % 2] ?? parties[0];
        const { url, checks } = await authorizationRequest(config);
        const person = personAt(bridge);
        // One third has not begun, one third is at the login page, one third has its code.
        const page = index % 3 === 0 ? undefined : await toLoginPage(person, url);
        const callback = index % 3 === 2 && page ? (await finishLogin(person, page)).url : undefined;
        return async () => {
          const end = callback ?? (await finishLogin(person, page ?? (await toLoginPage(person, url)))).url;
          return openid.authorizationCodeGrant(config, end, checks);
        };
      }),
    );
    const half = logins.slice(0, LOGINS / 2).map((complete) => complete());
    const rotated = rotate(store.signingKeys).then(() => bridge.keepKeys());
    const tokens = await Promise.all([...half, ...logins.slice(LOGINS / 2).map((complete) => complete())]);
    await rotated;
    assert.equal(tokens.length, LOGINS);
    for (const one of tokens) assert.equal(one.claims()?.sub, 'PNOEE-40504040001');
    const { keys } = await jwksOf(bridge);
    for (const { id_token = '' } of tokens) assert.ok(verified(id_token, keys));
  });

  it('works for a client with a cached JWKS', async () => {
    for (const [clientId, alg] of [
      ['client', 'RS256'],
      ['es256', 'ES256'],
    ] as const) {
      const config = await relyingParty(bridge, clientId, { id_token_signed_response_alg: alg });
      openid.enableNonRepudiationChecks(config);
      let fetched = 0;
      config[openid.customFetch] = (url, options) => {
        if (url.endsWith('/jwks')) fetched++;
        return fetch(url, options as RequestInit);
      };
      const before = await tokensOf(bridge, config);
      const next = await kidIn(store.signingKeys, alg, 'next');
      await rotate(store.signingKeys);
      await bridge.keepKeys();
      const after = await tokensOf(bridge, config);
      assert.equal(kidOf(after.id_token), next);
      assert.notEqual(kidOf(before.id_token), next);
      assert.equal(fetched, 1, 'the copy was enough');
    }
  });

  it('is refused while a client can have a cached JWKS without the next key', async () => {
    const before = await store.signingKeys.list();
    const rotation = createKeyRotation({
      signingKeys: store.signingKeys,
      rotationDays: undefined,
      now: Date.now,
    });
    await assert.rejects(rotation.rotate(), { name: 'KeyError', code: 'next_too_young' });
    assert.deepEqual(await store.signingKeys.list(), before);
  });
});

describe('the replacement of every key', () => {
  it('removes the old keys from the JWKS and the database, and logins in progress continue', async () => {
    const config = await relyingParty(bridge);
    openid.enableNonRepudiationChecks(config);
    const stolen = await idTokenOf(bridge, 'RS256');
    const { url, checks } = await authorizationRequest(config);
    const person = personAt(bridge);
    const page = await toLoginPage(person, url);
    const before = new Set((await store.signingKeys.list()).map(({ kid }) => kid));

    const rotation = createKeyRotation({
      signingKeys: store.signingKeys,
      rotationDays: undefined,
      now: Date.now,
    });
    const changes = await rotation.replaceAll();
    assert.deepEqual(new Set(changes.filter(({ to }) => to === undefined).map(({ kid }) => kid)), before);
    await bridge.keepKeys();

    assert.deepEqual(await statesOf(store.signingKeys), [
      'ES256 current',
      'ES256 next',
      'RS256 current',
      'RS256 next',
    ]);
    const { keys } = await jwksOf(bridge);
    assert.ok(keys.every(({ kid }) => !before.has(kid.split('.')[0] ?? '')));
    assert.equal(await logoutWith(bridge, stolen), 400);
    const tokens = await openid.authorizationCodeGrant(config, (await finishLogin(person, page)).url, checks);
    assert.ok(verified(tokens.id_token ?? '', keys));
  });

  it('refuses a login whose hint can no longer be verified, and returns access_denied to the client', async () => {
    const config = await relyingParty(bridge);
    const hint = await idTokenOf(bridge, 'RS256');
    const { url, checks } = await authorizationRequest(config, { id_token_hint: hint });
    const person = personAt(bridge);
    const page = await toLoginPage(person, url);
    const now = Date.now;
    await createKeyRotation({ signingKeys: store.signingKeys, rotationDays: undefined, now }).replaceAll();
    await bridge.keepKeys();
    const back = await finishLogin(person, page);
    const answer = openid.authorizationCodeGrant(config, back.url, checks);
    assert.equal(await oauthErrorOf(answer), 'access_denied');
  });
});

describe('two instances on one database', () => {
  let database: TestDatabase;
  before(async () => {
    const server = testStores().find(({ name }) => name === 'PostgreSQL');
    assert.ok(server);
    database = await server.start();
  });
  after(() => database.stop());

  it('generate their keys once, and each signs with the keys that the other rotated to', async () => {
    const stores = await Promise.all([database.open(), database.open()]);
    const bridges = await Promise.all(stores.map((one) => startBridge({ stores: one, clients: CLIENTS })));
    const [first, second] = bridges as [Bridge, Bridge];
    try {
      assert.equal((await first.stores.signingKeys.list()).length, 4);
      for (const [rotating, other] of [
        [first, second],
        [second, first],
      ] as const) {
        await rotate(rotating.stores.signingKeys);
        await Promise.all(bridges.map((one) => one.keepKeys()));
        const tokens = await Promise.all([rotating, other].map((one) => idTokenOf(one, 'ES256')));
        const current = await kidIn(first.stores.signingKeys, 'ES256', 'current');
        assert.deepEqual(tokens.map(kidOf), [current, current]);
        assert.deepEqual((await jwksOf(first)).keys, (await jwksOf(second)).keys);
      }
    } finally {
      await Promise.all(bridges.map((one) => one.close()));
      await Promise.all(stores.map((one) => one.close()));
    }
  });

  it('keep their keys if one cannot decrypt the other’s new ones', async () => {
    const secrets = createSecrets('the SECRET_KEY of the first instance alone');
    const newer = createSecrets(
      'a newer SECRET_KEY, and the first does not know',
      'the SECRET_KEY of the first instance alone',
    );
    await database.execute('truncate signing_key, kept_secret');
    const first = await database.open({ secrets });
    const second = await database.open({ secrets: newer });
    const behind = await startBridge({ stores: first, clients: CLIENTS });
    try {
      const before = kidOf(await idTokenOf(behind, 'RS256'));
      await rotate(second.signingKeys);
      await assert.rejects(behind.keepKeys(), SealError);
      assert.equal(kidOf(await idTokenOf(behind, 'RS256')), before);
    } finally {
      await behind.close();
      await Promise.all([first, second].map((one) => one.close()));
    }
  });
});

describe('a login in progress while SECRET_KEY changes', () => {
  const OLD = 'the SECRET_KEY that this login began with';
  const NEW = 'the SECRET_KEY that comes in its place';

  it('continues with its cookies, records and keys, and pairwise subjects do not change', async () => {
    const [embedded] = testStores();
    const database = await embedded?.start();
    assert.ok(database);
    const clients = [aClient({ subject_type: 'pairwise' })];
    const open = async (keys: readonly [string, ...string[]], port?: number) => {
      const secrets = createSecrets(...keys);
      const stores = await database.open({ secrets });
      const one = await startBridge({ stores, secrets, clients, ...(port === undefined ? {} : { port }) });
      return {
        ...one,
        async stop() {
          await one.close();
          await stores.close();
        },
        reencrypt: () => stores.reencrypt(),
      };
    };

    const before = await open([OLD]);
    const config = await relyingParty(before);
    openid.enableNonRepudiationChecks(config);
    const subject = (await tokensOf(before, config)).claims()?.sub;
    const asked = await Promise.all([1, 2].map(() => authorizationRequest(config)));
    const people = asked.map(() => personAt(before));
    const pages = await Promise.all(asked.map(({ url }, index) => toLoginPage(at(people, index), url)));
    await before.stop();

    const during = await open([NEW, OLD], before.port);
    const first = await finishLogin(at(people, 0), at(pages, 0));
    const claims = (await openid.authorizationCodeGrant(config, first.url, at(asked, 0).checks)).claims();
    assert.equal(claims?.sub, subject);
    await during.reencrypt();
    await during.stop();

    const afterwards = await open([NEW], before.port);
    assert.equal((await tokensOf(afterwards, config)).claims()?.sub, subject);
    // Cookies signed with the old key are invalid now: those logins must be restarted.
    assert.equal((await at(people, 1).get(at(pages, 1))).status, 404);
    await afterwards.stop();
    await database.stop();
  });
});

/** Rotates the keys as if the next ones had been published for long enough. */
function rotate(signingKeys: SigningKeyStore): Promise<readonly KeyChange[]> {
  const now = () => Date.now() + PUBLISHED_AHEAD_MS;
  return createKeyRotation({ signingKeys, rotationDays: undefined, now }).rotate();
}

async function idTokenOf(at: Bridge, alg: (typeof ALGORITHMS)[number]): Promise<string> {
  const clientId = alg === 'RS256' ? 'client' : 'es256';
  const config = await relyingParty(at, clientId, { id_token_signed_response_alg: alg });
  openid.enableNonRepudiationChecks(config);
  const { id_token } = await tokensOf(at, config);
  assert.ok(id_token);
  return id_token;
}

/** The status of a logout with an ID token as its hint. */
async function logoutWith({ issuer }: Bridge, token: string): Promise<number> {
  const parameters = new URLSearchParams({ id_token_hint: token, post_logout_redirect_uri: HOME });
  return (await fetch(`${issuer}/logout?${parameters}`, { redirect: 'manual' })).status;
}

interface PublishedKey extends JsonWebKey {
  readonly kid: string;
}

async function jwksOf({ issuer }: Bridge) {
  const response = await fetch(`${issuer}/jwks`);
  const { keys } = (await response.json()) as { keys: PublishedKey[] };
  return { headers: response.headers, keys };
}

function verified(token: string, keys: readonly PublishedKey[]): boolean {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const jwk = keys.find(({ kid }) => kid === kidOf(token));
  if (!jwk) return false;
  const key = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' } as const;
  return verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'));
}

function kidOf(token = ''): unknown {
  const header = Buffer.from(token.split('.')[0] ?? '', 'base64url').toString();
  return (JSON.parse(header) as { kid?: unknown }).kid;
}

async function kidIn(signingKeys: SigningKeyStore, alg: string, state: SigningKeyState): Promise<string> {
  const key = (await signingKeys.list()).find(
    (candidate) => candidate.alg === alg && candidate.state === state,
  );
  assert.ok(key);
  return key.kid;
}

async function statesOf(signingKeys: SigningKeyStore): Promise<string[]> {
  return (await signingKeys.list()).map(({ alg, state }) => `${alg} ${state}`).sort();
}

function at<T>(list: readonly T[], index: number): T {
  const one = list[index];
  assert.ok(one !== undefined);
  return one;
}
