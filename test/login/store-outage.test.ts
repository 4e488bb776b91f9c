import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type Attempt } from '../../src/login/attempt.ts';
import {
  audit,
  authentication,
  AWAY,
  doneLate,
  given,
  isLost,
  login,
  prepareLogin,
  request,
  starts,
  waiting,
  complete,
} from '../support/login-under-test.ts';

prepareLogin();

describe('a login whose store does not confirm what it does', () => {
  for (const [name, end, event] of [
    ['cancelled', () => waiting().then((sent) => login.cancel(sent)), 'login_cancelled'],
    [
      'finished',
      async () => {
        given.pollResult = { kind: 'authenticated', authentication };
        return complete(await login.advance(await waiting(), 1000));
      },
      'login_finished',
    ],
  ] as const) {
    it(`that is ${name} is in the audit, once, also if the answer of the store is lost`, async () => {
      given.storeAnswers = ({ state }) => state !== name;
      await assert.rejects(end(), isLost);
      given.storeAnswers = () => true;
      while (!audit.events.some((each) => each.event === event)) await setImmediate();
      assert.equal(audit.events.filter((each) => each.event === event).length, 1);
      assert.equal((await login.current('uid'))?.state, name);
    });
  }

  it('is begun although the store does late what it has not answered', async () => {
    const begun = await login.begin(request());
    given.storeInstead = doneLate();
    assert.equal((await login.advance(begun, 1000)).state, 'waiting');
    assert.equal(starts, 1);
  });

  describe('that has failed keeps its reason although the store does not confirm it', () => {
    const ends = {
      'Smart-ID starts no session': async () => {
        given.startResult = { kind: 'failed', failure: { code: 'account_not_found', detail: 'HTTP 404' } };
        return [await login.begin(request()), 'account_not_found'];
      },
      'the limits admit no session': async () => {
        given.limitedStart = { by: 'person', retryAt: given.time + 60_000 };
        return [await login.begin(request()), 'too_many_logins_of_person'];
      },
      'the person refuses': async () => {
        const sent = await waiting();
        given.pollResult = { kind: 'failed', failure: { code: 'user_refused', detail: 'USER_REFUSED' } };
        return [sent, 'user_refused'];
      },
    } satisfies Record<string, () => Promise<[Attempt, string]>>;
    for (const [why, end] of Object.entries(ends)) {
      for (const isDone of [true, false]) {
        it(`${why}, and the store has ${isDone ? 'done' : 'not done'} it`, async () => {
          const [before, code] = await end();
          let failures = 0;
          given.storeInstead = async (change, next) => {
            if (next.state !== 'failed' || (failures += 1) > 1) return change();
            if (isDone) await change();
            throw AWAY;
          };
          await login.advance(before, 1000);
          const failed = await login.current('uid');
          assert.equal(failed?.state === 'failed' && failed.failure.code, code);
          const told = audit.events.filter(({ event }) => ['login_failed', 'login_limited'].includes(event));
          assert.equal(told.length, 1);
        });
      }
    }
  });
});
