import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import type { Store } from '../../../src/store/store.ts';
import type { TestClock } from './clock.ts';
import { LOGIN_RESULT } from './samples.ts';

export function loginResultSuite(store: () => Store, clock: TestClock): void {
  describe('login results', () => {
    it('returns a result as it was stored, until it expires', async () => {
      const grantId = randomUUID();
      await store().loginResults.put(grantId, LOGIN_RESULT, clock.secondsFromNow(20));
      assert.deepEqual(await store().loginResults.find(grantId), LOGIN_RESULT);
      clock.advance(19_999);
      assert.deepEqual(await store().loginResults.find(grantId), LOGIN_RESULT);
      clock.advance(1);
      assert.equal(await store().loginResults.find(grantId), undefined);
    });

    it('replaces an earlier result', async () => {
      const grantId = randomUUID();
      const second = { ...LOGIN_RESULT, authenticatedAt: LOGIN_RESULT.authenticatedAt + 1 };
      await store().loginResults.put(grantId, LOGIN_RESULT, clock.secondsFromNow(20));
      await store().loginResults.put(grantId, second, clock.secondsFromNow(40));
      clock.advance(30_000);
      assert.deepEqual(await store().loginResults.find(grantId), second);
    });

    it('returns no result for another grant', async () => {
      assert.equal(await store().loginResults.find(randomUUID()), undefined);
    });
  });
}
