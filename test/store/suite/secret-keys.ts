import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { verifyChain } from '../../../src/audit/verify.ts';
import { createClientRegistry } from '../../../src/oidc/clients/clients.ts';
import { createSecrets, SealError } from '../../../src/secrets/secrets.ts';
import type { ReencryptedTable } from '../../../src/store/encryption/reencrypt.ts';
import { SEALED_TABLES } from '../../../src/store/encryption/sealed-tables.ts';
import type { Store } from '../../../src/store/store.ts';
import type { TestDatabase } from '../../support/database.ts';
import type { TestClock } from './clock.ts';
import { undoMigrationsFrom10 } from './earlier-schema.ts';
import { authenticatedAttempt, deviceLinkAttempt, LOGIN_RESULT, pendingAttempt } from './samples.ts';
import { ensureCurrent } from './signing-keys.ts';

const OLD = 'the old SECRET_KEY of a database, long enough';
const NEW = 'the new SECRET_KEY of a database, long enough';
const PERSON = 'PNOLV-030303-10012';
const ACCOUNT = `${PERSON}-MOCK-Q`;

/** Behaviour during and after a change of SECRET_KEY. */
export function secretKeySuite(start: () => Promise<TestDatabase>, clock: TestClock): void {
  describe('when SECRET_KEY changes', () => {
    let database: TestDatabase;
    before(async () => {
      database = await start();
    });
    after(() => database.stop());

    const withKeys = async <T>(keys: readonly [string, ...string[]], act: (store: Store) => Promise<T>) => {
      const store = await database.open({ secrets: createSecrets(...keys), now: clock.now });
      try {
        return await act(store);
      } finally {
        await store.close();
      }
    };

    const knownBrowsers = async () => {
      const [row] = await database.execute('select count(*)::int as rows from known_browser');
      return Number(row?.rows);
    };

    it('decrypts everything with both keys, re-encrypts it with the first, and decrypts it with only that one', async () => {
      const written = await withKeys([OLD], (store) => fill(store, clock));
      await withKeys([OLD], written.isThere);
      await withKeys([NEW, OLD], written.isThere);

      const tables = await withKeys([NEW, OLD], (store) => store.reencrypt());
      assert.deepEqual(countsOf(tables), {
        login_attempt: 3,
        oidc_record: 3,
        login_result: 1,
        known_browser: 1,
        signing_key: 1,
        kept_secret: 1,
        audit_key: 1,
      });
      assert.deepEqual(await withKeys([NEW, OLD], (store) => store.sealedRows()), {
        [keyId(NEW)]: 11,
      });
      const again = await withKeys([NEW, OLD], (store) => store.reencrypt());
      assert.deepEqual(new Set(Object.values(countsOf(again))), new Set([0]));

      await withKeys([NEW], written.isThere);
      await assert.rejects(withKeys([OLD], written.isThere), SealError);
    });

    it('keeps rows sealed with an unknown key, and lists them', async () => {
      const id = randomUUID();
      const other = 'yet another SECRET_KEY that is long enough';
      await withKeys([other, NEW], async (store) => {
        await store.records.put('Client', id, { client_name: 'Lost' }, {}, undefined);
      });
      const tables = await withKeys([NEW], (store) => store.reencrypt());
      const { resealed, unopened, named, left } = tableOf(tables, 'oidc_record');
      assert.deepEqual({ resealed, unopened, left }, { resealed: 0, unopened: 1, left: 0 });
      assert.match(named[0]?.row ?? '', /^oidc_record:Client:[\w-]{43}$/);
      assert.match(named[0]?.reason ?? '', new RegExp(`key ${keyId(other)}, not ${keyId(NEW)}`));

      await withKeys([NEW, other], async (store) => {
        assert.equal(tableOf(await store.reencrypt(), 'oidc_record').resealed, 1);
      });
      await withKeys([NEW], async (store) => {
        assert.deepEqual(await store.records.find('Client', id), { payload: { client_name: 'Lost' } });
      });
    });

    it('processes more rows than a batch, and leaves rows that cannot be decrypted unchanged', async () => {
      const ids = Array.from({ length: 1_100 }, () => randomUUID());
      await withKeys([OLD, NEW], async (store) => {
        const put = ids.map((id) => ({
          model: 'Thing',
          id,
          payload: { id },
          keys: {},
          expiresAt: undefined,
        }));
        await store.records.write({ put });
      });
      await database.execute(
        `update oidc_record set sealed = overlay(sealed placing 'AAAA' from 20) where id_hash in
          (select id_hash from oidc_record where model = 'Thing' order by id_hash offset 490 limit 25)`,
      );
      const tables = await withKeys([NEW, OLD], (store) => store.reencrypt());
      const { resealed, unopened, named } = tableOf(tables, 'oidc_record');
      assert.deepEqual([resealed, unopened, named.length], [1_075, 25, 20]);
      const found = await withKeys([NEW], async (store) => {
        let count = 0;
        // One after the other: a thousand at once would wait too long for a connection on a slow machine.
        for (const id of ids) {
          count += await store.records.find('Thing', id).then(
            () => 1,
            (error: unknown) => {
              assert.ok(error instanceof SealError);
              return 0;
            },
          );
        }
        return count;
      });
      assert.equal(found, 1_075);
    });

    it('changes and loses nothing with the keys in the wrong order', async () => {
      const id = randomUUID();
      await withKeys([OLD, NEW], (store) => store.records.put('Client', id, {}, {}, undefined));
      await withKeys([OLD, NEW], (store) => store.reencrypt());
      assert.ok((await withKeys([OLD, NEW], (store) => store.sealedRows()))[keyId(OLD)]);
      await assert.rejects(
        withKeys([NEW], (store) => store.records.find('Client', id)),
        SealError,
      );
      await withKeys([NEW, OLD], (store) => store.reencrypt());
      assert.ok(await withKeys([NEW], (store) => store.records.find('Client', id)));
    });

    it('finds known people hashed with either key, each of them once', async () => {
      const token = randomUUID();
      const remember = (account: string) => (store: Store) =>
        store.knownBrowsers.remember(token, PERSON, account, clock.now() + 60_000);
      const find = (store: Store) => store.knownBrowsers.find(token, PERSON);
      const before = await knownBrowsers();
      await withKeys([OLD, NEW], remember(ACCOUNT));
      assert.deepEqual(await withKeys([NEW, OLD], find), { documentNumber: ACCOUNT });
      // An instance that still has the other order, during the rollout of the change.
      await withKeys([OLD, NEW], remember(ACCOUNT));
      await withKeys([NEW, OLD], remember(`${PERSON}-NEWR-Q`));
      assert.deepEqual(await withKeys([OLD, NEW], find), { documentNumber: `${PERSON}-NEWR-Q` });
      assert.deepEqual(await withKeys([NEW], find), { documentNumber: `${PERSON}-NEWR-Q` });
      assert.equal(await knownBrowsers(), before + 1);
    });

    it('keeps the newer of two rows of one person when it rehashes people', async () => {
      const token = randomUUID();
      const expiresAt = clock.now() + 60_000;
      const before = await knownBrowsers();
      for (const [keys, account] of [
        [[OLD, NEW], ACCOUNT],
        [[NEW], `${PERSON}-NEWR-Q`],
      ] as const) {
        await withKeys(keys, (store) => store.knownBrowsers.remember(token, PERSON, account, expiresAt));
      }
      assert.equal(await knownBrowsers(), before + 2);
      await withKeys([NEW, OLD], (store) => store.reencrypt());
      const found = await withKeys([NEW], (store) => store.knownBrowsers.find(token, PERSON));
      assert.deepEqual(found, { documentNumber: `${PERSON}-NEWR-Q` });
      assert.equal(await knownBrowsers(), before + 1);
    });
  });

  describe('the pairwise key', () => {
    let database: TestDatabase;
    before(async () => {
      database = await start();
    });
    after(() => database.stop());

    it('of a database older than its table is derived from the SECRET_KEY of the first signing key', async () => {
      const old = createSecrets(OLD);
      const store = await database.open({ secrets: old, now: clock.now });
      await ensureCurrent(store, 'RS256');
      await store.close();
      await asBefore(database);

      // An upgrade together with a key change, in either order.
      const [row] = await database.execute('select sealed from signing_key');
      const expected = old.derivedPairwiseKey(String(row?.sealed));
      for (const [first, second] of [
        [NEW, OLD],
        [OLD, NEW],
      ] as const) {
        const secrets = createSecrets(first, second);
        const upgraded = await database.open({ secrets, now: clock.now });
        assert.deepEqual(upgraded.pairwiseKey, expected);
        assert.deepEqual(
          (await upgraded.signingKeys.list()).map(({ alg, state }) => [alg, state]),
          [['RS256', 'current']],
        );
        await upgraded.close();
        await asBefore(database);
      }
    });

    it('is not created when that SECRET_KEY is missing', async () => {
      await assert.rejects(database.open({ secrets: createSecrets(NEW), now: clock.now }), SealError);
    });

    it('of a new database does not depend on SECRET_KEY', async () => {
      const fresh = await start();
      const secrets = createSecrets(OLD);
      const store = await fresh.open({ secrets, now: clock.now });
      const key = store.pairwiseKey;
      await store.close();
      await fresh.stop();
      assert.equal(key.length, 32);
      assert.notDeepEqual(key, secrets.derivedPairwiseKey(secrets.seal('a', 'place')));
    });
  });
}

/** Writes a row of each table; `isThere` reads them back. */
async function fill(store: Store, clock: TestClock) {
  const attempts = [pendingAttempt(), authenticatedAttempt()];
  for (const attempt of attempts) await store.attempts.add(attempt);
  const { attempt, callbackHash } = deviceLinkAttempt();
  await store.attempts.add(attempt);
  const clients = createClientRegistry(store.records, () => Promise.resolve());
  const client = await clients.add({ redirect_uris: ['https://app.example/callback'] });
  const [grantId, uid, token] = [randomUUID(), randomUUID(), randomUUID()];
  const far = 2_000_000_000;
  await store.records.put('Session', randomUUID(), { uid }, { uid }, far);
  await store.records.put('AuthorizationCode', grantId, { a: 'code' }, { grantId }, far);
  await store.loginResults.put(grantId, LOGIN_RESULT, far);
  await store.knownBrowsers.remember(token, PERSON, ACCOUNT, far * 1000);
  const happened = {
    at: clock.now(),
    instance: 'one',
    number: 1,
    event: 'instance_stopped',
    data: {},
  } as const;
  await store.audit.append([happened]);
  await ensureCurrent(store, 'ES256');
  const keys = await store.signingKeys.open();
  const pairwiseKey = store.pairwiseKey;

  return {
    isThere: async (reopened: Store) => {
      for (const one of attempts) {
        assert.deepEqual(await reopened.attempts.latest(one.interactionUid), one);
      }
      assert.deepEqual(await reopened.attempts.findByCallback(callbackHash), attempt);
      const { payload } = (await reopened.records.find('Client', client.client_id)) ?? {};
      assert.equal(payload?.client_secret, client.client_secret);
      assert.deepEqual(await reopened.records.findByUid('Session', uid), { payload: { uid } });
      assert.deepEqual(await reopened.records.find('AuthorizationCode', grantId), { payload: { a: 'code' } });
      assert.deepEqual(await reopened.loginResults.find(grantId), LOGIN_RESULT);
      assert.deepEqual(await reopened.knownBrowsers.find(token, PERSON), { documentNumber: ACCOUNT });
      assert.deepEqual(await reopened.signingKeys.open(), keys);
      assert.deepEqual(reopened.pairwiseKey, pairwiseKey);
      const verification = await reopened.audit.view((view) => verifyChain(view));
      assert.equal(verification.kind, 'whole');
    },
  };
}

/** Reverts the migration of this table and later ones, to get the database of the release before. */
async function asBefore(database: TestDatabase): Promise<void> {
  await undoMigrationsFrom10(database);
  for (const statement of [
    'drop index signing_key_one_of_state',
    'alter table signing_key drop column state, drop column since',
    'create unique index signing_key_one_of_alg on signing_key (alg)',
    'drop table kept_secret',
    'alter table audit_event drop column written_at',
    `delete from kysely_migration where name >= '0008-keys'`,
  ]) {
    await database.execute(statement);
  }
}

function countsOf(tables: readonly ReencryptedTable[]): Record<string, number> {
  assert.deepEqual(
    tables.map(({ table }) => table),
    Object.keys(SEALED_TABLES),
  );
  assert.ok(tables.every(({ unopened, left }) => unopened === 0 && left === 0));
  return Object.fromEntries(tables.map(({ table, resealed }) => [table, resealed]));
}

function tableOf(tables: readonly ReencryptedTable[], name: ReencryptedTable['table']): ReencryptedTable {
  const table = tables.find((candidate) => candidate.table === name);
  assert.ok(table);
  return table;
}

function keyId(secretKey: string): string {
  return createSecrets(secretKey).keyIds[0];
}
