import assert from 'node:assert/strict';
import { beforeEach, describe, it, mock } from 'node:test';
import { createAudit, type RunningAudit } from '../../src/audit/audit.ts';
import { COUNTED_MS, REFUSAL_EVERY_MS, REFUSALS_AT_ONCE } from '../../src/audit/flood-guard.ts';
import { CAPACITY } from '../../src/audit/queue.ts';
import { referenceOf } from '../../src/reference.ts';
import { withRequestId } from '../../src/log/request-id.ts';
import { createLogger } from '../../src/log/logger.ts';
import { type AuditList, createAuditList } from '../support/outputs/audit.ts';

const PERSON = 'PNOEE-40504040001';
const ADDRESS = '2001:db8:1:2:3:4:5:6';
const REFUSAL = { event: 'oidc_refused', endpoint: 'token', code: 'invalid_grant' } as const;

let time: number;
let list: AuditList;
let lines: Record<string, unknown>[];
let audit: RunningAudit;
/** What the metrics count. */
let lostEvents: number;

beforeEach(() => {
  mock.timers.reset();
  time = 1_900_000_000_000;
  list = createAuditList();
  lines = [];
  lostEvents = 0;
  audit = createAudit({
    store: { append: (entries) => list.append(entries) },
    log: createLogger({
      level: 'info',
      destination: { write: (line) => lines.push(JSON.parse(line) as Record<string, unknown>) },
    }),
    pseudonym: (value) => `pseudonym of ${Buffer.from(value).toString('hex')}`,
    instance: 'this-instance',
    now: () => time,
    onLost: (count) => (lostEvents += count),
  });
});

function begin(attempt = 'attempt-1'): void {
  audit.record({
    event: 'login_begun',
    attempt,
    client: 'client',
    flow: 'notification',
    person: PERSON,
    address: ADDRESS,
  });
}

function logged(event: string): Record<string, unknown>[] {
  return lines.filter((line) => line.event === event);
}

describe('an event', () => {
  it('that sums up what was left out has no number, although a request has caused it to be written', () => {
    withRequestId(() => {
      for (let refusal = 0; refusal < REFUSALS_AT_ONCE + 1; refusal += 1) {
        audit.record({ event: 'callback_refused', code: 'callback_spent' });
      }
    });
    time += COUNTED_MS;
    withRequestId(() => {
      begin();
    });
    const [omitted] = logged('refusals_omitted');
    assert.equal(omitted?.count, 1);
    assert.equal('request' in omitted, false);
  });

  it('has the number of the request that it belongs to, in the log and in the entry, and none outside of requests', async () => {
    const number = withRequestId((requestId) => {
      begin();
      return requestId;
    });
    begin();
    assert.deepEqual(
      logged('login_begun').map(({ request }) => request),
      [number, undefined],
    );
    await audit.close(0);
    assert.deepEqual(
      list.kept.map(({ data }) => data.request),
      [number, undefined],
    );
  });

  it('is logged at once and stored as an entry with the same members', async () => {
    begin();
    const members = {
      attempt: 'attempt-1',
      client: 'client',
      flow: 'notification',
      reference: referenceOf('attempt-1'),
    };
    const [line] = logged('login_begun');
    assert.equal(line?.msg, 'login begun');
    assert.equal(line.level, 'info');
    assert.equal(await audit.close(0), 0);
    const [kept] = list.kept;
    assert.ok(kept);
    const { data, ...entry } = kept;
    assert.deepEqual(entry, { at: time, instance: 'this-instance', number: 1, event: 'login_begun' });
    const { person, address, ...rest } = data;
    assert.deepEqual(rest, members);
    for (const [name, value] of Object.entries(data)) assert.equal(line[name], value);
    assert.match(String(person), /^pseudonym of /);
    assert.match(String(address), /^pseudonym of /);
  });

  it('contains persons and addresses only as pseudonyms, an address by its network', async () => {
    begin();
    await audit.close(0);
    const written = JSON.stringify([lines, list.kept]);
    assert.ok(!written.includes('40504040001'));
    assert.ok(!written.includes('2001:db8'));
    const { address } = list.kept[0]?.data ?? {};
    assert.equal(address, `pseudonym of ${Buffer.from('2001:db8:1:2::/64').toString('hex')}`);
  });

  it('contains no text that a database refuses', async () => {
    const detail = `a\0b\ud800${'x'.repeat(1_000)}`;
    audit.record({ ...REFUSAL, detail });
    await audit.close(0);
    const kept = String(list.kept[0]?.data.detail);
    assert.ok(kept.isWellFormed() && !kept.includes('\0') && kept.length <= 500);
  });
});

describe('writing', () => {
  it('waits briefly for more events, and writes them together', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    for (let each = 0; each < 7; each++) begin();
    assert.deepEqual(list.writes, []);
    mock.timers.tick(200);
    await settled();
    assert.deepEqual(list.writes, [7]);
    assert.deepEqual(
      list.kept.map(({ number }) => number),
      [1, 2, 3, 4, 5, 6, 7],
    );
  });

  it('keeps events while the database is unavailable, and writes each once and in order afterwards', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    list.isUnavailable = true;
    begin('first');
    mock.timers.tick(200);
    await settled();
    begin('second');
    mock.timers.tick(500);
    await settled();
    assert.equal(logged('audit_not_written').length, 1);
    list.isUnavailable = false;
    mock.timers.tick(1_000);
    await settled();
    assert.deepEqual(
      list.kept.map(({ data }) => data.attempt),
      ['first', 'second'],
    );
    assert.equal(logged('audit_written_again').length, 1);
  });

  it('counts events beyond its capacity, and reports the number in the log and in the audit', async () => {
    list.isUnavailable = true;
    for (let each = 0; each < CAPACITY + 3; each++) begin();
    assert.equal(logged('audit_queue_full').length, 1);
    assert.equal(lostEvents, 3);
    assert.equal(logged('login_begun').length, CAPACITY + 3);
    list.isUnavailable = false;
    assert.equal(await audit.close(0), 0);
    assert.equal(list.kept.length, CAPACITY + 1);
    assert.equal(lostEvents, 3);
    const lost = list.kept.find(({ event }) => event === 'audit_events_lost');
    assert.deepEqual(lost?.data, { count: 3 });
    assert.equal(logged('audit_events_lost')[0]?.level, 'error');
  });

  it('is completed by close', async () => {
    for (let each = 0; each < 1_234; each++) begin();
    assert.equal(await audit.close(0), 0);
    assert.deepEqual(list.writes, [500, 500, 234]);
  });

  it('does not delay close beyond its limit', async () => {
    const hanging = createAudit({
      store: { append: () => new Promise(() => undefined) },
      log: createLogger({ level: 'silent' }),
      pseudonym: (value) => value,
      instance: 'this-instance',
      now: Date.now,
    });
    hanging.record(REFUSAL);
    assert.equal(await hanging.close(20), 1);
  });

  it('ends with close, even if a write fails after it', async () => {
    const answer = Promise.withResolvers<never>();
    let writes = 0;
    const closed = createAudit({
      store: {
        append: () => {
          writes += 1;
          return answer.promise;
        },
      },
      log: createLogger({ level: 'silent' }),
      pseudonym: String,
      instance: 'this-instance',
      now: Date.now,
    });
    closed.record({ event: 'instance_stopped' });
    assert.equal(await closed.close(10), 1);
    mock.timers.enable({ apis: ['setTimeout'] });
    answer.reject(new Error('the store is closed'));
    await new Promise((resolve) => setImmediate(resolve));
    mock.timers.tick(60_000);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(writes, 1);
  });

  it('reports the events that close could not write', async () => {
    list.isUnavailable = true;
    begin();
    begin();
    assert.equal(await audit.close(0), 2);
    assert.equal(logged('audit_events_lost')[0]?.count, 2);
    assert.equal(lostEvents, 2);
  });
});

describe('the head of the chain', () => {
  it('is logged at the first write, once an hour, and at the end', async () => {
    mock.timers.enable({ apis: ['setTimeout'] });
    for (const hours of [0, 0.5, 0.4, 0.2, 0.1]) {
      time += hours * 3_600_000;
      begin();
      mock.timers.tick(200);
      await settled();
    }
    assert.deepEqual(
      logged('audit_head').map(({ head }) => head),
      ['1.hash', '4.hash'],
    );
    await audit.close(0);
    assert.equal(logged('audit_head').length, 3);
  });

  it('is logged once after a single write', async () => {
    begin();
    await audit.close(0);
    assert.equal(logged('audit_head').length, 1);
  });
});

describe('refusals that an unauthenticated request can cause', () => {
  it('are stored up to a number at once, and then one by one; the rest is counted and logged', async () => {
    for (let each = 0; each < REFUSALS_AT_ONCE + 5; each++) audit.record(REFUSAL);
    begin();
    time += COUNTED_MS;
    audit.record(REFUSAL);
    await audit.close(0);
    assert.equal(logged('oidc_refused').length, REFUSALS_AT_ONCE + 6);
    const kept = list.kept.filter(({ event }) => event === 'oidc_refused');
    assert.equal(kept.length, REFUSALS_AT_ONCE + 1);
    const omitted = list.kept.filter(({ event }) => event === 'refusals_omitted');
    assert.deepEqual(
      omitted.map(({ data }) => data),
      [{ of: 'oidc_refused', count: 5 }],
    );
  });

  it('are at most 7,300 of a kind in a day, and 144 counts of the others, for any number of them', async () => {
    let count = 0;
    for (const end = time + 86_400_000; time < end; time += 1_000) {
      audit.record(REFUSAL);
      count += 1;
    }
    await audit.close(1_000);
    const kept = list.kept.filter(({ event }) => event === 'oidc_refused').length;
    assert.equal(kept, REFUSALS_AT_ONCE + 86_400_000 / REFUSAL_EVERY_MS - 1);
    assert.ok(kept <= 7_300);
    const omitted = list.kept.filter(({ event }) => event === 'refusals_omitted');
    assert.ok(omitted.length <= 144, `${omitted.length}`);
    const inAll = omitted.reduce((sum, { data }) => sum + Number(data.count), kept);
    assert.equal(inAll, count);
  });

  it('are stored again after the clock was ahead and was corrected', async () => {
    for (let each = 0; each < REFUSALS_AT_ONCE + 5; each++) audit.record(REFUSAL);
    time -= 3_600_000;
    for (let each = 0; each < 3; each++) audit.record(REFUSAL);
    await audit.close(0);
    const kept = list.kept.map(({ event, data }) => (event === 'oidc_refused' ? event : data));
    assert.deepEqual(kept.slice(REFUSALS_AT_ONCE), [
      { of: 'oidc_refused', count: 5 },
      ...Array.from({ length: 3 }, () => 'oidc_refused'),
    ]);
  });

  it('are counted at close too', async () => {
    for (let each = 0; each < REFUSALS_AT_ONCE + 2; each++) audit.record(REFUSAL);
    await audit.close(0);
    assert.deepEqual(list.kept.at(-1)?.data, { of: 'oidc_refused', count: 2 });
  });
});

/** Lets pending promises settle. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await Promise.resolve();
}
