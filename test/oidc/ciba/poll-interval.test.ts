import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errors } from 'oidc-provider';
import { createPollIntervals } from '../../../src/oidc/ciba/poll-interval.ts';
import type { RecordStore } from '../../../src/oidc/stores.ts';

const NOW = 1_900_000_000_000;

/** Two instances with one store, and a clock that a test moves. */
function twoInstances() {
  const stored = new Map<string, { readonly payload: Record<string, unknown> }>();
  const records = {
    find: async (_model: string, id: string) => stored.get(id),
    put: async (_model: string, id: string, payload: Record<string, unknown>) =>
      void stored.set(id, { payload }),
  } as unknown as RecordStore;
  const clock = { ms: NOW };
  const instance = () => createPollIntervals(records, () => clock.ms);
  return { one: instance(), other: instance(), clock };
}

const answered = () => Promise.resolve('answered');

describe('the requests of a client for one login', () => {
  it('are answered two seconds apart, half a second of which is for the way, by all instances together', async () => {
    const { one, other, clock } = twoInstances();
    assert.equal(await one('login', 0, answered), 'answered');
    for (const [milliseconds, isAnswered] of [
      [1_499, false],
      [1, true],
      [1_499, false],
      [501, true],
    ] as const) {
      clock.ms += milliseconds;
      const asked = other('login', 0, answered);
      if (isAnswered) assert.equal(await asked, 'answered');
      else await assert.rejects(asked, errors.SlowDown);
    }
    assert.equal(await one('another login', 0, answered), 'answered');
  });

  it('do not have to wait for longer because one came too early', async () => {
    const { one, clock } = twoInstances();
    await one('login', 0, answered);
    for (const milliseconds of [500, 500]) {
      clock.ms += milliseconds;
      await assert.rejects(one('login', 0, answered), errors.SlowDown);
    }
    clock.ms += 500;
    assert.equal(await one('login', 0, answered), 'answered');
  });

  it('are one at a time, however long it takes, and another one follows also where it fails', async () => {
    const { one, clock } = twoInstances();
    const work = Promise.withResolvers<string>();
    const first = one('login', 0, () => work.promise);
    clock.ms += 60_000;
    await assert.rejects(one('login', 0, answered), errors.SlowDown);
    work.reject(new Error('the database is away'));
    await assert.rejects(first, /away/);
    clock.ms += 2_000;
    assert.equal(await one('login', 0, answered), 'answered');
  });

  it('may follow a clock that was set back', async () => {
    const { one, clock } = twoInstances();
    await one('login', 0, answered);
    clock.ms -= 3_600_000;
    assert.equal(await one('login', 0, answered), 'answered');
  });
});
