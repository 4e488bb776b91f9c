import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type Provider from 'oidc-provider';
import { pino } from 'pino';
import type { BackchannelLogin } from '../../../src/oidc/ciba/backchannel-login.ts';
import { createFollowing, createPings } from '../../../src/oidc/ciba/pings.ts';
import { StoreError, isOutage } from '../../../src/store/errors.ts';
import { openTestStore } from '../../support/database.ts';

const REQUEST = { jti: 'request', clientId: 'client', exp: Math.floor(Date.now() / 1000) + 170 };

describe('a login that two instances follow after an outage of the store', () => {
  for (const lost of [0, 1]) {
    it(`is told to its client once, where the store loses ${lost} of its answers`, async () => {
      let ahead = 0;
      let answersToLose = lost;
      const now = () => Date.now() + ahead;
      const store = await openTestStore({ now });
      let consumed = 0;
      const records = {
        ...store.records,
        async consume(model: string, id: string) {
          const isFirst = await store.records.consume(model, id);
          consumed += 1;
          return isFirst;
        },
        async add(...record: Parameters<typeof store.records.add>) {
          const isFirst = await store.records.add(...record);
          if (record[0] === 'CibaPing' || answersToLose === 0) return isFirst;
          answersToLose -= 1;
          throw new StoreError('database_unreachable', 'the answer was lost');
        },
      };
      let isAnswered = false;
      const [told, steps]: [string[], string[]] = [[], []];
      const following = [createFollowing(), createFollowing()] as const;
      const instances = following.map((each, index) => {
        const client = {
          backchannelTokenDeliveryMode: 'ping',
          backchannelPing: async () => void told.push(`instance ${index}`),
        };
        const login = {
          async progress() {
            steps.push(`instance ${index}`);
            return { kind: isAnswered ? 'granted' : 'pending' };
          },
          abandon: () => assert.fail('it is not over'),
        };
        return createPings({ Client: { find: async () => client } } as unknown as Provider, {
          find: async () => REQUEST as never,
          following: each,
          login: login as unknown as BackchannelLogin,
          records,
          log: pino({ level: 'silent' }),
          isOutage,
          now,
        });
      });
      await instances[0]?.follow(REQUEST as never);
      // It has taken its lease, and renewed it: now it pauses.
      while (consumed < 2) await delay(5);
      // As if the first one could not renew its lease for so long.
      ahead = 40_000;
      await instances[1]?.takeOver();
      isAnswered = true;
      while (following.some(({ running }) => running.size > 0)) await delay(20);
      assert.equal(new Set(steps).size, 2);
      assert.equal(told.length, 1);
      await Promise.all(following.map((each) => each.stop()));
      await store.close();
    });
  }
});
