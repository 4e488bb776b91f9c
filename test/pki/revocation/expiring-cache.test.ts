import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createExpiringCache } from '../../../src/pki/revocation/expiring-cache.ts';

const HOUR = 3_600_000;

describe('a cache of values with a time', () => {
  it('keeps a value until its time, and loads it again after it', async () => {
    const { read, wait, loads } = aCache();
    await read();
    wait(HOUR - 1);
    await read();
    assert.equal(loads(), 1);
    wait(1);
    await read();
    assert.equal(loads(), 2);
  });

  it('loads a value again that it got before the clock was set back', async () => {
    const { read, wait, loads } = aCache();
    await read();
    wait(-24 * HOUR);
    await read();
    assert.equal(loads(), 2);
    wait(HOUR);
    await read();
    assert.equal(loads(), 3);
  });

  it('shares a load with all who wait for it, and keeps no failure', async () => {
    let loads = 0;
    const cache = createExpiringCache<string>(() => new Date(0));
    const fail = async () => {
      loads += 1;
      throw new Error(`load ${loads}`);
    };
    const both = await Promise.allSettled([cache('key', fail), cache('key', fail)]);
    assert.deepEqual(
      both.map(({ status }) => status),
      ['rejected', 'rejected'],
    );
    assert.equal(loads, 1);
    await assert.rejects(cache('key', fail), /load 2/);
  });
});

function aCache() {
  let time = Date.UTC(2031, 3, 5);
  let loads = 0;
  const cache = createExpiringCache<number>(() => new Date(time));
  return {
    read: () => cache('key', async () => ({ value: (loads += 1), until: new Date(time + HOUR) })),
    wait: (milliseconds: number) => void (time += milliseconds),
    loads: () => loads,
  };
}
