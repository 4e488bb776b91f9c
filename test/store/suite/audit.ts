import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type {
  AuditEntry,
  AuditRow,
  AuditStore,
  ChainHead,
  RowFilter,
} from '../../../src/audit/audit-store.ts';
import { type Verification, verifyChain } from '../../../src/audit/verify.ts';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import type { Store } from '../../../src/store/store.ts';
import type { TestDatabase, TestStoreOptions } from '../../support/database.ts';
import type { TestClock } from './clock.ts';
import { undoMigrationsFrom10 } from './earlier-schema.ts';

const DAY_MS = 86_400_000;

/** The chain, including its detection of tampering. No store is open when one of these tests starts. */
export function auditSuite(database: () => TestDatabase, clock: TestClock): void {
  describe('the audit', () => {
    before(async () => {
      await database().execute('create schema kept');
    });

    it('returns events as they were recorded, at consecutive positions', async () => {
      await empty();
      const entries = [1, 2, 3, 4, 5].map((number) =>
        entry(number, { client: 'c', number, right: true, list: ['x'] }, number),
      );
      await withStore(async ({ audit }) => {
        await audit.append(entries.slice(0, 2));
        await audit.append(entries.slice(2));
        const rows = await rowsOf(audit);
        assert.deepEqual(
          rows.map(({ position }) => position),
          [1, 2, 3, 4, 5],
        );
        assert.deepEqual(rows.map(entryOf), entries);
      });
    });

    it('accepts any text, and every row matches its hash', async () => {
      await empty();
      const texts = [
        '',
        '"',
        '\\',
        '\u2028',
        'õ 𝔰 \u0007',
        '{"a":1}',
        "'; drop table audit_event; --",
        '\ufffd',
      ];
      const entries = texts.map((text, index) => entry(index + 1, { detail: text, list: [text, text] }));
      await withStore(async ({ audit }) => {
        await audit.append(entries);
        assert.deepEqual((await rowsOf(audit)).map(entryOf), entries);
        assert.equal((await verify(audit)).kind, 'whole');
      });
    });

    it('is searched by time and by person', async () => {
      await empty();
      await withStore(async ({ audit }) => {
        await audit.append([
          entry(1, { person: 'one' }),
          entry(2, { person: 'two' }, 1_000),
          entry(3, {}, 2_000),
          entry(4, { person: 'one' }, 3_000),
        ]);
        const found = (filter: RowFilter) =>
          rowsOf(audit, filter).then((rows) => rows.map(({ position }) => position));
        assert.deepEqual(await found({ persons: ['one'] }), [1, 4]);
        assert.deepEqual(await found({ persons: ['one', 'two'] }), [1, 2, 4]);
        assert.deepEqual(await found({ from: clock.now() + 1_000, to: clock.now() + 3_000 }), [2, 3]);
        assert.deepEqual(await found({ persons: [] }), []);
      });
    });

    it('refuses to update or delete rows', async () => {
      await saveChain(3);
      for (const statement of [
        `update audit_event set event = 'x' where position = 2`,
        'delete from audit_event where position = 2',
        'truncate audit_event',
      ]) {
        await assert.rejects(database().execute(statement), /audit_event is append-only/, statement);
      }
      await withStore(async ({ audit }) => {
        assert.equal((await verify(audit)).kind, 'whole');
      });
    });

    describe('that was tampered with', () => {
      let head: ChainHead;
      before(async () => {
        head = await saveChain(10);
      });

      const tamperings: [string, string, number, string][] = [
        [
          'the event of a row',
          `update audit_event set event = 'login_finished' where position = 4`,
          4,
          'row_altered',
        ],
        [
          'a member of a row',
          `update audit_event set data = jsonb_set(data, '{attempt}', '"another"') where position = 1`,
          1,
          'row_altered',
        ],
        [
          'a member more',
          `update audit_event set data = data || '{"x": 1}' where position = 10`,
          10,
          'row_altered',
        ],
        [
          'a row into something unreadable',
          `update audit_event set data = '[{"a": null}]' where position = 5`,
          5,
          'row_altered',
        ],
        ['a time', `update audit_event set at = at + interval '1 ms' where position = 7`, 7, 'row_altered'],
        ['an instance', `update audit_event set instance = 'x' where position = 7`, 7, 'row_altered'],
        [
          'a hash',
          // Changes the first character, whatever it is.
          `update audit_event set hash = case when hash like 'x%' then 'y' else 'x' end || substr(hash, 2)
             where position = 3`,
          3,
          'row_altered',
        ],
        ['a key id', `update audit_event set key_id = 'x' where position = 3`, 3, 'key_missing'],
        [
          'a row that is gone from the middle',
          'delete from audit_event where position = 6',
          6,
          'row_missing',
        ],
        [
          'a row that is gone, the rest closed up',
          `delete from audit_event where position = 6;
           update audit_event set position = position - 1 where position > 6`,
          6,
          'row_altered',
        ],
        ['the beginning, gone', 'delete from audit_event where position <= 2', 1, 'row_missing'],
        [
          'the order of two rows',
          `update audit_event set position = -4 where position = 4;
           update audit_event set position = 4 where position = 5;
           update audit_event set position = 5 where position = -4`,
          4,
          'row_altered',
        ],
        [
          'a row put between',
          `update audit_event set position = -position where position > 4;
           update audit_event set position = 1 - position where position < 0;
           insert into audit_event select 5, at, instance, number, key_id, event, data, hash
             from audit_event where position = 4`,
          5,
          'row_altered',
        ],
        [
          'a row put at the end',
          `insert into audit_event select 11, at, instance, number, key_id, event, data, hash
             from audit_event where position = 10`,
          11,
          'row_altered',
        ],
        ['the keys', 'delete from audit_key', 1, 'key_missing'],
        [
          'a checkpoint of their own',
          `${checkpointAt(3)}; delete from audit_event where position <= 3`,
          3,
          'checkpoint_altered',
        ],
        [
          'a checkpoint with keys of nobody',
          `${checkpointAt(3)}; update audit_checkpoint set key_id = 'x'; delete from audit_event where position <= 3`,
          3,
          'key_missing',
        ],
      ];
      for (const [what, statements, position, fault] of tamperings) {
        it(`shows ${what}`, async () => {
          await tamper(statements);
          await withStore(async ({ audit }) => {
            assert.deepEqual(await verify(audit), { kind: 'broken', position, fault });
          });
        });
      }

      it('is found cut off at the end by comparison with a recorded head', async () => {
        await tamper('delete from audit_event where position > 8');
        await withStore(async ({ audit }) => {
          assert.equal((await verify(audit)).kind, 'whole');
          assert.deepEqual(await verify(audit, head), { kind: 'broken', position: 9, fault: 'row_missing' });
        });
      });

      it('is found rewritten at the end by comparison with a recorded head', async () => {
        await tamper('delete from audit_event where position > 8');
        await withStore(async ({ audit }) => {
          await audit.append([entry(11, {}), entry(12, {}), entry(13, {})]);
          assert.equal((await verify(audit)).kind, 'whole');
          assert.deepEqual(await verify(audit, head), {
            kind: 'broken',
            position: 10,
            fault: 'head_differs',
          });
        });
      });

      it('contains an earlier recorded head when it was not tampered with', async () => {
        await tamper('perform 1');
        await withStore(async ({ audit }) => {
          await audit.append([entry(11, {})]);
          const found = await verify(audit, head);
          assert.ok(found.kind === 'whole');
          assert.deepEqual([found.events, found.sinceIsKept, found.head.position], [11, true, 11]);
        });
      });
    });

    describe('over time', () => {
      it('removes its oldest days, and the rest still verifies', async () => {
        await empty();
        await withStore(async ({ audit }) => {
          const begun = clock.now();
          for (let day = 0; day < 10; day++) {
            await audit.append([entry(2 * day + 1, {}), entry(2 * day + 2, {})]);
            clock.advance(DAY_MS);
          }
          const whole = await verify(audit);
          assert.ok(whole.kind === 'whole');
          assert.equal(await audit.removeOlderThan(6), 8);
          assert.equal(await audit.removeOlderThan(6), 0);
          const rest = await verify(audit, whole.head);
          const span = { from: begun + 4 * DAY_MS, to: begun + 9 * DAY_MS };
          assert.deepEqual(rest, { kind: 'whole', events: 12, span, head: whole.head, sinceIsKept: true });
          assert.equal(await audit.removeOlderThan(4), 4);
          assert.equal((await rowsOf(audit))[0]?.position, 13);
        });
        const checkpoints = await database().execute(
          'select position::int as position from audit_checkpoint',
        );
        assert.deepEqual(checkpoints, [{ position: 12 }]);
      });

      it('keeps an event to the end of its last day, UTC, whatever time the event has', async () => {
        await empty();
        await withStore(async ({ audit }) => {
          const later = [-4_000, 0, 4_000, 0].map((days) => days * DAY_MS);
          await audit.append(later.map((each, index) => entry(index + 1, {}, each)));
          const dayEnds = (Math.floor(clock.now() / DAY_MS) + 1) * DAY_MS;
          clock.advance(dayEnds + 2 * DAY_MS - 1 - clock.now());
          assert.equal(await audit.removeOlderThan(2), 0);
          clock.advance(1);
          assert.equal(await audit.removeOlderThan(2), 4);
        });
      });

      it('uses the database’s time for an event of the previous release', async () => {
        await empty();
        const [row] = await database().execute(`
          insert into audit_event (position, at, instance, number, key_id, event, data, hash)
          values (1, '2001-01-01', 'x', 1, 'k', 'login_begun', '{}', 'h')
          returning abs(extract(epoch from written_at - now())) < 60 as now`);
        assert.equal(row?.now, true);
      });

      it('uses the time of the event, at most today, for rows older than the written_at column', async () => {
        await empty();
        await withStore(async ({ audit }) => {
          const years = [-1, 10].map((each) => Date.now() + each * 365 * DAY_MS);
          await audit.append(years.map((at, index) => ({ ...entry(index + 1, {}), at })));
        });
        await database().execute('alter table audit_event drop column written_at');
        await database().execute(`delete from kysely_migration where name >= '0009-audit-written-at'`);
        await undoMigrationsFrom10(database());
        await withStore(async ({ audit }) => {
          assert.equal((await verify(audit)).kind, 'whole');
        });
        const rows = await database().execute(`
          select written_at = at as as_said, abs(extract(epoch from written_at - now())) < 60 as today
          from audit_event order by position`);
        assert.deepEqual(rows, [
          { as_said: true, today: false },
          { as_said: false, today: true },
        ]);
        // Events from before the figures are not counted.
        assert.deepEqual(await database().execute('select * from audit_count'), []);
        const [state] = await database().execute(
          `select abs(extract(epoch from complete_since - now())) < 60 as now from audit_figures_state`,
        );
        assert.deepEqual(state, { now: true });
        const change = database().execute(`update audit_event set event = 'x'`);
        await assert.rejects(change, /audit_event is append-only/);
      });

      it('gives a database of the release before the indexes by which a person’s events are found', async () => {
        await saveChain(3);
        await undoMigrationsFrom10(database());
        await withStore(async ({ audit }) => {
          assert.equal((await verify(audit)).kind, 'whole');
        });
        const indexes = await database().execute(
          `select indexname from pg_indexes where indexname in ('audit_event_person', 'audit_event_attempt')`,
        );
        assert.equal(indexes.length, 2);
      });

      it('removes all events, and continues at the next position', async () => {
        await saveChain(3);
        await withStore(async ({ audit }) => {
          clock.advance(DAY_MS);
          assert.equal(await audit.removeOlderThan(0), 3);
          assert.equal((await audit.append([entry(4, {})])).position, 4);
          const found = await verify(audit);
          assert.ok(found.kind === 'whole' && found.events === 1);
        });
      });

      it('cannot verify a head that was removed with its events', async () => {
        const head = await saveChain(3);
        await withStore(async ({ audit }) => {
          clock.advance(DAY_MS);
          await audit.append([entry(4, {}), entry(5, {})]);
          assert.equal(await audit.removeOlderThan(0), 3);
          const atCheckpoint = await verify(audit, head);
          assert.ok(atCheckpoint.kind === 'whole' && atCheckpoint.sinceIsKept);
          const before = await verify(audit, { ...head, position: 2 });
          assert.ok(before.kind === 'whole' && !before.sinceIsKept);
        });
      });

      it('removes more than one page of rows at once', async () => {
        await empty();
        await withStore(async ({ audit }) => {
          for (let at = 0; at < 4_500; at += 500) {
            await audit.append(Array.from({ length: 500 }, (_, index) => entry(at + index + 1, {})));
          }
          clock.advance(DAY_MS);
          await audit.append([entry(4_501, {})]);
          assert.equal((await rowsOf(audit)).length, 4_501);
          assert.equal(await audit.removeOlderThan(0), 4_500);
          const found = await verify(audit);
          assert.ok(found.kind === 'whole' && found.events === 1);
        });
      });
    });

    it('verifies rows written with an earlier SECRET_KEY, and records the key of each row', async () => {
      await empty();
      // Without stored secrets, the database can be opened with any SECRET_KEY.
      const ofNoSecretKey = () => database().execute('delete from kept_secret');
      const [first, second] = ['first', 'second'].map((name) =>
        createSecrets(`the ${name} SECRET_KEY, which is long enough`),
      );
      assert.ok(first && second);
      await ofNoSecretKey();
      await withStore(
        async ({ audit }) => {
          await audit.append([entry(1, {}), entry(2, {})]);
        },
        {
          secrets: first,
        },
      );
      await ofNoSecretKey();
      await withStore(
        async ({ audit }) => {
          await audit.append([entry(3, {})]);
        },
        { secrets: second },
      );
      // Decrypts the rows of both keys, as a SECRET_KEY with two values does.
      const both = {
        ...second,
        open: (sealed: string, context: string) =>
          (sealed.includes(first.auditKeys.keyId) ? first : second).open(sealed, context),
      };
      await ofNoSecretKey();
      await withStore(
        async ({ audit }) => {
          assert.equal((await verify(audit)).kind, 'whole');
          assert.deepEqual(
            (await rowsOf(audit)).map(({ keyId }) => keyId),
            [first, first, second].map(({ auditKeys }) => auditKeys.keyId),
          );
        },
        { secrets: both },
      );
      await ofNoSecretKey();
      await withStore(
        async ({ audit }) => {
          assert.deepEqual(await verify(audit), { kind: 'broken', position: 1, fault: 'key_missing' });
        },
        { secrets: second },
      );
      await ofNoSecretKey();
    });
  });

  async function withStore(
    use: (store: Store) => Promise<void>,
    options: TestStoreOptions = {},
  ): Promise<void> {
    const store = await database().open({ now: clock.now, ...options });
    try {
      await use(store);
    } finally {
      await store.close();
    }
  }

  /** Runs statements as an attacker who owns the database, with the triggers disabled. */
  async function pastTriggers(statements: string): Promise<void> {
    await database().execute(`do $$ begin
      alter table audit_event disable trigger user;
      ${statements};
      alter table audit_event enable trigger user;
    end $$`);
  }

  function empty(): Promise<void> {
    return pastTriggers('delete from audit_event; delete from audit_checkpoint');
  }

  /** Writes a chain of events and saves it, so that each test can tamper with a copy. */
  async function saveChain(count: number): Promise<ChainHead> {
    await empty();
    let head: ChainHead | undefined;
    await withStore(async ({ audit }) => {
      head = await audit.append(
        Array.from({ length: count }, (_, index) => entry(index + 1, { attempt: 'a' })),
      );
    });
    assert.ok(head);
    await pastTriggers(
      TABLES.map(
        (table) => `drop table if exists kept.${table}; create table kept.${table} as table ${table}`,
      ).join(';'),
    );
    return head;
  }

  /** Restores the saved chain and tampers with it. */
  async function tamper(statements: string): Promise<void> {
    const restore = TABLES.map((table) => `delete from ${table}; insert into ${table} table kept.${table}`);
    await pastTriggers([...restore, statements].join(';'));
  }

  function entry(number: number, data: AuditEntry['data'], later = 0): AuditEntry {
    return { at: clock.now() + later, instance: 'an-instance', number, event: 'login_begun', data };
  }
}

const TABLES = ['audit_event', 'audit_checkpoint', 'audit_key'] as const;

function checkpointAt(position: number): string {
  return `insert into audit_checkpoint select position, hash, key_id, hash, at from audit_event where position = ${position}`;
}

function verify(audit: AuditStore, since?: ChainHead): Promise<Verification> {
  return audit.view((view) => verifyChain(view, since));
}

export function rowsOf(audit: AuditStore, filter?: RowFilter): Promise<AuditRow[]> {
  return audit.view(async ({ rows }) => {
    const found = [];
    for await (const row of rows(filter)) found.push(row);
    return found;
  });
}

function entryOf({ at, instance, number, event, data }: AuditRow): AuditEntry {
  return { at, instance, number, event, data };
}

/** Takes back what the last migration has added. */
