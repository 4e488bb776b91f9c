import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shareOf } from '../../../src/bootstrap/workers/share.ts';

describe('the limits of one of several workers', () => {
  const limits = {
    requests: { count: 3_000, perMs: 60_000 },
    address: { count: 100, perMs: 600_000 },
    waiting: 5_000,
  };

  it('are a part of those of the instance, rounded up, in the same time', () => {
    assert.deepEqual(shareOf(limits, 3), {
      requests: { count: 1_000, perMs: 60_000 },
      address: { count: 34, perMs: 600_000 },
      waiting: 1_667,
    });
    assert.deepEqual(shareOf({ ...limits, waiting: 1 }, 64).waiting, 1);
  });

  it('are those of the instance if it is the only one, and stay off', () => {
    assert.deepEqual(shareOf(limits, 1), limits);
    const off = { requests: undefined, address: undefined, waiting: undefined };
    assert.deepEqual(shareOf(off, 4), off);
  });
});
