/** Several instances that write one audit, on a database server. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import type { AuditEntry } from '../../src/audit/audit-store.ts';
import { loginsOfPerson } from '../../src/audit/person-logins.ts';
import { verifyChain } from '../../src/audit/verify.ts';
import { createLogger } from '../../src/log/logger.ts';
import { createSecrets } from '../../src/secrets/secrets.ts';
import { openStore, type Store } from '../../src/store/store.ts';
import { execute, startTestPostgres, type TestPostgres } from '../support/servers/postgres.ts';
import { rowsOf } from './suite/audit-fixture.ts';

/** Of the pool of one instance. */
const CONNECTIONS = 10;

describe('the audit of several instances', () => {
  let server: TestPostgres;
  let one: Store;
  let other: Store;
  before(async () => {
    server = await startTestPostgres();
  });
  after(() => server.stop());
  beforeEach(async () => {
    [one, other] = [await open(), await open()];
  });
  afterEach(() => Promise.all([one.close(), other.close()]));

  it('is one chain that keeps the order of each instance’s events', async () => {
    const instances: string[] = Array.from({ length: 4 }, () => randomUUID());
    const writes = instances.map(async (instance, index) => {
      const { audit } = index % 2 === 0 ? one : other;
      for (let batch = 0; batch < 25; batch++) {
        await audit.append(
          Array.from({ length: 1 + (batch % 4) }, (_, at) => entry(instance, 4 * batch + at + 1)),
        );
      }
    });
    await Promise.all(writes);
    const found = await verify();
    const rows = await rowsOf(one.audit);
    assert.ok(found.kind === 'whole');
    assert.equal(found.events, rows.length);
    assert.equal(rows.filter(({ instance }) => instances.includes(instance)).length, 4 * 61);
    for (const instance of instances) {
      const numbers = rows.filter((row) => row.instance === instance).map(({ number }) => number);
      assert.deepEqual(
        numbers,
        numbers.toSorted((a, b) => a - b),
      );
    }
  });

  it('stores an event once when the instance did not receive the confirmation of the write', async () => {
    const instance = randomUUID();
    const entries = [1, 2, 3, 4].map((number) => entry(instance, number));
    await one.audit.append(entries.slice(0, 1));
    // The rows that were written before the connection broke.
    await other.audit.append(entries.slice(1, 3));
    await one.audit.append(entries.slice(1));
    const numbers = (await rowsOf(one.audit)).filter((row) => row.instance === instance);
    assert.deepEqual(
      numbers.map(({ number }) => number),
      [1, 2, 3, 4],
    );
    assert.equal((await verify()).kind, 'whole');
  });

  it('shows that its end was cut off while an instance was running', async () => {
    const instance = randomUUID();
    const { position } = await one.audit.append([1, 2, 3].map((number) => entry(instance, number)));
    await execute(server.url, 'alter table audit_event disable trigger user');
    await execute(server.url, `delete from audit_event where position >= ${position - 1}`);
    await execute(server.url, 'alter table audit_event enable trigger user');
    await one.audit.append([entry(instance, 4)]);
    assert.deepEqual(await verify(), { kind: 'broken', position: position - 1, fault: 'row_missing' });
    await execute(server.url, 'alter table audit_event disable trigger user');
    await execute(server.url, 'delete from audit_event');
    await execute(server.url, 'alter table audit_event enable trigger user');
  });

  it('lets several instances remove old rows at once, each row once', async () => {
    const entries = Array.from({ length: 500 }, (_, index) => entry('old', index + 1));
    for (let at = 0; at < 10; at++) {
      await one.audit.append(entries.map((each) => ({ ...each, number: 500 * at + each.number })));
    }
    const before = (await rowsOf(one.audit)).length;
    const removed = await Promise.all([one, other].map(({ audit }) => audit.removeOlderThan(-1)));
    assert.equal(
      removed.reduce((sum, count) => sum + count, 0),
      before,
    );
    await one.audit.append([entry('old', 9_999)]);
    assert.equal((await verify()).kind, 'whole');
  });

  it('keeps its rows when the clock of an instance is years ahead', async () => {
    const ahead = await open(() => Date.now() + 800 * 24 * 3_600_000);
    try {
      await one.audit.append([entry('x', 1)]);
      assert.equal((await ahead.removeExpired({ auditDays: 365 })).auditEvents, 0);
      assert.ok((await ahead.removeExpired({ auditDays: -1 })).auditEvents > 0);
    } finally {
      await ahead.close();
    }
  });

  it('finds the logins of one person by its indexes, without reading the others', async () => {
    const database = await startTestPostgres();
    const store = await open(Date.now, database.url);
    try {
      await execute(
        database.url,
        `insert into audit_event (position, at, written_at, instance, number, key_id, event, data, hash)
          select n, now(), now(), 'x', n, 'x', 'login_begun',
            jsonb_build_object('attempt', md5((n / 6)::text), 'person', md5((n % 500)::text)), ''
          from generate_series(1, 20000) n`,
      );
      await execute(database.url, 'analyze audit_event');
      const [row] = await execute(database.url, `select md5('77') as person`);
      const found = await store.audit.view((view) => loginsOfPerson(view, [String(row?.person)]));
      assert.equal(found.total, 40);
      // The server counts once the connection of the view is closed.
      const patience = AbortSignal.timeout(5_000);
      for (const index of ['audit_event_person', 'audit_event_attempt']) {
        const count = `select idx_scan::int as scans from pg_stat_user_indexes where indexrelname = '${index}'`;
        while ((await execute(database.url, count))[0]?.scans === 0) patience.throwIfAborted();
      }
    } finally {
      await store.close();
      await database.stop();
    }
  });

  it('takes no more connections for any number of pages than the pool has', async () => {
    await one.audit.append([entry('x', 1)]);
    let [inside, most] = [0, 0];
    const looks = Array.from({ length: 40 }, () =>
      one.audit.viewBriefly(async ({ rows }) => {
        most = Math.max(most, (inside += 1));
        for await (const row of rows({ persons: ['nobody'] })) assert.fail(row.event);
        inside -= 1;
      }),
    );
    await Promise.all(looks);
    assert.ok(most > 1 && most <= CONNECTIONS, String(most));
  });

  it('reports an error when a connection ends within a transaction', async () => {
    await one.audit.append([entry('x', 1)]);
    await assert.rejects(
      one.audit.view(async ({ rows }) => {
        await execute(
          server.urlWith({ database: 'postgres' }),
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'sild'`,
        );
        for await (const row of rows()) assert.ok(row.position);
      }),
    );
    // Its idle connections were ended too; one that the pool has not noticed yet may still be used.
    const answers = () =>
      one.ping().then(
        () => true,
        () => false,
      );
    const limit = performance.now() + 5_000;
    while (!(await answers())) assert.ok(performance.now() < limit, 'the store recovers');
  });

  function verify() {
    return one.audit.view((view) => verifyChain(view));
  }

  function open(now = Date.now, databaseUrl = server.url): Promise<Store> {
    const secrets = createSecrets('the same SECRET_KEY on every instance of Sild');
    const log = createLogger({ level: 'silent' });
    return openStore({ databaseUrl, dataDir: '/nowhere', secrets, now, log });
  }
});

function entry(instance: string, number: number): AuditEntry {
  return { at: Date.now(), instance, number, event: 'login_begun', data: { client: 'client' } };
}
