import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createRateLimiter } from '../../../src/login/limits/rate-limiter.ts';

describe('a rate limiter in memory', () => {
  it('allows a burst, answers how long the next request waits, and counts each key separately', () => {
    let time = 1_000_000;
    const limiter = createRateLimiter({ count: 3, perMs: 6_000 }, () => time);
    assert.deepEqual(
      [1, 2, 3, 4].map(() => limiter.take('a')),
      [0, 0, 0, 2],
    );
    assert.equal(limiter.take('b'), 0);
    time += 1_999;
    assert.equal(limiter.take('a'), 1);
    time += 1;
    assert.deepEqual(
      [1, 2].map(() => limiter.take('a')),
      [0, 2],
    );
    time += 6_000;
    assert.deepEqual(
      [1, 2, 3, 4].map(() => limiter.take('a')),
      [0, 0, 0, 2],
    );
  });

  it('allows as many requests over time as the rate', () => {
    let time = 0;
    const limiter = createRateLimiter({ count: 10, perMs: 1_000 }, () => time);
    let passed = 0;
    for (; time < 60_000; time += 7) if (limiter.take('a') === 0) passed += 1;
    assert.ok(passed >= 600 && passed <= 610, `${passed}`);
  });

  it('keeps limiting a key while many others come', () => {
    let time = 0;
    const limiter = createRateLimiter({ count: 2, perMs: 60_000 }, () => time);
    assert.deepEqual(
      [1, 2].map(() => limiter.take('flood')),
      [0, 0],
    );
    for (let other = 0; other < 50_000; other++) limiter.take(`other ${other}`);
    time += 1_000;
    assert.ok(limiter.take('flood') > 0);
  });

  it('starts over if the clock was ahead and has been corrected', () => {
    let time = 10_000_000;
    const limiter = createRateLimiter({ count: 2, perMs: 60_000 }, () => time);
    for (const _ of [1, 2, 3]) limiter.take('a');
    time -= 3_600_000;
    assert.deepEqual(
      [1, 2, 3].map(() => limiter.take('a')),
      [0, 0, 30],
    );
    time += 60_000;
    assert.deepEqual(
      [1, 2, 3].map(() => limiter.take('a')),
      [0, 0, 30],
    );
  });

  it('keeps counting if the clock is set back a little', () => {
    let time = 10_000_000;
    const limiter = createRateLimiter({ count: 2, perMs: 60_000 }, () => time);
    time += 20_000;
    for (const _ of [1, 2]) limiter.take('a');
    time -= 10_000;
    assert.equal(limiter.take('a'), 40);
  });

  it('bounds its memory and time under a flood of keys', { timeout: 30_000 }, () => {
    const before = heapAfterCollection();
    const limiter = createRateLimiter({ count: 2, perMs: 3_600_000 }, () => 0);
    for (let key = 0; key < 1_000_000; key++) limiter.take(`2001:db8:${key}::/64`);
    assert.ok(heapAfterCollection() - before < 100 * 1024 * 1024);
    assert.equal(limiter.take('one more'), 0);
  });
});

/** What is alive, in bytes: garbage would be that of other tests too. */
function heapAfterCollection(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}
