import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { AuditEntry, AuditRow, ChainHead, RowFilter } from '../../../src/audit/audit-store.ts';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import type { TestDatabase } from '../../support/database.ts';
import { auditFixture, rowsOf, verify } from './audit-fixture.ts';
import type { TestClock } from './clock.ts';

/** The chain, including its detection of tampering. No store is open when one of these tests starts. */
export function auditSuite(database: () => TestDatabase, clock: TestClock): void {
  const { withStore, empty, saveChain, tamper, entry } = auditFixture(database, clock);

  describe('the audit', () => {
    before(async () => {
      await database().execute('create schema if not exists kept');
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
          // Changes the first character.
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
          'a checkpoint with unknown keys',
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
}

function checkpointAt(position: number): string {
  return `insert into audit_checkpoint select position, hash, key_id, hash, at from audit_event where position = ${position}`;
}

function entryOf({ at, instance, number, event, data }: AuditRow): AuditEntry {
  return { at, instance, number, event, data };
}
