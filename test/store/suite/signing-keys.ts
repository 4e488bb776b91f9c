import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { createKeyRotation } from '../../../src/oidc/keys/key-rotation.ts';
import type { SigningAlgorithm, SigningKey, SigningKeyPair } from '../../../src/oidc/stores.ts';
import type { Store } from '../../../src/store/store.ts';
import type { TestDatabase } from '../../support/database.ts';
import type { TestClock } from './clock.ts';

export function signingKeySuite(store: () => Store, clock: TestClock): void {
  describe('signing keys', () => {
    const make = (alg: SigningAlgorithm, state: 'next' | 'current') =>
      store().signingKeys.change(() => [{ do: 'make', alg, state }], newKey);
    const stateOf = async (kid: string) =>
      (await store().signingKeys.list()).find((key) => key.kid === kid)?.state;

    it('are created once by 50 concurrent plans, each of which sees the result of the ones before', async () => {
      assert.deepEqual(await store().signingKeys.list(), []);
      const changes = await Promise.all(Array.from({ length: 50 }, () => ensureCurrent(store(), 'RS256')));
      const [key] = await store().signingKeys.list();
      assert.ok(key);
      assert.deepEqual(key, { kid: key.kid, alg: 'RS256', state: 'current', since: clock.now() });
      assert.deepEqual(changes.flat(), [{ kid: key.kid, alg: 'RS256', from: undefined, to: 'current' }]);
      assert.deepEqual(await store().signingKeys.list(), [key]);
    });

    it('are decrypted as they were created', async () => {
      const made: SigningKeyPair[] = [];
      await store().signingKeys.change(
        () => [{ do: 'make', alg: 'ES256', state: 'current' }],
        async (alg) => {
          const pair = await newKey(alg);
          made.push(pair);
          return pair;
        },
      );
      const opened = (await store().signingKeys.open()).filter(({ alg }) => alg === 'ES256');
      assert.deepEqual(opened, [{ ...made[0], state: 'current', since: clock.now() }]);
    });

    it('change state with a time, and are removed', async () => {
      const current = await find(store(), 'RS256', 'current');
      const [next] = await make('RS256', 'next');
      assert.ok(next);
      clock.advance(5_000);
      const changes = await store().signingKeys.change(
        () => [
          { do: 'move', kid: current.kid, state: 'previous' },
          { do: 'move', kid: next.kid, state: 'current' },
        ],
        newKey,
      );
      assert.deepEqual(changes, [
        { kid: current.kid, alg: 'RS256', from: 'current', to: 'previous' },
        { kid: next.kid, alg: 'RS256', from: 'next', to: 'current' },
      ]);
      assert.equal((await find(store(), 'RS256', 'previous')).since, clock.now());
      assert.equal((await find(store(), 'RS256', 'current')).since, clock.now());
      const removed = await store().signingKeys.change(() => [{ do: 'remove', kid: current.kid }], newKey);
      assert.deepEqual(removed, [{ kid: current.kid, alg: 'RS256', from: 'previous', to: undefined }]);
      assert.equal(await stateOf(current.kid), undefined);
    });

    it('have at most one current and one next key', async () => {
      await make('RS256', 'next');
      for (const state of ['current', 'next'] as const) await assert.rejects(make('RS256', state), state);
    });

    it('rotate once when 50 concurrent calls find it due, and there is always a next key', async () => {
      const rotation = createKeyRotation({
        signingKeys: store().signingKeys,
        rotationDays: 90,
        now: clock.now,
      });
      await rotation.rotateIfDue();
      const before = await store().signingKeys.list();
      clock.advance(90 * 24 * 3_600_000);
      const changes = (await Promise.all(Array.from({ length: 50 }, () => rotation.rotateIfDue()))).flat();
      for (const alg of ['RS256', 'ES256'] as const) {
        const kidOf = (state: SigningKey['state']) =>
          before.find((key) => key.alg === alg && key.state === state)?.kid;
        const next = await find(store(), alg, 'next');
        assert.deepEqual(
          changes.filter((change) => change.alg === alg),
          [
            { kid: kidOf('current'), alg, from: 'current', to: 'previous' },
            { kid: kidOf('next'), alg, from: 'next', to: 'current' },
            { kid: next.kid, alg, from: undefined, to: 'next' },
          ],
        );
      }
      assert.deepEqual(await rotation.rotateIfDue(), []);
    });

    it('change all or nothing', async () => {
      const before = await store().signingKeys.list();
      const { kid } = await find(store(), 'ES256', 'current');
      const half = [
        { do: 'move', kid, state: 'previous' },
        { do: 'move', kid: 'unknown', state: 'current' },
      ] as const;
      await assert.rejects(
        store().signingKeys.change(() => half, newKey),
        /unknown/,
      );
      const planning = new Error('not to be done');
      await assert.rejects(
        store().signingKeys.change(() => {
          throw planning;
        }, newKey),
        planning,
      );
      assert.deepEqual(await store().signingKeys.list(), before);
    });
  });
}

/** Compatibility with an instance of the previous release that starts meanwhile. No store is open when one of these tests starts. */
export function formerReleaseSuite(database: () => TestDatabase): void {
  it('lets the previous release add the first key of an algorithm, which signs, and no second one', async () => {
    await (await database().open()).close();
    const insert = (kid: string, alg: string) =>
      database().execute(
        `insert into signing_key (kid, alg, sealed, created_at) values ('${kid}', '${alg}', 'v1.a.b', now())
          on conflict do nothing`,
      );
    await database().execute('delete from signing_key');
    await insert('first', 'ES256');
    await insert('second', 'ES256');
    const store = await database().open();
    try {
      assert.deepEqual(
        (await store.signingKeys.list()).map(({ kid, state }) => [kid, state]),
        [['first', 'current']],
      );
    } finally {
      await store.close();
      await database().execute('delete from signing_key');
    }
  });
}

function newKey(alg: SigningAlgorithm): Promise<SigningKeyPair> {
  return Promise.resolve({ kid: randomUUID(), alg, privateJwk: { kty: 'EC', d: `secret-${randomUUID()}` } });
}

/** Creates the current key if there is none. */
export function ensureCurrent({ signingKeys }: Pick<Store, 'signingKeys'>, alg: SigningAlgorithm) {
  return signingKeys.change(
    (keys) => (keys.some((key) => key.alg === alg) ? [] : [{ do: 'make', alg, state: 'current' }]),
    newKey,
  );
}

async function find(
  { signingKeys }: Store,
  alg: SigningAlgorithm,
  state: SigningKey['state'],
): Promise<SigningKey> {
  const key = (await signingKeys.list()).find(
    (candidate) => candidate.alg === alg && candidate.state === state,
  );
  assert.ok(key, `a key of ${alg} is ${state}`);
  return key;
}
