import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { TestDatabase } from '../../support/database.ts';
import { auditFixture, rowsOf, verify } from './audit-fixture.ts';
import type { TestClock } from './clock.ts';
import { undoMigrationsFrom10 } from './earlier-schema.ts';
import { quickPace } from './quick-pace.ts';

const DAY_MS = 86_400_000;

/** The removal of old events, and those of earlier releases. No store is open when one of these tests starts. */
export function auditRemovalSuite(database: () => TestDatabase, clock: TestClock): void {
  const { withStore, empty, saveChain, entry } = auditFixture(database, clock);

  describe('the audit over time', () => {
    before(async () => {
      await database().execute('create schema if not exists kept');
    });

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
      const checkpoints = await database().execute('select position::int as position from audit_checkpoint');
      assert.deepEqual(checkpoints, [{ position: 12 }]);
    });

    it('keeps an event to the end of its last day, UTC, for any time that the event states', async () => {
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
        assert.equal(await audit.removeOlderThan(0, quickPace()), 4_500);
        const found = await verify(audit);
        assert.ok(found.kind === 'whole' && found.events === 1);
      });
    });
  });
}
