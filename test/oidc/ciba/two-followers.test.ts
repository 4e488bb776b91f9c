import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type Provider from 'oidc-provider';
import { pino } from 'pino';
import type { BackchannelLogin } from '../../../src/oidc/ciba/backchannel-login.ts';
import { createFollowing, createPings } from '../../../src/oidc/ciba/pings.ts';
import type { RecordStore } from '../../../src/oidc/stores.ts';
import { isOutage, StoreError } from '../../../src/store/errors.ts';
import { openTestStore } from '../../support/database.ts';

const REQUEST = { jti: 'request', clientId: 'client', exp: Math.floor(Date.now() / 1000) + 170 } as never;
const LOST = new StoreError('database_unreachable', 'the answer was lost');

/**
 * Two instances with one store, and what they did.
 *
 * @param failing what fails for an instance, by its number
 */
async function twoInstances(
  t: TestContext,
  failing: (records: RecordStore, instance: number) => Partial<RecordStore> = () => ({}),
) {
  const state = { ahead: 0, isAnswered: false, consumed: 0 };
  const now = () => Date.now() + state.ahead;
  const store = await openTestStore({ now });
  const [told, steps]: [number[], number[]] = [[], []];
  const following = [createFollowing(), createFollowing()] as const;
  t.after(async () => {
    await Promise.all(following.map((each) => each.stop()));
    await store.close();
  });
  const start = (index: 0 | 1) => {
    const client = {
      backchannelTokenDeliveryMode: 'ping',
      backchannelPing: async () => void told.push(index),
    };
    const login = {
      async progress() {
        steps.push(index);
        return { kind: state.isAnswered ? 'granted' : 'pending' };
      },
      abandon: () => assert.fail('it is not over'),
    };
    const records: RecordStore = {
      ...store.records,
      async consume(model, id) {
        const isFirst = await store.records.consume(model, id);
        state.consumed += 1;
        return isFirst;
      },
    };
    return createPings({ Client: { find: async () => client } } as unknown as Provider, {
      find: async () => REQUEST,
      following: following[index],
      login: login as unknown as BackchannelLogin,
      records: { ...records, ...failing(records, index) },
      log: pino({ level: 'silent' }),
      isOutage,
      now,
    });
  };
  const untilDone = async () => {
    while (following.some(({ running }) => running.size > 0)) await delay(20);
  };
  return { state, told, steps, following, first: start(0), second: start(1), untilDone };
}

describe('a login whose client is to be told', () => {
  for (const lost of [0, 1]) {
    it(`is told once where two instances follow it, also if the store loses ${lost} of its answers`, async (t) => {
      let answersToLose = lost;
      const { state, told, steps, first, second, untilDone } = await twoInstances(t, (records) => ({
        async add(...record) {
          const isFirst = await records.add(...record);
          if (record[0] === 'CibaPing' || answersToLose === 0) return isFirst;
          answersToLose -= 1;
          throw LOST;
        },
      }));
      await first.follow(REQUEST);
      // It has taken its lease, and renewed it: now it pauses.
      while (state.consumed < 2) await delay(5);
      // As if the first one could not renew its lease for so long.
      state.ahead = 40_000;
      await second.takeOver();
      state.isAnswered = true;
      await untilDone();
      assert.equal(new Set(steps).size, 2);
      assert.equal(told.length, 1);
    });
  }

  it('is told by the other instance where the one that was to tell it has ended before it could', async (t) => {
    const { state, told, steps, following, first, second, untilDone } = await twoInstances(
      t,
      (_records, instance) => (instance === 0 ? { remove: () => Promise.reject(LOST) } : {}),
    );
    state.isAnswered = true;
    await first.follow(REQUEST);
    while (steps.length === 0) await delay(5);
    await following[0].stop();
    await second.takeOver();
    await untilDone();
    assert.deepEqual(told, [], 'the first one may still be about to');
    state.ahead = 40_000;
    await second.takeOver();
    await untilDone();
    assert.deepEqual(told, [1]);
  });
});
