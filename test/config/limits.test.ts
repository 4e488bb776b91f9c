import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/config.ts';
import { LIVE, problemsOf } from './problems.ts';

describe('the limits of the configuration', () => {
  it('has limits against abuse, and higher ones with the simulator', () => {
    const hour = 3_600_000;
    assert.deepEqual(loadConfig(LIVE).limits, {
      person: { count: 10, perMs: hour },
      address: { count: 100, perMs: hour / 6 },
      client: { count: 6_000, perMs: hour / 6 },
      pushWaits: [0, 30_000, 120_000, 600_000, hour],
      requests: { count: 3_000, perMs: 60_000 },
      waiting: 5_000,
    });
    // Test suites log in the same account from many browsers at once.
    const { person, address, pushWaits } = loadConfig({}).limits;
    assert.deepEqual([person, address], Array(2).fill({ count: 1_000, perMs: hour / 6 }));
    assert.equal(pushWaits, undefined);
    assert.deepEqual(loadConfig({ RATE_PUSH: '0s,30s' }).limits.pushWaits, [0, 30_000]);
  });

  it('accepts limits as count/period or off', () => {
    const { limits } = loadConfig({
      ...LIVE,
      RATE_PERSON: '7/2d',
      RATE_ADDRESS: 'off',
      RATE_CLIENT: '1/1s',
      RATE_PUSH: '5s,1m',
      RATE_REQUESTS: 'off',
      WAITING_LIMIT: '800',
    });
    assert.deepEqual(limits, {
      person: { count: 7, perMs: 172_800_000 },
      address: undefined,
      client: { count: 1, perMs: 1_000 },
      pushWaits: [5_000, 60_000],
      requests: undefined,
      waiting: 800,
    });
    assert.equal(loadConfig({ ...LIVE, RATE_PUSH: 'off' }).limits.pushWaits, undefined);
    assert.equal(loadConfig({ WAITING_LIMIT: 'off' }).limits.waiting, undefined);
    for (const wrong of ['0', '-1', '1.5', 'none'])
      assert.deepEqual(problemsOf({ WAITING_LIMIT: wrong }), ['WAITING_LIMIT'], wrong);
    for (const wrong of ['10', '0/1h', '10/h', '10/0s', '1h/10', '-1/1h', '1/1w', '1/8d', 'OFF', '10 / 1h']) {
      assert.deepEqual(problemsOf({ RATE_PERSON: wrong }), ['RATE_PERSON'], wrong);
    }
    for (const wrong of ['30', '30s,', '1h;2h', '8d', '-1s', '30s off']) {
      assert.deepEqual(problemsOf({ RATE_PUSH: wrong }), ['RATE_PUSH'], wrong);
    }
  });
});
