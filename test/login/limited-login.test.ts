import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  attempts,
  audit,
  given,
  IDENTIFIER,
  login,
  prepareLogin,
  request,
  waiting,
} from '../support/login-under-test.ts';

prepareLogin();

describe('a login that a limit delays', () => {
  it('is that of the first request for a second one at the same time that is limited', async (test) => {
    const first = await login.begin(request());
    given.limited = { by: 'address', retryAt: given.time + 60_000 };
    // The first attempt is stored after the second request has looked for one.
    test.mock.method(attempts, 'latest', () => Promise.resolve(undefined), { times: 1 });
    assert.deepEqual(await login.begin(request()), first);
    assert.equal((await login.current('uid'))?.state, 'pending');
  });

  const OTHER = { identifier: 'PNOEE-50001029996' };
  const delays = (ms: number) => (given.limited = { by: 'address', retryAt: given.time + ms });

  it('is the refusal of the first request for each that repeats it, until its time', async () => {
    delays(60_000);
    const refused = await login.begin(request());
    assert.equal(refused.state === 'failed' && refused.failure.retryAt, given.time + 60_000);
    given.time += 59_999;
    assert.equal((await login.begin(request())).id, refused.id);
    assert.equal(attempts.all.length, 1);
    assert.equal(audit.events.filter(({ event }) => event === 'login_limited').length, 1);
    given.time += 1;
    delays(60_000);
    const again = await login.begin(request());
    assert.equal(again.state === 'failed' && again.failure.retryAt, given.time + 60_000);
    assert.equal(attempts.all.length, 1);
  });

  it('is the same refusal for another person, with an event of the audit and no further attempt', async () => {
    delays(60_000);
    const refused = await login.begin(request());
    assert.equal((await login.begin(request(OTHER))).id, refused.id);
    assert.equal(attempts.all.length, 1);
    assert.deepEqual(
      audit.events.flatMap((event) => (event.event === 'login_limited' ? [event.person] : [])),
      [IDENTIFIER, OTHER.identifier],
    );
  });

  it('is the live one for a request that repeats it, and one that is refused for another person', async () => {
    const first = await waiting();
    delays(60_000);
    assert.equal((await login.begin(request())).id, first.id);
    assert.equal((await login.begin(request(OTHER))).state, 'failed');
  });

  it('is a refusal of its own after a failure that was no limit', async () => {
    given.startResult = { kind: 'failed', failure: { code: 'account_not_found', detail: 'HTTP 404' } };
    const failed = await login.advance(await login.begin(request()), 1000);
    delays(60_000);
    const refused = await login.begin(request());
    assert.notEqual(refused.id, failed.id);
    assert.equal(refused.state === 'failed' && refused.failure.retryAt, given.time + 60_000);
  });
});
