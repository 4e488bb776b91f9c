import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Attempt } from '../../../src/login/attempt.ts';
import { CODE_FIRST_MS } from '../../../src/login/new-attempt.ts';
import { PUSH_LIVE_MS } from '../../../src/login/limits/limit-rules.ts';
import { StoreError } from '../../../src/store/errors.ts';
import {
  authentication,
  ends,
  failed,
  given,
  limitBy,
  linkFor,
  login,
  polls,
  prepareLimitedLogin,
  push,
  RULES,
  starts,
  store,
  waitOf,
} from '../../support/limited-login.ts';

prepareLimitedLogin();

describe('a login by a push', () => {
  it('has to wait while a push to the same person from another browser is unanswered, and sends no request to Smart-ID', async () => {
    await push();
    assert.deepEqual(waitOf(await push()), ['push_too_soon', PUSH_LIVE_MS / 1_000]);
    assert.equal(starts, 1);
    given.time += PUSH_LIVE_MS;
    assert.equal((await push()).state, 'waiting');
  });

  it('is one login when the form is submitted several times: a second click is not limited by the first', async () => {
    const interactionUid = randomUUID();
    const all = await Promise.all(Array.from({ length: 10 }, () => push({ interactionUid })));
    assert.equal(starts, 1);
    for (const { state } of all) assert.ok(['pending', 'starting', 'waiting'].includes(state), state);
    assert.equal((await login.current(interactionUid))?.state, 'waiting');
  });

  for (const code of ['user_refused', 'timeout', 'wrong_verification_code', 'account_unusable'] as const) {
    it(`waits longer after each ${code}`, async () => {
      for (const seconds of [0, 30, 120, 120]) {
        await ends(await push(), failed(code));
        if (seconds === 0) continue;
        assert.deepEqual(waitOf(await push()), ['push_too_soon', seconds]);
        given.time += seconds * 1_000;
      }
    });
  }

  it('waits equally long for a person without an account and for one who refuses', async () => {
    const seen = async (unsuccessful: () => Promise<Attempt>) => {
      given.person = `PNOEE-${randomUUID()}`;
      const waits = [];
      for (let count = 0; count < 12; count++) {
        const next = await unsuccessful();
        const limited = next.state === 'failed' && next.failure.retryAt !== undefined;
        const [code, seconds] = limited ? waitOf(next) : [undefined, 0];
        waits.push([code, seconds]);
        given.time += seconds * 1_000;
      }
      return waits;
    };
    const existing = await seen(async () => {
      const sent = await push();
      return sent.state === 'waiting' ? ends(sent, failed('user_refused')) : sent;
    });
    for (const code of ['account_not_found', 'account_not_suitable', 'attention_required'] as const) {
      given.startResult = { kind: 'failed', failure: { code, detail: '' } };
      assert.deepEqual(await seen(push), existing);
    }
    assert.ok(existing.some(([code]) => code === 'push_too_soon'));
  });

  it('has to wait while a phone shows a cancelled push, until it is answered there or has timed out', async () => {
    const sent = await push();
    await login.cancel(sent);
    assert.deepEqual(waitOf(await push()), ['push_too_soon', PUSH_LIVE_MS / 1_000]);
    given.pollResult = { kind: 'unreachable', detail: '' };
    assert.equal(waitOf(await push())[0], 'push_too_soon');
    given.pollResult = failed('user_refused');
    assert.equal((await push()).state, 'waiting');
    assert.equal((await login.current(sent.interactionUid))?.state, 'cancelled');
  });

  it('asks Smart-ID no more about a cancelled push that no phone can show', async () => {
    for (let count = 0; count < 2; count++) await ends(await push(), failed('user_refused'));
    given.time += 30_000;
    await login.cancel(await push());
    given.time += CODE_FIRST_MS + PUSH_LIVE_MS;
    for (const expected of [1, 0]) {
      const before = polls;
      assert.equal(waitOf(await push())[0], 'push_too_soon');
      assert.equal(polls - before, expected);
      given.time += 1;
    }
  });

  it('makes a person wait who keeps cancelling, though each push is answered on the phone', async () => {
    let sent = await push();
    for (const seconds of [0, 30, 120]) {
      await login.cancel(sent);
      given.pollResult = { kind: 'authenticated', authentication };
      if (seconds > 0) assert.deepEqual(waitOf(await push()), ['push_too_soon', seconds]);
      given.time += seconds * 1_000;
      sent = await push();
      assert.equal(sent.state, 'waiting');
    }
  });

  it('does not extend the wait when a refused request is repeated', async () => {
    await login.cancel(await push());
    given.pollResult = failed('user_refused');
    await login.cancel(await push());
    assert.deepEqual(waitOf(await push()), ['push_too_soon', 30]);
    given.time += 20_000;
    assert.deepEqual(waitOf(await push()), ['push_too_soon', 10]);
    given.time += 10_000;
    assert.equal((await push()).state, 'waiting');
  });

  it('starts again with the first wait after a login by a push', async () => {
    for (let round = 0; round < 3; round++) {
      await ends(await push(), failed('user_refused'));
      const done = await ends(await push(), { kind: 'authenticated', authentication });
      assert.equal(done.state, 'authenticated');
    }
  });

  it('starts again with the first wait even if the store fails as the login ends', async () => {
    for (let count = 0; count < 2; count++) await ends(await push(), failed('user_refused'));
    given.time += 30_000;
    let failures = 0;
    limitBy(RULES, {
      // The store's answer is lost once, after the end of the push was stored with the attempt.
      async replace(previous, next, pushEnd) {
        const replaced = await store.attempts.replace(previous, next, pushEnd);
        if (next.state !== 'authenticated' || (failures += 1) > 1) return replaced;
        throw new StoreError('database_unreachable', 'the connection has ended');
      },
    });
    const done = await ends(await push(), { kind: 'authenticated', authentication });
    assert.equal(done.state, 'authenticated');
    assert.equal(failures, 2);
    assert.equal((await push()).state, 'waiting');
  });

  it('does not start again with the first wait after a login by a device link', async () => {
    for (let count = 0; count < 2; count++) await ends(await push(), failed('user_refused'));
    const done = await ends(await linkFor(given.person), { kind: 'authenticated', authentication });
    assert.equal(done.state, 'authenticated');
    assert.deepEqual(waitOf(await push()), ['push_too_soon', 30]);
  });

  for (const code of ['service_failed', 'maintenance', 'relying_party_not_allowed'] as const) {
    it(`does not wait after a request that Smart-ID did not take: ${code}`, async () => {
      given.startResult = { kind: 'failed', failure: { code, detail: '' } };
      for (let count = 0; count < 5; count++) assert.equal(waitOf(await push())[0], code);
    });
  }

  it('has to wait after a request that may have reached Smart-ID', async () => {
    const failure = { code: 'service_failed', detail: 'timed_out' } as const;
    given.startResult = { kind: 'failed', failure, mayHaveStarted: true };
    await push();
    assert.deepEqual(waitOf(await push()), ['push_too_soon', PUSH_LIVE_MS / 1_000]);
    given.time += PUSH_LIVE_MS;
    await push();
    assert.deepEqual(waitOf(await push()), ['push_too_soon', PUSH_LIVE_MS / 1_000 + 30]);
  });

  for (const [how, result, state] of [
    ['refused', () => failed('user_refused'), 'failed'],
    ['confirmed', () => ({ kind: 'authenticated', authentication }) as const, 'authenticated'],
  ] as const) {
    it(`polls an abandoned push once to learn whether it has ended, and stores that it was ${how}`, async () => {
      const left = await push();
      given.pollResult = result();
      assert.equal((await push()).state, 'waiting');
      assert.equal((await login.current(left.interactionUid))?.state, state);
    });
  }
});
