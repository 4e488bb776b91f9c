import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { stateOf } from '../../../src/ops/instance-store.ts';
import { createSecrets, SealError } from '../../../src/secrets/secrets.ts';
import { lookupHash } from '../../../src/store/encryption/lookup-hash.ts';
import { ATTEMPT_KEPT_MS } from '../../../src/store/store.ts';
import type { TestDatabase } from '../../support/database.ts';
import type { TestClock } from './clock.ts';
import { LOGIN_RESULT, pendingAttempt } from './samples.ts';
import { aStart } from './limits.ts';
import { ensureCurrent } from './signing-keys.ts';

const KEEP = { auditDays: 365 };

/** Behaviour across reopening. No store is open when one of these tests starts. */
export function lifetimeSuite(database: () => TestDatabase, clock: TestClock): void {
  describe('after reopening', () => {
    it('has all its data', async () => {
      const attempt = pendingAttempt();
      const [id, grantId] = [randomUUID(), randomUUID()];
      const store = await database().open({ now: clock.now });
      await store.attempts.add(attempt);
      await store.records.put('Client', id, { client_name: 'Portal' }, {}, undefined);
      await store.loginResults.put(grantId, LOGIN_RESULT, clock.secondsFromNow(60));
      await ensureCurrent(store, 'RS256');
      const keys = await store.signingKeys.open();
      const pairwiseKey = store.pairwiseKey;
      await store.close();

      const reopened = await database().open({ now: clock.now });
      try {
        await reopened.ping();
        assert.deepEqual(await reopened.attempts.latest(attempt.interactionUid), attempt);
        assert.deepEqual(await reopened.records.find('Client', id), { payload: { client_name: 'Portal' } });
        assert.deepEqual(await reopened.loginResults.find(grantId), LOGIN_RESULT);
        assert.deepEqual(await reopened.signingKeys.open(), keys);
        assert.deepEqual(reopened.pairwiseKey, pairwiseKey);
      } finally {
        await reopened.close();
      }
    });

    it('refuses to open with another SECRET_KEY, so that no row is sealed which other instances cannot open', async () => {
      await (await database().open()).close();
      const rows = () =>
        database().execute(
          'select count(*)::int as rows from signing_key union all select count(*)::int from kept_secret',
        );
      const before = await rows();
      const secrets = createSecrets('another SECRET_KEY, long enough to be one');
      await assert.rejects(database().open({ secrets }), SealError);
      assert.deepEqual(await rows(), before);
    });
  });

  it('removes expired rows from every table', async () => {
    const [id, grantId] = [randomUUID(), randomUUID()];
    const store = await database().open({ now: clock.now });
    try {
      clock.advance(24 * 3_600_000);
      await store.removeExpired(KEEP);
      const attempt = pendingAttempt({ createdAt: clock.now() });
      await store.attempts.add(attempt);
      await store.records.put('AccessToken', id, {}, {}, clock.secondsFromNow(60));
      await store.loginResults.put(grantId, LOGIN_RESULT, clock.secondsFromNow(60));
      await store.knownBrowsers.remember(id, 'PNOEE-40504040001', 'MOCK-Q', clock.now() + 60_000);
      const perMinute = { count: 1, perMs: 60_000 };
      await store.limits.admit(aStart(), {
        address: perMinute,
        client: perMinute,
        person: undefined,
        pushWaits: undefined,
      });
      await store.instances.beat({
        id,
        version: '1.2.3',
        startedAt: clock.now(),
        stopped: false,
        gauges: { waitingLogins: 1, circuit: 'closed', eventLoopLagMs: 2, queuedEvents: 3, lostEvents: 4 },
      });
      const none = {
        attempts: 0,
        records: 0,
        loginResults: 0,
        knownBrowsers: 0,
        limits: 0,
        auditEvents: 0,
        instances: 0,
      };
      assert.deepEqual(await store.removeExpired(KEEP), none);
      clock.advance(60_000);
      const minute = {
        attempts: 0,
        records: 1,
        loginResults: 1,
        knownBrowsers: 1,
        limits: 2,
        auditEvents: 0,
        instances: 0,
      };
      assert.deepEqual(await store.removeExpired(KEEP), minute);
      clock.advance(ATTEMPT_KEPT_MS);
      assert.deepEqual(await store.removeExpired(KEEP), { ...none, attempts: 1 });
      const [seen] = await store.instances.list();
      assert.ok(seen?.id === id);
      assert.equal(stateOf(seen), 'gone');
      clock.advance(24 * 3_600_000);
      assert.deepEqual(await store.removeExpired(KEEP), { ...none, instances: 1 });
      assert.deepEqual(await store.instances.list(), []);
    } finally {
      await store.close();
    }
  });

  it('removes from every other table when one fails, and throws its error', async () => {
    const store = await database().open({ now: clock.now });
    const grantId = randomUUID();
    await store.attempts.add(pendingAttempt({ createdAt: clock.now() }));
    await store.loginResults.put(grantId, LOGIN_RESULT, clock.secondsFromNow(60));
    await store.close();
    await database().execute('create table refusal (attempt text references login_attempt)');
    await database().execute('insert into refusal select id from login_attempt');
    clock.advance(ATTEMPT_KEPT_MS + 1);
    const again = await database().open({ now: clock.now });
    await assert.rejects(again.removeExpired(KEEP), { code: '23503' });
    await again.close();
    const kept = await database().execute('select grant_hash from login_result');
    assert.ok(kept.every(({ grant_hash }) => grant_hash !== lookupHash(grantId)));
    await database().execute('drop table refusal');
    const last = await database().open({ now: clock.now });
    assert.ok((await last.removeExpired(KEEP)).attempts > 0, 'the next time all is removed');
    await last.close();
  });
}
