import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pollWithin } from '../../../src/smart-id/rp-api/long-poll.ts';

const unanswered = { kind: 'unanswered' } as const;

describe('a long poll', () => {
  it('sends one request with the whole time if it is answered', async () => {
    const timeouts: number[] = [];
    const answer = await pollWithin(20_000, undefined, async (timeoutMs) => {
      timeouts.push(timeoutMs);
      return { kind: 'answered' };
    });
    assert.deepEqual(answer, { kind: 'answered' });
    assert.deepEqual(timeouts, [20_000]);
  });

  it('clamps the time to the limits of Smart-ID, in whole milliseconds', async () => {
    const timeouts: number[] = [];
    for (const waitMs of [-1, 0, 999, 1000.4, 120_000, 500_000]) {
      await pollWithin(waitMs, undefined, async (timeoutMs) => {
        timeouts.push(timeoutMs);
        return { kind: 'answered' };
      });
    }
    assert.deepEqual(timeouts, [1_000, 1_000, 1_000, 1_000, 120_000, 120_000]);
  });

  it('retries after increasing pauses, with the remaining time', async () => {
    const times: number[] = [];
    const timeouts: number[] = [];
    await pollWithin(3_000, undefined, async (timeoutMs) => {
      times.push(performance.now());
      timeouts.push(timeoutMs);
      return timeouts.length < 4 ? unanswered : { kind: 'answered' };
    });
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    assert.equal(pauses.length, 3);
    // A timer may fire a millisecond early, and late on a busy machine.
    for (const [index, least] of [200, 400, 800].entries()) assert.ok((pauses[index] ?? 0) >= least - 2);
    assert.ok(timeouts.every((timeoutMs, index) => index === 0 || timeoutMs < (timeouts[index - 1] ?? 0)));
  });

  it('returns the last result when the time is over', async () => {
    const startedAt = performance.now();
    let count = 0;
    const answer = await pollWithin(1_000, undefined, async () => ({ kind: 'unanswered', count: ++count }));
    assert.deepEqual(answer, { kind: 'unanswered', count });
    assert.ok(count > 1);
    assert.ok(performance.now() - startedAt < 5_000);
  });

  it('ends a pause when it is aborted', async () => {
    const abort = new AbortController();
    let count = 0;
    const answer = await pollWithin(120_000, abort.signal, async () => {
      count++;
      setImmediate(() => {
        abort.abort();
      });
      return unanswered;
    });
    assert.equal(answer, unanswered);
    assert.equal(count, 1);
  });
});
