import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { ANSWER_MS } from '../../src/login/attempt.ts';
import { createOutageRetry } from '../../src/login/outage-retry.ts';

const AWAY = new Error('the store is away');
const throughOutage = createOutageRetry((error) => error === AWAY);

/** An access that fails this many times; each takes that many milliseconds of a test's clock. */
function failing(test: TestContext, times: number, error: Error, ms: number) {
  let now = 0;
  test.mock.method(performance, 'now', () => now);
  let tries = 0;
  const access = async () => {
    now += ms;
    tries += 1;
    if (tries <= times) throw error;
    return 'stored';
  };
  return { access, tries: () => tries };
}

describe('an access to the store', () => {
  it('is repeated while the store is away', async (test) => {
    const { access, tries } = failing(test, 2, AWAY, 0);
    assert.equal(await throughOutage(access), 'stored');
    assert.equal(tries(), 3);
  });

  it('is not repeated after any other error', async (test) => {
    const fault = new Error('a fault');
    const { access, tries } = failing(test, 1, fault, 0);
    await assert.rejects(throughOutage(access), fault);
    assert.equal(tries(), 1);
  });

  it('is repeated for as long as the person can answer', async (test) => {
    const { access, tries } = failing(test, 9, AWAY, ANSWER_MS);
    await assert.rejects(throughOutage(access), AWAY);
    assert.equal(tries(), 2);
  });
});
