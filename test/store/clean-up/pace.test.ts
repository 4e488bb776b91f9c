import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createPace } from '../../../src/store/clean-up/pace.ts';

/** A clock of its own: each statement takes the time that a test sets, and pauses are recorded. */
function paced() {
  let at = 0;
  const pauses: number[] = [];
  const pace = createPace({
    elapsed: () => at,
    pause: (ms) => {
      pauses.push(ms);
      return Promise.resolve();
    },
  });
  return {
    pause: () => pauses.at(-1),
    step: (msOfRows: (rows: number) => number) =>
      pace.step((rows) => {
        at += msOfRows(rows);
        return Promise.resolve(rows);
      }),
  };
}

describe('the pace of a clean-up', () => {
  it('looks at as many rows as take some 15 milliseconds', async () => {
    const { step } = paced();
    const msEach = 0.05;
    for (let batch = 0; batch < 20; batch++) await step((rows) => rows * msEach);
    const rows = await step((count) => count * msEach);
    assert.ok(rows * msEach > 10 && rows * msEach < 20, `${rows}`);
  });

  it('never looks at more than a thousand rows, and always at some', async () => {
    const quick = paced();
    for (let batch = 0; batch < 20; batch++) assert.ok((await quick.step(() => 0)) <= 1_000);
    const slow = paced();
    for (let batch = 0; batch < 20; batch++) assert.ok((await slow.step(() => 10_000)) >= 20);
  });

  it('looks at half as many rows at once after a slow statement', async () => {
    const { step } = paced();
    const before = await step(() => 1_000);
    assert.equal(await step(() => 15), before / 2);
  });

  it('pauses for four times as long as the statement took', async () => {
    const { step, pause } = paced();
    await step(() => 30);
    assert.equal(pause(), 120);
  });

  it('does not pause after an error, which it passes on', async () => {
    const pace = createPace({ pause: () => Promise.reject(new Error('paused')) });
    await assert.rejects(
      pace.step(() => Promise.reject(new Error('failed'))),
      /failed/,
    );
  });

  it('ends its pause when it is stopped', async () => {
    const stop = new AbortController();
    let at = 0;
    const pace = createPace({ signal: stop.signal, elapsed: () => (at += 3_600_000) });
    const step = pace.step(() => Promise.resolve());
    assert.equal(pace.stopped, false);
    stop.abort();
    await step;
    assert.equal(pace.stopped, true);
  });
});
