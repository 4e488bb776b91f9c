import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { stateOf } from '../../../src/ops/instance-store.ts';
import { createAudit } from '../../../src/audit/audit.ts';
import { createLogger } from '../../../src/log/logger.ts';
import { createSecrets, SealError } from '../../../src/secrets/secrets.ts';
import { StoreError } from '../../../src/store/errors.ts';
import { SEALED_TABLES } from '../../../src/store/encryption/sealed-tables.ts';
import { lookupHash } from '../../../src/store/encryption/lookup-hash.ts';
import { ATTEMPT_KEPT_MS } from '../../../src/store/store.ts';
import type { TestDatabase } from '../../support/database.ts';
import type { TestClock } from './clock.ts';
import { authenticatedAttempt, LOGIN_RESULT, pendingAttempt } from './samples.ts';
import { aStart } from './limits.ts';
import { ensureCurrent } from './signing-keys.ts';

const KEEP = { auditDays: 365 };

/** Behaviour across reopening. No store is open when one of these tests starts. */
export function lifetimeSuite(database: () => TestDatabase, clock: TestClock): void {
  describe('after reopening', () => {
    it('has all its data', async () => {
      const attempt = pendingAttempt();
      const [id, grantId] = [randomUUID(), randomUUID()];
      const store = await database().open({ now: clock.now });
      await store.attempts.add(attempt);
      await store.records.put('Client', id, { client_name: 'Portal' }, {}, undefined);
      await store.loginResults.put(grantId, LOGIN_RESULT, clock.secondsFromNow(60));
      await ensureCurrent(store, 'RS256');
      const keys = await store.signingKeys.open();
      const pairwiseKey = store.pairwiseKey;
      await store.close();

      const reopened = await database().open({ now: clock.now });
      try {
        await reopened.ping();
        assert.deepEqual(await reopened.attempts.latest(attempt.interactionUid), attempt);
        assert.deepEqual(await reopened.records.find('Client', id), { payload: { client_name: 'Portal' } });
        assert.deepEqual(await reopened.loginResults.find(grantId), LOGIN_RESULT);
        assert.deepEqual(await reopened.signingKeys.open(), keys);
        assert.deepEqual(reopened.pairwiseKey, pairwiseKey);
      } finally {
        await reopened.close();
      }
    });

    it('refuses to open with another SECRET_KEY, so that no row is sealed which other instances cannot open', async () => {
      await (await database().open()).close();
      const rows = () =>
        database().execute(
          'select count(*)::int as rows from signing_key union all select count(*)::int from kept_secret',
        );
      const before = await rows();
      const secrets = createSecrets('another SECRET_KEY, long enough to be one');
      await assert.rejects(database().open({ secrets }), SealError);
      assert.deepEqual(await rows(), before);
    });
  });

  it('removes expired rows from every table', async () => {
    const [id, grantId] = [randomUUID(), randomUUID()];
    const store = await database().open({ now: clock.now });
    try {
      clock.advance(24 * 3_600_000);
      await store.removeExpired(KEEP);
      const attempt = pendingAttempt({ createdAt: clock.now() });
      await store.attempts.add(attempt);
      await store.records.put('AccessToken', id, {}, {}, clock.secondsFromNow(60));
      await store.loginResults.put(grantId, LOGIN_RESULT, clock.secondsFromNow(60));
      await store.knownBrowsers.remember(id, 'PNOEE-40504040001', 'MOCK-Q', clock.now() + 60_000);
      const perMinute = { count: 1, perMs: 60_000 };
      await store.limits.admit(aStart(), {
        address: perMinute,
        client: perMinute,
        person: undefined,
        pushWaits: undefined,
      });
      await store.instances.beat({
        id,
        version: '1.2.3',
        startedAt: clock.now(),
        stopped: false,
        gauges: { waitingLogins: 1, circuit: 'closed', eventLoopLagMs: 2, queuedEvents: 3, lostEvents: 4 },
      });
      const none = {
        attempts: 0,
        records: 0,
        loginResults: 0,
        knownBrowsers: 0,
        limits: 0,
        auditEvents: 0,
        instances: 0,
      };
      assert.deepEqual(await store.removeExpired(KEEP), none);
      clock.advance(60_000);
      const minute = {
        attempts: 0,
        records: 1,
        loginResults: 1,
        knownBrowsers: 1,
        limits: 2,
        auditEvents: 0,
        instances: 0,
      };
      assert.deepEqual(await store.removeExpired(KEEP), minute);
      clock.advance(ATTEMPT_KEPT_MS);
      assert.deepEqual(await store.removeExpired(KEEP), { ...none, attempts: 1 });
      const [seen] = await store.instances.list();
      assert.ok(seen?.id === id);
      assert.equal(stateOf(seen), 'gone');
      clock.advance(24 * 3_600_000);
      assert.deepEqual(await store.removeExpired(KEEP), { ...none, instances: 1 });
      assert.deepEqual(await store.instances.list(), []);
    } finally {
      await store.close();
    }
  });

  it('removes from every other table when one refuses, and tells its error', async () => {
    const store = await database().open({ now: clock.now });
    const grantId = randomUUID();
    await store.attempts.add(pendingAttempt({ createdAt: clock.now() }));
    await store.loginResults.put(grantId, LOGIN_RESULT, clock.secondsFromNow(60));
    await store.close();
    await database().execute('create table refusal (attempt text references login_attempt)');
    await database().execute('insert into refusal select id from login_attempt');
    clock.advance(ATTEMPT_KEPT_MS + 1);
    const again = await database().open({ now: clock.now });
    await assert.rejects(again.removeExpired(KEEP), { code: '23503' });
    await again.close();
    const kept = await database().execute('select grant_hash from login_result');
    assert.ok(kept.every(({ grant_hash }) => grant_hash !== lookupHash(grantId)));
    await database().execute('drop table refusal');
    const last = await database().open({ now: clock.now });
    assert.ok((await last.removeExpired(KEEP)).attempts > 0, 'the next time all is removed');
    await last.close();
  });

  it('stores no readable personal data, credential or private key', async () => {
    const secrets = {
      code: `code-${randomUUID()}`,
      grant: `grant-${randomUUID()}`,
      session: `session-${randomUUID()}`,
      userCode: `user-code-${randomUUID()}`,
      interaction: `interaction-${randomUUID()}`,
      clientSecret: `client-secret-${randomUUID()}`,
      clientId: `client-id-${randomUUID()}`,
      browser: `browser-${randomUUID()}`,
      address: '192.0.2.77',
    };
    const inAMinute = Math.floor(Date.now() / 1000) + 60;
    const store = await database().open();
    await store.attempts.add(pendingAttempt());
    await store.attempts.add(authenticatedAttempt({ interactionUid: secrets.interaction }));
    await store.records.put(
      'AuthorizationCode',
      secrets.code,
      { jti: secrets.code, accountId: 'PNOEE-40504040001' },
      { grantId: secrets.grant, uid: secrets.session, userCode: secrets.userCode },
      inAMinute,
    );
    await store.records.put(
      'Client',
      secrets.clientId,
      { client_secret: secrets.clientSecret },
      {},
      undefined,
    );
    await store.loginResults.put(secrets.grant, LOGIN_RESULT, inAMinute);
    const { semanticsIdentifier } = LOGIN_RESULT.person;
    await store.knownBrowsers.remember(
      secrets.browser,
      semanticsIdentifier,
      LOGIN_RESULT.documentNumber,
      inAMinute * 1000,
    );
    const rate = { count: 1, perMs: 60_000 };
    await store.limits.admit(
      aStart({
        networks: [{ network: secrets.address, allowance: 1 }],
        clientId: secrets.clientId,
        identifier: semanticsIdentifier,
      }),
      { address: rate, client: rate, person: rate, pushWaits: [0] },
    );
    await ensureCurrent(store, 'RS256');
    const [signingKey] = await store.signingKeys.open();
    assert.ok(signingKey);
    const pairwiseKey = store.pairwiseKey;
    const audit = createAudit({
      store: store.audit,
      log: createLogger({ level: 'silent' }),
      pseudonym: (value) => createSecrets('a SECRET_KEY for the pseudonyms').pseudonym(value),
      instance: 'this',
      now: Date.now,
    });
    const issued = { event: 'code_issued', person: semanticsIdentifier, address: '192.0.2.7' } as const;
    audit.record(issued);
    assert.equal(await audit.close(1_000), 0);
    assert.equal(await store.audit.removeOlderThan(-1), 1);
    audit.record(issued);
    assert.equal(await audit.close(1_000), 0);
    await store.close();

    const sealedTables = Object.keys(SEALED_TABLES);
    // These tables contain people only as pseudonyms or keyed hashes.
    const tables = [
      ...sealedTables,
      'audit_event',
      'audit_count',
      'audit_checkpoint',
      'rate_limit',
      'person_limit',
    ];
    const columns = await database().execute(
      `select table_name, column_name from information_schema.columns where table_schema = 'public'`,
    );
    assert.deepEqual(
      columns
        .filter(({ column_name }) => column_name === 'sealed')
        .map(({ table_name }) => table_name)
        .sort(),
      [...sealedTables].sort(),
      'whatever is sealed is known to be',
    );
    const others = new Set(columns.map(({ table_name }) => String(table_name)));
    for (const table of tables) assert.ok(others.delete(table), `the table ${table} is there`);
    assert.deepEqual(
      [...others].sort(),
      // Durations without anybody, figures of instances and which of them does what.
      ['audit_figures_state', 'audit_time', 'instance', 'kysely_migration', 'kysely_migration_lock', 'lease'],
      'no table is left out',
    );

    const { person } = LOGIN_RESULT;
    const forbidden = [
      ...Object.values(secrets),
      ...[person.givenName, person.surname, person.identityNumber, String(person.birthdate)],
      ...['4927', 'rpChallenge', 'MOCK-Q', '192.0.2.7', String(signingKey.privateJwk.d)],
      ...[pairwiseKey.toString('base64url'), pairwiseKey.toString('hex')],
    ];
    for (const table of tables) {
      // A sealed value is Base64url, in which four digits can occur by chance; only its format is checked.
      const rows = await database().execute(`select to_jsonb(t)::text as row from ${table} t`);
      assert.ok(rows.length > 0, `${table} has rows`);
      for (const { row } of rows) {
        const { sealed, ...clear } = JSON.parse(String(row)) as Record<string, unknown>;
        if (sealedTables.includes(table)) assert.match(String(sealed), /^v1\.[0-9a-f]{8}\.[\w-]+$/);
        for (const word of forbidden.filter(({ length }) => length > 4)) {
          assert.ok(!String(row).includes(word), `${table} shows ${word}`);
        }
        for (const value of Object.values(clear)) assert.notEqual(value, '4927');
      }
    }
  });

  it('does not open a sealed value that was copied onto another row', async () => {
    const [mine, theirs] = [randomUUID(), randomUUID()];
    const model = `Model-${randomUUID()}`;
    const store = await database().open();
    await store.records.put(model, mine, { owner: 'mine' }, { uid: mine }, undefined);
    await store.records.put(model, theirs, { owner: 'theirs' }, { uid: theirs }, undefined);
    await store.close();
    await database().execute(
      `update oidc_record set sealed = (select max(sealed) from oidc_record where model = '${model}') where model = '${model}'`,
    );

    const reopened = await database().open();
    try {
      const found = await Promise.allSettled([mine, theirs].map((id) => reopened.records.find(model, id)));
      assert.deepEqual(found.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    } finally {
      await reopened.close();
    }
  });

  it('does not open an attempt that was moved to another interaction', async () => {
    const [mine, theirs] = [authenticatedAttempt(), pendingAttempt()];
    const store = await database().open();
    await store.attempts.add(mine);
    await store.attempts.add(theirs);
    await store.close();
    const interactionOf = ({ id }: { readonly id: string }) =>
      `(select interaction_hash from login_attempt where id = '${id}')`;
    await database().execute(`update login_attempt set live = false where id = '${theirs.id}'`);
    await database().execute(
      `update login_attempt set interaction_hash = ${interactionOf(theirs)}, sequence = default where id = '${mine.id}'`,
    );

    const reopened = await database().open();
    try {
      await assert.rejects(reopened.attempts.latest(theirs.interactionUid), { code: 'seal_broken' });
      assert.equal(await reopened.attempts.latest(mine.interactionUid), undefined);
    } finally {
      await reopened.close();
    }
  });

  describe('whose migrations are not those of this release', () => {
    const NEWER = '9999-of-the-future';
    const insert = (name: string) =>
      database().execute(`insert into kysely_migration values ('${name}', '2031-01-01T00:00:00Z')`);
    const remove = (name: string) =>
      database().execute(`delete from kysely_migration where name = '${name}'`);
    const names = async () =>
      (await database().execute('select name from kysely_migration order by name')).map(({ name }) => name);

    it('works with the migrations of a newer release, logs them, and leaves them as they are', async () => {
      const lines = new PassThrough({ encoding: 'utf8' });
      await insert(NEWER);
      try {
        const before = await names();
        const store = await database().open({ log: createLogger({ level: 'warn', destination: lines }) });
        await store.attempts.add(pendingAttempt());
        await store.close();
        const { event, migrations } = JSON.parse(String(lines.read())) as Record<string, unknown>;
        assert.deepEqual([event, migrations], ['database_is_newer', [NEWER]]);
        assert.deepEqual(await names(), before);
      } finally {
        await remove(NEWER);
      }
      await (await database().open()).close();
    });

    it('is refused when an unknown migration comes before known ones', async () => {
      await insert('0001-of-a-stranger');
      await insert(NEWER);
      try {
        await assert.rejects(database().open(), isDifferent('0001-of-a-stranger'));
      } finally {
        await remove('0001-of-a-stranger');
        await remove(NEWER);
      }
    });

    it('is refused when a known migration is missing before later ones', async () => {
      const applied = await names();
      const [middle, last] = [applied.at(1), applied.at(-1)].map(String);
      assert.ok(middle && last);
      for (const [missing, newer] of [
        [middle, undefined],
        [last, NEWER],
      ] as const) {
        await remove(missing);
        if (newer) await insert(newer);
        try {
          await assert.rejects(database().open(), isDifferent(missing));
        } finally {
          await insert(missing);
          if (newer) await remove(newer);
        }
      }
    });
  });
}

function isDifferent(migration: string) {
  return (error: unknown) =>
    error instanceof StoreError && error.code === 'migrations_differ' && error.message.includes(migration);
}
