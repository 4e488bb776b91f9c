import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { startCleanUp } from '../../../src/bootstrap/periodic/clean-up.ts';
import { createLogger } from '../../../src/log/logger.ts';
import type { RemovedRows, Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';

const NOTHING: RemovedRows = {
  attempts: 0,
  records: 0,
  loginResults: 0,
  knownBrowsers: 0,
  limits: 0,
  auditEvents: 0,
  instances: 0,
};
const log = createLogger({ level: 'silent' });
const TIMES = { everyMs: 5, leaseMs: 60_000, renewMs: 5 };

describe('the periodic clean-up', () => {
  let now = Date.now();
  let store: Store;
  before(async () => {
    store = await openTestStore({ now: () => now });
  });
  after(() => store.close());

  /** An instance whose clean-up is `removeExpired`, and its end. */
  function instance(
    name: string,
    removeExpired: Store['removeExpired'],
    { times = TIMES, logger = log }: { readonly times?: typeof TIMES; readonly logger?: typeof log } = {},
  ): () => Promise<void> {
    const { leases } = store;
    return startCleanUp(
      { auditDays: 365 },
      { store: { leases, removeExpired }, log: logger, instance: name },
      times,
    );
  }

  /** The lease of the tests before is over. */
  function later(): void {
    now += 2 * TIMES.leaseMs;
  }

  it('is done by one instance, until its lease is over', async () => {
    later();
    const done: string[] = [];
    const both = Promise.withResolvers<undefined>();
    const cleanUpOf = (name: string) => () => {
      done.push(name);
      // The first one goes on, and renews its lease; then it is as if it had been suspended.
      if (done.length >= 3) later();
      if (new Set(done).size === 2) both.resolve(undefined);
      return Promise.resolve(NOTHING);
    };
    const stopOne = instance('one', cleanUpOf('one'));
    const stopOther = instance('other', cleanUpOf('other'));
    await both.promise;
    await Promise.all([stopOne(), stopOther()]);
    assert.equal(new Set(done.slice(0, 3)).size, 1, done.join());
  });

  it('starts again by itself after an error, which is logged', async () => {
    later();
    const lines = new PassThrough({ encoding: 'utf8' });
    const again = Promise.withResolvers<undefined>();
    let calls = 0;
    const stop = instance(
      'one',
      () => {
        calls += 1;
        if (calls === 1) return Promise.reject(new Error('a statement has failed'));
        again.resolve(undefined);
        return Promise.resolve(NOTHING);
      },
      { logger: createLogger({ level: 'error', destination: lines }) },
    );
    await again.promise;
    await stop();
    const [line = ''] = String(lines.read()).split('\n');
    const { event, err } = JSON.parse(line) as {
      readonly event: unknown;
      readonly err: { message: unknown };
    };
    assert.deepEqual([event, err.message], ['cleanup_failed', 'a statement has failed']);
  });

  it('ends between two batches when the instance stops', async () => {
    later();
    const begun = Promise.withResolvers<undefined>();
    const stop = instance('one', ({ signal }) =>
      untilAborted(signal, () => {
        begun.resolve(undefined);
      }),
    );
    await begun.promise;
    await stop();
  });

  it('ends when another instance has taken the work meanwhile', async () => {
    later();
    const begun = Promise.withResolvers<undefined>();
    const ended = Promise.withResolvers<undefined>();
    const stop = instance('suspended', async ({ signal }) => {
      await untilAborted(signal, () => {
        begun.resolve(undefined);
      });
      ended.resolve(undefined);
      return NOTHING;
    });
    await begun.promise;
    // Its time is over before it renews the lease.
    for (let taken = false; !taken;) {
      await setImmediate();
      later();
      taken = await store.leases.claim('clean_up', 'another', TIMES.leaseMs);
    }
    await ended.promise;
    await stop();
  });
});

function untilAborted(signal: AbortSignal | undefined, begun: () => void): Promise<RemovedRows> {
  return new Promise((resolve) => {
    signal?.addEventListener('abort', () => {
      resolve(NOTHING);
    });
    begun();
  });
}
