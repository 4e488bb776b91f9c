import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type {
  Attempt,
  CancelledAttempt,
  PendingAttempt,
  WaitingAttempt,
} from '../../../src/login/attempt.ts';
import { refusedAttempt, transition } from '../../../src/login/attempt.ts';
import type { Store } from '../../../src/store/store.ts';
import {
  authenticatedAttempt,
  CALLBACK,
  deviceLinkAttempt,
  LOGIN_RESULT,
  pendingAttempt,
} from './samples.ts';

export function attemptSuite(store: () => Store): void {
  describe('login attempts', () => {
    it('returns an attempt as it was added', async () => {
      for (const attempt of [pendingAttempt(), authenticatedAttempt()]) {
        assert.deepEqual(await store().attempts.add(attempt), attempt);
        assert.deepEqual(await store().attempts.latest(attempt.interactionUid), attempt);
      }
    });

    it('returns no attempt for an interaction without one', async () => {
      assert.equal(await store().attempts.latest(randomUUID()), undefined);
    });

    it('returns the live attempt of the interaction instead of adding a second one', async () => {
      const first = pendingAttempt();
      await store().attempts.add(first);
      const second = pendingAttempt({
        interactionUid: first.interactionUid,
        identifier: 'PNOEE-39901019992',
      });
      assert.deepEqual(await store().attempts.add(second), first);
      assert.deepEqual(await store().attempts.latest(first.interactionUid), first);
    });

    it('adds another attempt once the live one has ended, and returns it as the newest', async () => {
      const first = pendingAttempt();
      await store().attempts.add(first);
      assert.equal(await store().attempts.replace(first, cancelled(first)), true);
      // Both have the same `createdAt`, as with a coarse clock.
      const second = pendingAttempt({ interactionUid: first.interactionUid });
      assert.deepEqual(await store().attempts.add(second), second);
      assert.deepEqual(await store().attempts.latest(first.interactionUid), second);
      await store().attempts.replace(second, cancelled(second));
      assert.deepEqual(await store().attempts.latest(first.interactionUid), cancelled(second));
      assert.deepEqual(await store().attempts.list(first.interactionUid), [
        cancelled(first),
        cancelled(second),
      ]);
    });

    it('removes what one person has confirmed and nobody has completed, so that it cannot be completed any more', async () => {
      const { attempts } = store();
      const identifier = 'PNOEE-50001029996';
      const confirmed = [authenticatedAttempt({ identifier }), authenticatedAttempt({ identifier })];
      const others = [authenticatedAttempt(), pendingAttempt({ identifier })];
      for (const attempt of [...confirmed, ...others]) await attempts.add(attempt);
      assert.equal(await attempts.removeConfirmed(identifier), 2);
      assert.equal(await attempts.removeConfirmed(identifier), 0);
      for (const attempt of confirmed) {
        const finished = transition(attempt, { type: 'finish' }, 0);
        assert.ok(finished);
        assert.equal(await attempts.replace(attempt, finished), false);
        assert.equal(await attempts.find(attempt.id), undefined);
      }
      for (const attempt of others) assert.deepEqual(await attempts.find(attempt.id), attempt);
    });

    it('lets one of 50 attempts live when all are added at the same time', async () => {
      const interactionUid = randomUUID();
      const attempts = Array.from({ length: 50 }, () => pendingAttempt({ interactionUid }));
      const live = await Promise.all(attempts.map((attempt) => store().attempts.add(attempt)));
      assert.equal(new Set(live.map(({ id }) => id)).size, 1);
      assert.deepEqual(await store().attempts.latest(interactionUid), live[0]);
    });

    it('has one row for all refused attempts with one ID, which is the newest again', async () => {
      const { attempts } = store();
      const first = pendingAttempt();
      const refused = pendingAttempt({ interactionUid: first.interactionUid });
      const refusal = (retryAt: number) =>
        refusedAttempt(refused, { code: 'too_many_logins', detail: '', retryAt });
      await Promise.all(Array.from({ length: 20 }, (_, each) => attempts.putRefused(refusal(each))));
      assert.deepEqual(await attempts.putRefused(refusal(100)), refusal(100));
      assert.deepEqual(await attempts.latest(first.interactionUid), refusal(100));
      await attempts.add(first);
      assert.deepEqual(await attempts.putRefused(refusal(101)), first, 'a live attempt goes on');
      assert.deepEqual(await attempts.latest(first.interactionUid), first);
      await attempts.replace(first, cancelled(first));
      assert.deepEqual(await attempts.latest(first.interactionUid), refusal(101));
      assert.deepEqual(await attempts.find(refused.id), refusal(101));
    });

    it('lets one of 50 replacements win when all come at the same time', async () => {
      const attempt = pendingAttempt();
      await store().attempts.add(attempt);
      const nexts: Attempt[] = Array.from({ length: 50 }, (_, index) =>
        index % 2 === 0
          ? cancelled(attempt)
          : { ...cancelled(attempt), state: 'failed', failure: { code: 'timeout', detail: `${index}` } },
      );
      const won = await Promise.all(nexts.map((next) => store().attempts.replace(attempt, next)));
      assert.equal(won.filter(Boolean).length, 1);
      assert.deepEqual(await store().attempts.latest(attempt.interactionUid), nexts[won.indexOf(true)]);
    });

    it('does not replace an attempt that has changed since it was read', async () => {
      const attempt = pendingAttempt();
      await store().attempts.add(attempt);
      const started = transition(attempt, { type: 'start' }, attempt.startAt);
      assert.ok(started);
      assert.equal(await store().attempts.replace(attempt, started), true);
      assert.equal(await store().attempts.replace(attempt, cancelled(attempt)), false);
      assert.deepEqual(await store().attempts.latest(attempt.interactionUid), started);
    });

    it('stores joined writes if and only if the attempt is replaced', async () => {
      const attempt = pendingAttempt();
      await store().attempts.add(attempt);
      const joined = () => {
        const [id, grantId, token] = [randomUUID(), randomUUID(), randomUUID()];
        const expiresAt = Math.floor(Date.now() / 1000) + 10 * 365 * 86_400;
        const put = ['Grant', 'Interaction'].map((model) => ({
          model,
          id,
          payload: { model },
          keys: {},
          expiresAt,
        }));
        const loginResults = [{ grantId, result: LOGIN_RESULT, expiresAt }];
        const browser = [
          token,
          LOGIN_RESULT.person.semanticsIdentifier,
          'PNOEE-1',
          expiresAt * 1000,
        ] as const;
        const writes = [
          store().records.join({ put, loginResults }),
          store().knownBrowsers.joinRemember(...browser),
        ];
        const stored = async () => [
          (await store().records.find('Grant', id))?.payload.model,
          (await store().records.find('Interaction', id))?.payload.model,
          await store().loginResults.find(grantId),
          await store().knownBrowsers.knows(token),
        ];
        return { writes, stored };
      };
      const [won, lost] = [joined(), joined()];
      assert.equal(await store().attempts.replace(attempt, cancelled(attempt), undefined, won.writes), true);
      assert.equal(
        await store().attempts.replace(attempt, cancelled(attempt), undefined, lost.writes),
        false,
      );
      assert.deepEqual(await won.stored(), ['Grant', 'Interaction', LOGIN_RESULT, true]);
      assert.deepEqual(await lost.stored(), [undefined, undefined, undefined, false]);
    });

    it('looks up an interaction and its newest attempt together, each once', async () => {
      const attempt = pendingAttempt();
      const { interactionUid: uid } = attempt;
      const expiresAt = Math.floor(Date.now() / 1000) + 10 * 365 * 86_400;
      await store().records.put('Interaction', uid, { at: 1 }, {}, expiresAt);
      const [found, latest] = [
        () => store().records.find('Interaction', uid),
        () => store().attempts.latest(uid),
      ];
      await store().lookUpLogin(uid, async () => {
        assert.deepEqual([await found(), await latest()], [{ payload: { at: 1 } }, undefined]);
      });
      await store().attempts.add(attempt);
      await store().lookUpLogin(uid, async () => {
        assert.deepEqual(await found(), { payload: { at: 1 } });
        await store().records.put('Interaction', uid, { at: 2 }, {}, expiresAt);
        assert.deepEqual(await store().records.find('Grant', uid), undefined);
        assert.deepEqual(await store().attempts.latest(randomUUID()), undefined);
        assert.deepEqual(await latest(), attempt);
        await store().attempts.replace(attempt, cancelled(attempt));
        assert.deepEqual([await found(), (await latest())?.state], [{ payload: { at: 2 } }, 'cancelled']);
      });
      await store().lookUpLogin(randomUUID(), async () => {
        assert.deepEqual([await found(), (await latest())?.state], [{ payload: { at: 2 } }, 'cancelled']);
      });
    });

    it('does not replace an attempt that it does not have', async () => {
      const attempt = pendingAttempt();
      assert.equal(await store().attempts.replace(attempt, cancelled(attempt)), false);
      assert.equal(await store().attempts.latest(attempt.interactionUid), undefined);
    });

    it('finds an attempt by its number, in any state', async () => {
      const attempt = pendingAttempt({ address: '192.0.2.1' });
      await store().attempts.add(attempt);
      assert.deepEqual(await store().attempts.find(attempt.id), attempt);
      await store().attempts.replace(attempt, cancelled(attempt));
      assert.deepEqual(await store().attempts.find(attempt.id), cancelled(attempt));
      assert.equal(await store().attempts.find(randomUUID()), undefined);
    });

    it('finds an attempt by the callback that it waits for, until the callback is used', async () => {
      const { callbackHash, attempt } = deviceLinkAttempt();
      await store().attempts.add(attempt);
      assert.deepEqual(await store().attempts.findByCallback(callbackHash), attempt);
      assert.equal(await store().attempts.findByCallback(randomUUID()), undefined);
      const returned = transition(
        attempt,
        { type: 'callback_received', callback: CALLBACK },
        attempt.answerBy,
      );
      assert.ok(returned);
      assert.equal(await store().attempts.replace(attempt, returned), true);
      assert.equal(await store().attempts.findByCallback(callbackHash), undefined);
      assert.deepEqual(await store().attempts.latest(attempt.interactionUid), returned);
    });

    it('lets one of 50 spend a callback when all come at the same time', async () => {
      const { callbackHash, attempt } = deviceLinkAttempt();
      await store().attempts.add(attempt);
      const returned = transition(
        attempt,
        { type: 'callback_received', callback: CALLBACK },
        attempt.answerBy,
      );
      assert.ok(returned);
      const won = await Promise.all(
        Array.from({ length: 50 }, async () => {
          const found = await store().attempts.findByCallback(callbackHash);
          return found ? store().attempts.replace(found, returned) : false;
        }),
      );
      assert.equal(won.filter(Boolean).length, 1);
    });

    it('finds no attempt by the callback of an ended attempt', async () => {
      const { callbackHash, attempt } = deviceLinkAttempt();
      await store().attempts.add(attempt);
      await store().attempts.replace(attempt, cancelled(attempt));
      assert.equal(await store().attempts.findByCallback(callbackHash), undefined);
    });

    it('removes the attempts that were created before a time, and only those', async () => {
      const old = pendingAttempt({ createdAt: 1_000_000 });
      const younger = pendingAttempt({ createdAt: 1_000_001 });
      await store().attempts.add(old);
      await store().attempts.add(younger);
      assert.equal(await store().attempts.removeCreatedBefore(1_000_001), 1);
      assert.equal(await store().attempts.latest(old.interactionUid), undefined);
      assert.deepEqual(await store().attempts.latest(younger.interactionUid), younger);
    });

    it('removes only the attempts of one state when a state is given', async () => {
      const [waits, answered] = [
        pendingAttempt({ createdAt: 1_000_000 }),
        authenticatedAttempt({ createdAt: 1_000_000 }),
      ];
      for (const attempt of [waits, answered]) await store().attempts.add(attempt);
      assert.equal(await store().attempts.removeCreatedBefore(1_000_001, 'authenticated'), 1);
      assert.equal(await store().attempts.latest(answered.interactionUid), undefined);
      assert.deepEqual(await store().attempts.latest(waits.interactionUid), waits);
    });
  });
}

function cancelled(attempt: PendingAttempt | WaitingAttempt): CancelledAttempt {
  const { id, interactionUid, clientId, createdAt, flow, identifier } = attempt;
  return { state: 'cancelled', id, interactionUid, clientId, createdAt, flow, identifier };
}
