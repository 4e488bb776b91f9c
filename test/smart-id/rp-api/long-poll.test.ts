import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { pollWithin } from '../../../src/smart-id/rp-api/long-poll.ts';

const unanswered = { kind: 'unanswered' } as const;

describe('a long poll', () => {
  it('asks once where it is answered, with the whole time', async () => {
    const asked: number[] = [];
    const answer = await pollWithin(20_000, undefined, async (timeoutMs) => {
      asked.push(timeoutMs);
      return { kind: 'answered' };
    });
    assert.deepEqual(answer, { kind: 'answered' });
    assert.deepEqual(asked, [20_000]);
  });

  it('asks for no more and no less time than Smart-ID takes, in whole milliseconds', async () => {
    const asked: number[] = [];
    for (const waitMs of [-1, 0, 999, 1000.4, 120_000, 500_000]) {
      await pollWithin(waitMs, undefined, async (timeoutMs) => {
        asked.push(timeoutMs);
        return { kind: 'answered' };
      });
    }
    assert.deepEqual(asked, [1_000, 1_000, 1_000, 1_000, 120_000, 120_000]);
  });

  it('asks again after longer and longer pauses, for the time that is left', async () => {
    const times: number[] = [];
    const asked: number[] = [];
    await pollWithin(3_000, undefined, async (timeoutMs) => {
      times.push(performance.now());
      asked.push(timeoutMs);
      return asked.length < 4 ? unanswered : { kind: 'answered' };
    });
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    assert.equal(pauses.length, 3);
    // A timer may fire a millisecond early, and late on a busy machine.
    for (const [index, least] of [200, 400, 800].entries()) assert.ok((pauses[index] ?? 0) >= least - 2);
    assert.ok(asked.every((timeoutMs, index) => index === 0 || timeoutMs < (asked[index - 1] ?? 0)));
  });

  it('gives the last answer once the time is over', async () => {
    const begun = performance.now();
    let count = 0;
    const answer = await pollWithin(1_000, undefined, async () => ({ kind: 'unanswered', count: ++count }));
    assert.deepEqual(answer, { kind: 'unanswered', count });
    assert.ok(count > 1);
    assert.ok(performance.now() - begun < 5_000);
  });

  it('stops pausing when it is aborted', async () => {
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
