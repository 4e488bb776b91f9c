/** What an instance says of itself in the database, while it runs, when it stops, and when it dies. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OpenedFoundation } from '../../../src/bootstrap/foundation.ts';
import { startHeartbeats } from '../../../src/bootstrap/periodic/heartbeats.ts';
import { createLogger } from '../../../src/log/logger.ts';
import { HEARTBEAT_MS, stateOf, type Heartbeat } from '../../../src/ops/instance-store.ts';

const CURRENT = {
  waitingLogins: 7,
  circuit: 'half_open',
  pool: undefined,
  smartIdTlsExpires: new Date(5_000),
};

function instanceOf(beat: (heartbeat: Heartbeat) => Promise<void>) {
  const lines: string[] = [];
  const stops: (() => Promise<void>)[] = [];
  const foundation = {
    store: { instances: { beat } },
    log: createLogger({ level: 'info', destination: { write: (line) => void lines.push(line) } }),
    now: () => 1_000,
    instance: 'this-instance',
    metrics: { current: () => CURRENT },
    audit: { backlog: () => ({ queued: 2, lost: 3 }) },
  } as unknown as OpenedFoundation;
  return {
    lines,
    start: () => startHeartbeats(foundation, (close) => stops.push(close)),
    stop: () => Promise.all(stops.map((close) => close())),
  };
}

describe('the heartbeats of an instance', () => {
  it('come at the start, then every 15 seconds, and say that it has stopped', async (test) => {
    test.mock.timers.enable({ apis: ['setTimeout', 'setInterval'] });
    const beats: Heartbeat[] = [];
    const instance = instanceOf((heartbeat) => Promise.resolve(void beats.push(heartbeat)));
    await instance.start();
    const [first] = beats;
    assert.ok(first && beats.length === 1);
    const { version, gauges, ...rest } = first;
    assert.match(version, /^\d+\.\d+\.\d+/);
    assert.deepEqual(rest, { id: 'this-instance', startedAt: 1_000, stopped: false });
    const { eventLoopLagMs, ...others } = gauges;
    assert.ok(Number.isFinite(eventLoopLagMs));
    assert.deepEqual(others, {
      waitingLogins: 7,
      circuit: 'half_open',
      queuedEvents: 2,
      lostEvents: 3,
      smartIdTlsExpires: 5_000,
    });
    for (let times = 2; times < 5; times += 1) {
      test.mock.timers.tick(HEARTBEAT_MS);
      await new Promise(setImmediate);
      assert.equal(beats.length, times);
    }
    await instance.stop();
    assert.deepEqual(
      beats.map(({ stopped }) => stopped),
      [false, false, false, false, true],
    );
  });

  it('that fail are logged, and stop nothing', async () => {
    const instance = instanceOf(() => Promise.reject(new Error('the database is away')));
    await instance.start();
    await instance.stop();
    assert.equal(instance.lines.length, 2);
    for (const line of instance.lines) assert.match(line, /"heartbeat_failed".*the database is away/);
  });

  it('make it running, stopped, or gone where three are missing', () => {
    const seen = (unseenMs: number, stopped = false) => stateOf({ unseenMs, stopped });
    assert.equal(seen(0), 'running');
    assert.equal(seen(3 * HEARTBEAT_MS), 'running');
    assert.equal(seen(4 * HEARTBEAT_MS), 'gone');
    assert.equal(seen(4 * HEARTBEAT_MS, true), 'stopped');
  });
});
