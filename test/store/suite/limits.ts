import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { PUSH_LIVE_MS, QUIET_MS, type LimitRules } from '../../../src/login/limits/limit-rules.ts';
import type { Limited, Start } from '../../../src/login/limits/limit-store.ts';
import type { Store } from '../../../src/store/store.ts';
import { transition } from '../../../src/login/attempt.ts';
import type { TestClock } from './clock.ts';
import { pendingAttempt } from './samples.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const OFF: LimitRules = { person: undefined, address: undefined, client: undefined, pushWaits: undefined };
const WAITS = [0, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR];
const PUSHES: LimitRules = { ...OFF, pushWaits: WAITS };

/** A push to a new person, from a new address, for a new client. */
export function aStart(change: Partial<Start> = {}): Start {
  return {
    attemptId: randomUUID(),
    networks: [{ network: randomUUID(), allowance: 1 }],
    clientId: randomUUID(),
    identifier: `PNOEE-${randomUUID()}`,
    push: true,
    knownBrowser: false,
    ...change,
  };
}

export function limitSuite(store: () => Store, clock: TestClock): void {
  const admit = (start: Start, rules: LimitRules) => store().limits.admit(start, rules);
  const wait = (limited: Limited | undefined) => (limited ? limited.retryAt - clock.now() : undefined);

  describe('limits', () => {
    for (const by of ['address', 'client', 'person'] as const) {
      const rules = { ...OFF, [by]: { count: 10, perMs: HOUR } };
      const first = () => aStart({ push: false });
      const same = (start: Start): Start => {
        const others = first();
        switch (by) {
          case 'address':
            return { ...start, ...others, networks: start.networks };
          case 'client':
            return { ...start, ...others, clientId: start.clientId };
          case 'person':
            return { ...start, ...others, identifier: start.identifier };
        }
      };

      it(`admits the full number of starts of one ${by} at once, and then one per interval`, async () => {
        const start = first();
        for (let count = 0; count < 10; count++) assert.equal(await admit(same(start), rules), undefined);
        const limited = await admit(same(start), rules);
        assert.equal(limited?.by, by);
        assert.equal(wait(limited), 6 * MINUTE);
        clock.advance(6 * MINUTE - 1);
        // The wait is at least a second.
        assert.equal(wait(await admit(same(start), rules)), SECOND);
        clock.advance(1);
        assert.equal(await admit(same(start), rules), undefined);
        assert.equal(wait(await admit(same(start), rules)), 6 * MINUTE);
        clock.advance(HOUR);
        for (let count = 0; count < 10; count++) assert.equal(await admit(same(start), rules), undefined);
        assert.equal((await admit(same(start), rules))?.by, by);
      });

      it(`admits ten of 50 starts of one ${by} that come at the same time`, async () => {
        const start = first();
        const all = await Promise.all(Array.from({ length: 50 }, () => admit(same(start), rules)));
        assert.equal(all.filter((limited) => limited === undefined).length, 10);
      });

      it(`resets the count of one ${by} when the clock was ahead and was corrected`, async () => {
        const start = first();
        clock.advance(2 * HOUR);
        for (let count = 0; count < 10; count++) assert.equal(await admit(same(start), rules), undefined);
        clock.advance(-2 * HOUR);
        const all = await Promise.all(Array.from({ length: 50 }, () => admit(same(start), rules)));
        assert.equal(all.filter((limited) => limited === undefined).length, 10);
        assert.equal(wait(await admit(same(start), rules)), 6 * MINUTE);
      });

      it(`keeps the count of one ${by} when the clock is set back a little`, async () => {
        const start = first();
        for (let count = 0; count < 10; count++) assert.equal(await admit(same(start), rules), undefined);
        clock.advance(-MINUTE);
        assert.equal(wait(await admit(same(start), rules)), 7 * MINUTE);
        clock.advance(MINUTE);
      });
    }

    it('counts exactly when the time is not a multiple of the number', async () => {
      const start = aStart();
      const rules = { ...OFF, client: { count: 7, perMs: 10 * SECOND } };
      for (let count = 0; count < 7; count++) assert.equal(await admit(start, rules), undefined);
      assert.equal((await admit(start, rules))?.by, 'client');
    });

    it('does not count a start for the limits after the one that refused it', async () => {
      const one = { count: 1, perMs: HOUR };
      const rules = { ...OFF, address: one, client: one, person: one };
      const start = aStart({ push: false });
      assert.equal(await admit(start, { ...OFF, address: one }), undefined);
      assert.equal((await admit(start, rules))?.by, 'address');
      const elsewhere = { ...start, networks: aStart().networks };
      assert.equal(await admit(elsewhere, { ...OFF, client: one }), undefined);
      assert.equal((await admit(elsewhere, rules))?.by, 'client');
      assert.equal(await admit({ ...elsewhere, clientId: randomUUID() }, { ...OFF, person: one }), undefined);
    });

    it('counts no person for an anonymous device link, and nothing when all limits are off', async () => {
      const one = { count: 1, perMs: HOUR };
      const start = aStart({ push: false, identifier: undefined });
      for (let count = 0; count < 3; count++) {
        assert.equal(await admit(start, { ...OFF, person: one, pushWaits: WAITS }), undefined);
        assert.equal(await admit(aStart(), OFF), undefined);
      }
    });

    it('sends one push at a time to a person, until the push expires on the phone', async () => {
      const start = aStart();
      assert.equal(await admit(start, PUSHES), undefined);
      const second = await admit({ ...aStart(), identifier: start.identifier }, PUSHES);
      assert.ok(second?.by === 'push');
      assert.equal(second.lastAttemptId, start.attemptId);
      assert.equal(wait(second), PUSH_LIVE_MS);
      clock.advance(PUSH_LIVE_MS);
      assert.equal(await admit({ ...aStart(), identifier: start.identifier }, PUSHES), undefined);
    });

    for (const [title, rules] of [
      ['and pushes', PUSHES],
      ['and no pushes', OFF],
    ] as const) {
      it(`counts a start once that is repeated because its answer was lost, with limits of people ${title}`, async () => {
        const limits = { ...rules, person: { count: 2, perMs: HOUR } };
        const start = { ...aStart(), networks: [], clientId: undefined };
        for (let times = 0; times < 3; times++) assert.equal(await admit(start, limits), undefined);
        clock.advance(PUSH_LIVE_MS);
        const next = { ...start, attemptId: randomUUID() };
        for (let times = 0; times < 3; times++) assert.equal(await admit(next, limits), undefined);
        clock.advance(PUSH_LIVE_MS + MINUTE);
        assert.equal((await admit({ ...start, attemptId: randomUUID() }, limits))?.by, 'person');
      });
    }

    it('sends one of 50 pushes to a person that are asked for at the same time', async () => {
      const { identifier } = aStart();
      const all = await Promise.all(Array.from({ length: 50 }, () => admit(aStart({ identifier }), PUSHES)));
      assert.equal(all.filter((limited) => limited === undefined).length, 1);
    });

    it('sends pushes one at a time after the clock was ahead and was corrected', async () => {
      const { identifier } = aStart();
      const rules = { ...PUSHES, person: { count: 2, perMs: HOUR } };
      clock.advance(3 * HOUR);
      assert.equal(await admit(aStart({ identifier }), rules), undefined);
      clock.advance(-3 * HOUR);
      assert.equal(await admit(aStart({ identifier, push: false }), rules), undefined);
      assert.equal(await admit(aStart({ identifier, push: false }), rules), undefined);
      // The person's starts are used up; no push is pending.
      const limited = await admit(aStart({ identifier }), rules);
      assert.deepEqual([limited?.by, wait(limited)], ['person', 30 * MINUTE]);
      const all = await Promise.all(Array.from({ length: 50 }, () => admit(aStart({ identifier }), PUSHES)));
      assert.equal(all.filter((each) => each === undefined).length, 1);
    });

    it('makes the next push wait longer after each that was not confirmed, up to the last of the waits', async () => {
      const { identifier = '' } = aStart();
      for (const expected of [0, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, HOUR, HOUR, HOUR]) {
        const start = aStart({ identifier });
        assert.equal(await admit(start, PUSHES), undefined);
        clock.advance(20 * SECOND);
        await store().limits.pushEnded({
          attemptId: start.attemptId,
          identifier,
          ending: 'unanswered',
          waits: WAITS,
        });
        if (expected === 0) continue;
        assert.equal(wait(await admit(aStart({ identifier }), PUSHES)), expected);
        clock.advance(expected);
      }
    });

    it('makes the next push wait as long after an unanswered push that has expired', async () => {
      const { identifier } = aStart();
      for (const expected of WAITS) {
        assert.equal(await admit(aStart({ identifier }), PUSHES), undefined);
        assert.equal(wait(await admit(aStart({ identifier }), PUSHES)), PUSH_LIVE_MS + expected);
        clock.advance(PUSH_LIVE_MS + expected);
      }
    });

    it('resets the waits after a confirmed push', async () => {
      const { identifier = '' } = aStart();
      for (const ending of ['unanswered', 'unanswered', 'confirmed', 'unanswered'] as const) {
        const start = aStart({ identifier });
        assert.equal(await admit(start, PUSHES), undefined, ending);
        await store().limits.pushEnded({ attemptId: start.attemptId, identifier, ending, waits: WAITS });
        clock.advance(ending === 'unanswered' ? 30 * SECOND : 0);
      }
      assert.equal(await admit(aStart({ identifier }), PUSHES), undefined);
    });

    it('resets the waits after a day without a push, and not before', async () => {
      const { identifier = '' } = aStart();
      const unanswered = async () => {
        const start = aStart({ identifier });
        assert.equal(await admit(start, PUSHES), undefined);
        await store().limits.pushEnded({
          attemptId: start.attemptId,
          identifier,
          ending: 'unanswered',
          waits: WAITS,
        });
      };
      await unanswered();
      await unanswered();
      clock.advance(30 * SECOND + QUIET_MS - 1);
      await store().removeExpired({ auditDays: 365 });
      await unanswered();
      assert.equal(wait(await admit(aStart({ identifier }), PUSHES)), 2 * MINUTE);
      clock.advance(2 * MINUTE + QUIET_MS);
      await unanswered();
      assert.equal(await admit(aStart({ identifier }), PUSHES), undefined);
    });

    it('does not count a push that was never sent', async () => {
      const { identifier = '' } = aStart();
      for (let count = 0; count < 5; count++) {
        const start = aStart({ identifier });
        assert.equal(await admit(start, PUSHES), undefined);
        await store().limits.pushEnded({
          attemptId: start.attemptId,
          identifier,
          ending: 'not_sent',
          waits: WAITS,
        });
      }
    });

    it('records the end of a push with the change of its attempt, or not at all', async () => {
      const identifier = aStart().identifier ?? '';
      const attempt = pendingAttempt({ identifier });
      const end = { attemptId: attempt.id, identifier, waits: WAITS };
      await store().attempts.add(attempt);
      assert.equal(await admit(aStart({ attemptId: attempt.id, identifier }), PUSHES), undefined);
      const cancelled = transition(attempt, { type: 'cancel' }, clock.now());
      assert.ok(cancelled);
      assert.equal(await store().attempts.replace(attempt, cancelled), true);
      assert.equal(
        await store().attempts.replace(attempt, cancelled, { ...end, ending: 'confirmed' }),
        false,
        'it has changed before',
      );
      assert.equal((await admit(aStart({ identifier }), PUSHES))?.by, 'push');
      const again = pendingAttempt({ identifier, id: attempt.id, interactionUid: attempt.interactionUid });
      assert.equal(await store().attempts.replace(cancelled, again, { ...end, ending: 'confirmed' }), true);
      assert.equal(await admit(aStart({ identifier }), PUSHES), undefined);
    });

    it('ignores the end of a push that a newer one has followed', async () => {
      const { identifier = '' } = aStart();
      const [first, second] = [aStart({ identifier }), aStart({ identifier })];
      await admit(first, PUSHES);
      clock.advance(PUSH_LIVE_MS);
      assert.equal(await admit(second, PUSHES), undefined);
      for (const ending of ['confirmed', 'unanswered', 'not_sent'] as const) {
        await store().limits.pushEnded({ attemptId: first.attemptId, identifier, ending, waits: WAITS });
      }
      assert.equal((await admit(aStart({ identifier }), PUSHES))?.by, 'push');
    });

    it('lets a device link for the person start while a push is pending, and counts both for the person', async () => {
      const { identifier } = aStart();
      const rules = { ...PUSHES, person: { count: 3, perMs: HOUR } };
      assert.equal(await admit(aStart({ identifier, push: false }), rules), undefined);
      assert.equal(await admit(aStart({ identifier }), rules), undefined);
      assert.equal(await admit(aStart({ identifier, push: false }), rules), undefined);
      assert.equal((await admit(aStart({ identifier, push: false }), rules))?.by, 'person');
    });

    it('does not use up the person’s starts while a push has to wait', async () => {
      const { identifier } = aStart();
      const rules = { ...PUSHES, person: { count: 2, perMs: HOUR } };
      assert.equal(await admit(aStart({ identifier }), rules), undefined);
      for (let count = 0; count < 5; count++) {
        assert.equal((await admit(aStart({ identifier }), rules))?.by, 'push');
      }
      clock.advance(PUSH_LIVE_MS);
      assert.equal(await admit(aStart({ identifier }), rules), undefined);
      // Both limits apply: the longer wait counts.
      assert.equal(wait(await admit(aStart({ identifier }), rules)), 30 * MINUTE - PUSH_LIVE_MS);
    });

    it('removes counters without effect, and no others', async () => {
      clock.advance(8 * QUIET_MS);
      await store().removeExpired({ auditDays: 365 });
      const rules = {
        address: { count: 2, perMs: HOUR },
        client: { count: 2, perMs: 2 * HOUR },
        person: { count: 2, perMs: HOUR },
        pushWaits: WAITS,
      };
      const [left, confirmed] = [aStart(), aStart()];
      for (const start of [left, confirmed]) assert.equal(await admit(start, rules), undefined);
      await store().limits.pushEnded({
        attemptId: confirmed.attemptId,
        identifier: confirmed.identifier ?? '',
        ending: 'confirmed',
        waits: WAITS,
      });
      assert.equal((await store().removeExpired({ auditDays: 365 })).limits, 0);
      clock.advance(30 * MINUTE);
      assert.equal(
        (await store().removeExpired({ auditDays: 365 })).limits,
        3,
        'two addresses and the person who logged in',
      );
      clock.advance(30 * MINUTE);
      assert.equal((await store().removeExpired({ auditDays: 365 })).limits, 2, 'two clients');
      clock.advance(QUIET_MS);
      assert.equal((await store().removeExpired({ auditDays: 365 })).limits, 1, 'the person who did not');
    });
  });
}
