import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attemptSchema } from '../../src/login/attempt-schema.ts';
import {
  type Attempt,
  type AttemptEvent,
  dueIn,
  isLive,
  overdue,
  transition,
} from '../../src/login/attempt.ts';
import { loginResultOf } from '../../src/login/login-result.ts';
import {
  aDeviceLinkSession,
  aPreparedDeviceLink,
  aPreparedSession,
  aSession,
  anAuthenticatedPerson,
} from '../support/answers/authentications.ts';

describe('an attempt', async () => {
  const NOW = 1_700_000_000_000;
  const authentication = await anAuthenticatedPerson();
  const identity = {
    id: 'a',
    interactionUid: 'u',
    clientId: 'c',
    createdAt: NOW,
    flow: 'notification' as const,
    identifier: 'PNOEE-40504040001',
  };
  const result = loginResultOf(authentication, identity.id, NOW);
  const callback = { sessionSecretDigest: 'digest', userChallengeVerifier: 'verifier' };
  const failure = { code: 'user_refused', detail: 'USER_REFUSED' } as const;

  const STATES: { [S in Attempt['state']]: Extract<Attempt, { state: S }> } = {
    pending: { ...identity, state: 'pending', startAt: NOW, codeFirst: false, prepared: aPreparedSession() },
    starting: {
      ...identity,
      state: 'starting',
      startedAt: NOW,
      codeFirst: false,
      prepared: aPreparedSession(),
    },
    waiting: {
      ...identity,
      state: 'waiting',
      session: aSession(),
      verificationCode: '7180',
      answerBy: NOW + 1,
    },
    callback_received: {
      ...identity,
      state: 'callback_received',
      session: aDeviceLinkSession(),
      callback,
      answerBy: NOW + 1,
    },
    authenticated: {
      ...identity,
      state: 'authenticated',
      authenticatedAt: NOW,
      result: result,
    },
    finished: { ...identity, state: 'finished', finishedAt: NOW },
    failed: { ...identity, state: 'failed', failure },
    cancelled: { ...identity, state: 'cancelled' },
  };

  /** The same with a device link, for anybody. */
  const { identifier: _, ...anybody } = identity;
  const link = { ...anybody, flow: 'qr' as const, callbackHash: 'hash' };
  const LINKED: Attempt[] = [
    { ...link, state: 'pending', startAt: NOW, codeFirst: false, prepared: aPreparedDeviceLink() },
    { ...link, state: 'starting', startedAt: NOW, codeFirst: false, prepared: aPreparedDeviceLink() },
    { ...link, state: 'waiting', session: aDeviceLinkSession(), answerBy: NOW + 1 },
  ];

  const EVENTS: { [T in AttemptEvent['type']]: Extract<AttemptEvent, { type: T }> } = {
    start: { type: 'start' },
    accepted: { type: 'accepted', session: aSession() },
    callback_received: { type: 'callback_received', callback },
    authenticated: { type: 'authenticated', result },
    fail: { type: 'fail', failure },
    cancel: { type: 'cancel' },
    finish: { type: 'finish' },
  };

  /** All transitions; every other pair is refused. */
  const TRANSITIONS: Record<string, Attempt['state']> = {
    'pending start': 'starting',
    'pending fail': 'failed',
    'pending cancel': 'cancelled',
    'starting accepted': 'waiting',
    'starting fail': 'failed',
    'starting cancel': 'cancelled',
    'waiting authenticated': 'authenticated',
    'waiting fail': 'failed',
    'waiting cancel': 'cancelled',
    'callback_received authenticated': 'authenticated',
    'callback_received fail': 'failed',
    'callback_received cancel': 'cancelled',
    'authenticated fail': 'failed',
    'authenticated cancel': 'cancelled',
    'authenticated finish': 'finished',
  };

  describe('attempt transitions', () => {
    for (const attempt of Object.values(STATES)) {
      for (const event of Object.values(EVENTS)) {
        const pair = `${attempt.state} ${event.type}`;
        it(`${pair} → ${TRANSITIONS[pair] ?? 'nothing'}`, () => {
          assert.equal(transition(attempt, event, NOW)?.state, TRANSITIONS[pair]);
        });
      }
    }

    it('accept a callback only with a device link', () => {
      const [pending, starting, waiting] = LINKED;
      assert.ok(pending && starting && waiting);
      assert.equal(transition(waiting, EVENTS.callback_received, NOW)?.state, 'callback_received');
      for (const early of [pending, starting])
        assert.equal(transition(early, EVENTS.callback_received, NOW), undefined);
    });

    it('keep the callback until it is used, or the attempt has ended', () => {
      const [pending] = LINKED;
      assert.ok(pending);
      const starting = transition(pending, EVENTS.start, NOW);
      assert.ok(starting);
      const waiting = transition(starting, { type: 'accepted', session: aDeviceLinkSession() }, NOW);
      assert.ok(waiting?.state === 'waiting');
      assert.equal(waiting.callbackHash, 'hash');
      for (const event of [EVENTS.callback_received, EVENTS.authenticated, EVENTS.fail, EVENTS.cancel]) {
        assert.equal('callbackHash' in (transition(waiting, event, NOW) ?? { callbackHash: '' }), false);
      }
    });

    it('have the identifier of the authenticated person', () => {
      const [, , waiting] = LINKED;
      assert.ok(waiting);
      assert.equal(waiting.identifier, undefined);
      assert.equal(transition(waiting, EVENTS.authenticated, NOW)?.identifier, 'PNOEE-40504040001');
    });

    it('do not start before `startAt`', () => {
      assert.equal(transition({ ...STATES.pending, startAt: NOW + 1 }, { type: 'start' }, NOW), undefined);
    });

    it('always change the state, which the conditional UPDATE compares', () => {
      for (const [pair, state] of Object.entries(TRANSITIONS)) assert.notEqual(pair.split(' ')[0], state);
    });

    it('keep the identity of the attempt', () => {
      for (const attempt of Object.values(STATES)) {
        for (const event of Object.values(EVENTS)) {
          const next = transition(attempt, event, NOW);
          if (next) assert.partialDeepStrictEqual(next, identity);
        }
      }
    });
  });

  describe('attempts', () => {
    it('are unchanged after JSON serialisation', () => {
      for (const attempt of [...Object.values(STATES), ...LINKED]) {
        assert.deepEqual(attemptSchema.parse(JSON.parse(JSON.stringify(attempt))), attempt);
      }
    });

    it('are live until they are finished, failed or cancelled', () => {
      const live = Object.values(STATES)
        .filter(isLive)
        .map(({ state }) => state);
      assert.deepEqual(live, ['pending', 'starting', 'waiting', 'callback_received', 'authenticated']);
    });

    it('are overdue only in states that wait', () => {
      const late = NOW + 3_600_000;
      const found = Object.values(STATES).map((attempt) => [attempt.state, overdue(attempt, late)?.code]);
      assert.deepEqual(Object.fromEntries(found.filter(([, code]) => code !== undefined)), {
        starting: 'service_failed',
        waiting: 'timeout',
        callback_received: 'timeout',
      });
    });
  });

  describe('when the clock is set during an attempt', () => {
    const MINUTE = 60_000;
    const DAY = 1_440 * MINUTE;
    const codeFirst = { ...STATES.pending, codeFirst: true, startAt: NOW + 3_000 };
    const waiting = transition(STATES.starting, { type: 'accepted', session: aSession() }, NOW);
    assert.ok(waiting?.state === 'waiting');
    const inTime = waiting;

    it('back: the push is not delayed by the difference', () => {
      assert.equal(dueIn(codeFirst, NOW + 1_000), 2_000);
      for (const back of [5 * MINUTE, DAY]) {
        assert.equal(dueIn(codeFirst, NOW - back), 0);
        assert.equal(transition(codeFirst, { type: 'start' }, NOW - back)?.state, 'starting');
      }
    });

    it('back: the person can still answer, and the new time counts', () => {
      for (const back of [5 * MINUTE, DAY]) {
        assert.equal(overdue(inTime, NOW - back), undefined);
        const event = {
          type: 'authenticated',
          result: loginResultOf(authentication, identity.id, NOW - back),
        } as const;
        const done = transition(inTime, event, NOW - back);
        assert.ok(done?.state === 'authenticated');
        assert.equal(done.result.authenticatedAt, Math.floor((NOW - back) / 1000));
      }
    });

    it('ahead: the attempt has timed out', () => {
      for (const ahead of [5 * MINUTE, DAY]) {
        assert.equal(overdue(inTime, NOW + ahead)?.code, 'timeout');
        assert.equal(overdue(STATES.starting, NOW + ahead)?.code, 'service_failed');
        assert.equal(dueIn(codeFirst, NOW + ahead), 0);
      }
    });
  });
});
