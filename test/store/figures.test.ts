/** The figures of the audit, against its own counts, on both databases. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { AuditEntry } from '../../src/audit/audit-store.ts';
import { LEGS, quantileOf, TIME_BUCKETS } from '../../src/audit/figures.ts';
import type { Store } from '../../src/store/store.ts';
import { type TestDatabase, testStores } from '../support/database.ts';
import { rowsOf } from './suite/audit-fixture.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const START = Date.UTC(2031, 3, 5);

for (const { name, start } of testStores()) {
  describe(`the figures of the audit on ${name}`, () => {
    let now = START + 3 * DAY;
    let database: TestDatabase;
    let one: Store;
    let other: Store;
    before(async () => {
      database = await start();
      [one, other] = [await database.open({ now: () => now }), await database.open({ now: () => now })];
    });
    after(async () => {
      await one.close();
      await other.close();
      await database.stop();
    });

    it('equal the events of the audit when two instances write at once', async () => {
      const stores = [one, other, one, other];
      await Promise.all(
        stores.map(async ({ audit }, index) => {
          const entries = traffic(randomUUID(), 120, index + 1);
          for (let from = 0; from < entries.length; from += 17)
            await audit.append(entries.slice(from, from + 17));
        }),
      );
      await assertEqualCounts();
    });

    it('do not count an event twice that is written again after a lost confirmation', async () => {
      const entries = traffic(randomUUID(), 20, 9);
      const before = await rowsOf(one.audit);
      await one.audit.append(entries.slice(0, 1));
      await other.audit.append(entries.slice(1, 12));
      await one.audit.append(entries.slice(1));
      assert.equal((await rowsOf(one.audit)).length, before.length + 20);
      await assertEqualCounts();
    });

    it('count lost events and omitted refusals by the number that they tell', async () => {
      const at = START + 50 * HOUR;
      const entry = { at, instance: randomUUID() };
      await one.audit.append([
        { ...entry, number: 1, event: 'audit_events_lost', data: { count: 40 } },
        { ...entry, number: 2, event: 'refusals_omitted', data: { count: 7, of: 'oidc_refused' } },
        { ...entry, number: 3, event: 'audit_events_lost', data: { count: 2 } },
      ]);
      const counted = await one.figures.counts(at, at + HOUR);
      const sums = Object.fromEntries(counted.map(({ event, events }) => [event, events]));
      assert.deepEqual(sums, { audit_events_lost: 42, refusals_omitted: 7 });
    });

    it('have the buckets that the code expects', async () => {
      const limits = TIME_BUCKETS.join(', ');
      const [below, at] = await Promise.all([
        database.execute(`select audit_time_bucket(x - 1) as bucket from unnest(array[${limits}]) as x`),
        database.execute(`select audit_time_bucket(x) as bucket from unnest(array[${limits}]) as x`),
      ]);
      assert.deepEqual(
        below.map(({ bucket }) => bucket),
        [...TIME_BUCKETS.keys()],
      );
      assert.deepEqual(
        at.map(({ bucket }) => bucket),
        [...TIME_BUCKETS.keys()].map((index) => index + 1),
      );
    });

    it('accept events with any members', async () => {
      const at = START + 60 * HOUR;
      const data = { code: 'x'.repeat(500), client: 'ü'.repeat(500), flow: ['qr'], milliseconds: 'soon' };
      const entry = { at, instance: randomUUID(), event: 'login_waiting' };
      await one.audit.append([
        { ...entry, number: 1, data },
        { ...entry, number: 2, data: { milliseconds: -5, by: 'client' } },
        { ...entry, number: 3, data: { milliseconds: 1e300 } },
      ]);
      const counted = await one.figures.counts(at, at + HOUR);
      assert.equal(
        counted.reduce((sum, { events }) => sum + events, 0),
        3,
      );
      assert.deepEqual(
        (await one.figures.times(at, at + HOUR)).map(({ bucket }) => bucket).sort((a, b) => a - b),
        [0, TIME_BUCKETS.length],
      );
    });

    it('are the same after they are rebuilt, also when they were wrong', async () => {
      const expected = await everything();
      await database.execute('update audit_count set events = events + 1');
      await database.execute('delete from audit_time');
      await database.execute(`insert into audit_figures_state values ('2031-04-06T00:00:00Z')`);
      assert.equal((await one.figures.extent()).completeSince, START + DAY);
      assert.notDeepEqual(await everything(), expected);
      assert.equal(await one.figures.rebuild(), (await rowsOf(one.audit)).length);
      assert.deepEqual(await everything(), expected);
      assert.equal((await one.figures.extent()).completeSince, undefined);
    });

    it('are summed by hour and by day', async () => {
      for (const [unit, step] of [
        ['hour', HOUR],
        ['day', DAY],
      ] as const) {
        const expected = new Map<string, number>();
        for (const { hour, event, events } of (await everything()).counts) {
          const key = `${Math.floor(hour / step) * step} ${event}`;
          expected.set(key, (expected.get(key) ?? 0) + events);
        }
        const found = await one.figures.slots(0, now + DAY, unit);
        const entries = found.map(({ slot, event, events }) => [`${slot} ${event}`, events] as const);
        assert.deepEqual(new Map(entries.toSorted()), new Map([...expected].toSorted()));
      }
    });

    it('find the newest events of a name, and those of a reference, with the ends of the audit', async () => {
      const at = START + 70 * HOUR;
      const entry = { at, instance: randomUUID() };
      await one.audit.append([
        { ...entry, number: 1, event: 'login_begun', data: { reference: 'K7Q4-M2XF' } },
        { ...entry, number: 2, event: 'login_failed', data: { reference: 'K7Q4-M2XF', code: 'timeout' } },
        { ...entry, number: 3, event: 'tokens_issued', data: { reference: 'AAAA-AAAA' } },
      ]);
      assert.deepEqual(
        (await one.figures.newest(['login_failed'], 2, 5)).map(({ number }) => number),
        [2],
      );
      assert.deepEqual(await one.figures.newest(['login_failed'], 1, 5), []);
      const found = await one.figures.referred('K7Q4-M2XF', at - HOUR, at + HOUR);
      assert.deepEqual(
        found.map(({ event }) => event),
        ['login_begun', 'login_failed'],
      );
      assert.deepEqual(await one.figures.referred('K7Q4-M2XF', at + 1, at + HOUR), []);
      const { oldestAt, head, hasRemoved } = await one.figures.extent();
      const rows = await rowsOf(one.audit);
      assert.equal(head?.position, rows.length);
      assert.equal(oldestAt, rows[0]?.at);
      assert.equal(hasRemoved, false);
    });

    it('are removed with the days that retention removes', async () => {
      now = START + 3 * DAY + 2 * DAY;
      await one.removeExpired({ auditDays: 1 });
      assert.equal((await rowsOf(one.audit)).length, 0);
      assert.deepEqual(await everything(), { counts: [], times: [] });
    });

    async function everything() {
      const counts = [];
      for (let hour = START; hour < START + 75 * HOUR; hour += HOUR) {
        const inHour = await one.figures.counts(hour, hour + HOUR);
        counts.push(...inHour.map((count) => ({ hour, ...count })));
      }
      const times = await one.figures.times(0, now + DAY);
      const key = (value: object) => JSON.stringify(value, Object.keys(value).sort());
      const sorted = <V extends object>(values: readonly V[]) =>
        values.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
      return { counts: sorted(counts), times: sorted(times) };
    }

    /** Counts the rows of the audit here, and compares. */
    async function assertEqualCounts(): Promise<void> {
      const rows = await rowsOf(one.audit);
      const counted = new Map<string, number>();
      const timed = new Map<string, number>();
      const add = (map: Map<string, number>, key: readonly unknown[]) =>
        map.set(JSON.stringify(key), (map.get(JSON.stringify(key)) ?? 0) + 1);
      for (const { at, event, data } of rows) {
        const hour = Math.floor(at / HOUR) * HOUR;
        add(counted, [hour, event, data.code ?? data.by ?? '', data.client ?? '', data.flow ?? '']);
        const legs = {
          login_waiting: 'smartId',
          login_authenticated: 'person',
          login_finished: 'completion',
        };
        const leg = legs[event as keyof typeof legs] as string | undefined;
        const time = leg === 'smartId' ? data.milliseconds : data.legMilliseconds;
        if (leg !== undefined) add(timed, [leg, bucketOf(Number(time))]);
        if (event === 'login_finished') add(timed, ['whole', bucketOf(Number(data.milliseconds))]);
      }
      const { counts, times } = await everything();
      const found = counts.map(
        ({ hour, event, code, client, flow, events }) =>
          [JSON.stringify([hour, event, code, client, flow]), events] as const,
      );
      assert.ok(found.length > 50);
      assert.deepEqual(new Map(found.toSorted()), new Map([...counted].toSorted()));
      const foundTimes = times.map(
        ({ leg, bucket, events }) => [JSON.stringify([leg, bucket]), events] as const,
      );
      assert.equal(new Set(times.map(({ leg }) => leg)).size, LEGS.length);
      assert.deepEqual(new Map(foundTimes.toSorted()), new Map([...timed].toSorted()));
    }
  });
}

describe('a quantile', () => {
  it('lies in the bucket that has it', () => {
    const counts = [
      { leg: 'person', bucket: 3, events: 50 },
      { leg: 'person', bucket: 9, events: 50 },
    ];
    assert.equal(quantileOf(counts, 0.25), 175);
    assert.equal(quantileOf(counts, 0.5), 200);
    assert.equal(quantileOf(counts, 0.75), 1250);
  });

  it('is not known without times, and is the last limit beyond it', () => {
    assert.equal(quantileOf([], 0.5), undefined);
    assert.equal(quantileOf([{ leg: 'person', bucket: TIME_BUCKETS.length, events: 3 }], 0.95), 120_000);
  });
});

function bucketOf(milliseconds: number): number {
  return TIME_BUCKETS.filter((limit) => milliseconds >= limit).length;
}

/** Events of many kinds, hours, clients and flows. @param seed makes it differ from others */
function traffic(instance: string, count: number, seed: number): readonly AuditEntry[] {
  const kinds = [
    'login_begun',
    'login_waiting',
    'login_authenticated',
    'login_finished',
    'login_failed',
    'login_limited',
  ];
  return Array.from({ length: count }, (_, index) => {
    const chosen = index * 7 + seed * 13;
    const event = kinds[chosen % kinds.length] ?? '';
    return {
      at: START + (chosen % 47) * HOUR + index * 1_000,
      instance,
      number: index + 1,
      event,
      data: {
        client: `client-${chosen % 4}`,
        flow: ['qr', 'web2app', 'notification'][chosen % 3] ?? '',
        milliseconds: (chosen * 997) % 130_000,
        legMilliseconds: (chosen * 499) % 60_000,
        ...(event === 'login_failed' && { code: ['timeout', 'user_refused'][chosen % 2] ?? '' }),
        ...(event === 'login_limited' && { by: 'address' }),
      },
    };
  });
}
