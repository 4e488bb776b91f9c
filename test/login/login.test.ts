import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createLogger } from '../../src/log/logger.ts';
import { ANSWER_MS, GRACE_MS, START_MS } from '../../src/login/attempt.ts';
import type { StartResult } from '../../src/login/authenticator.ts';
import { CODE_FIRST_MS, createLogin } from '../../src/login/login.ts';
import { aSession } from '../support/answers/authentications.ts';
import {
  attempts,
  audit,
  authentication,
  authenticator,
  CALLBACK_URL,
  complete,
  given,
  IDENTIFIER,
  lines,
  linkRequest,
  login,
  measured,
  prepared,
  prepareLogin,
  request,
  starts,
  waiting,
} from '../support/login-under-test.ts';
import { createTestAudit } from '../support/outputs/audit.ts';
import { anyNumber, unlimited } from '../support/unlimited.ts';

prepareLogin();

describe('a login', () => {
  for (const [flow, asked] of [
    ['a notification', request()],
    ['a device link', linkRequest()],
  ] as const) {
    it(`demands the requested certificate level: ${flow}`, async () => {
      await login.begin({ ...asked, certificateLevel: 'QUALIFIED' });
      assert.equal(prepared.at(-1)?.certificateLevel, 'QUALIFIED');
    });
  }

  it('is completed once, from the first request to the result', async () => {
    const begun = await login.begin(request());
    assert.equal(begun.state, 'pending');
    const sent = await login.advance(begun, 1000);
    assert.ok(sent.state === 'waiting');
    assert.equal(sent.answerBy, given.time + ANSWER_MS);
    assert.equal((await login.advance(sent, 1000)).state, 'waiting');
    given.pollResult = { kind: 'authenticated', authentication };
    const done = await login.advance(sent, 1000);
    assert.ok(done.state === 'authenticated');
    assert.equal(done.result.person.semanticsIdentifier, IDENTIFIER);
    assert.equal(await login.complete(done, []), true);
    assert.equal((await login.current('uid'))?.state, 'finished');
  });

  it('is completed by exactly one of several concurrent callers', async () => {
    given.pollResult = { kind: 'authenticated', authentication };
    const done = await login.advance(await waiting(), 1000);
    const won = await Promise.all(Array.from({ length: 50 }, () => complete(done)));
    assert.equal(won.filter(Boolean).length, 1);
  });

  it('sends one push for concurrent requests', async () => {
    const begun = await login.begin(request());
    await Promise.all(Array.from({ length: 50 }, () => login.advance(begun, 1000)));
    assert.equal(starts, 1);
  });

  it('is begun once by a double submit', async () => {
    const [first, second] = await Promise.all([login.begin(request()), login.begin(request())]);
    assert.equal(first.id, second.id);
    assert.equal(attempts.all.length, 1);
  });

  it('cancels the earlier attempt when the person corrects the code', async () => {
    const first = await waiting();
    const second = await login.begin(request({ identifier: 'PNOEE-50001029996' }));
    assert.notEqual(second.id, first.id);
    assert.equal(attempts.all.find(({ id }) => id === first.id)?.state, 'cancelled');
  });

  it('shows the code before the push if the browser runs on the device that receives it', async () => {
    const begun = await login.begin(request({ codeFirst: true }));
    assert.equal((await login.advance(begun, 1000)).state, 'pending');
    assert.equal(starts, 0);
    given.time += CODE_FIRST_MS;
    assert.equal((await login.advance(begun, 1000)).state, 'waiting');
    assert.equal(starts, 1);
  });

  it('fails with Smart-ID’s answer to the start', async () => {
    given.startResult = { kind: 'failed', failure: { code: 'account_not_found', detail: 'HTTP 404' } };
    const failed = await login.advance(await login.begin(request()), 1000);
    assert.equal(failed.state === 'failed' && failed.failure.code, 'account_not_found');
  });

  it('fails with the end result', async () => {
    const sent = await waiting();
    given.pollResult = { kind: 'failed', failure: { code: 'user_refused', detail: 'USER_REFUSED' } };
    const failed = await login.advance(sent, 1000);
    assert.equal(failed.state === 'failed' && failed.failure.code, 'user_refused');
    given.pollResult = { kind: 'authenticated', authentication };
    assert.equal((await login.advance(failed, 1000)).state, 'failed');
  });

  it('refuses a person of a country that is not allowed, and stores nothing about the person', async () => {
    given.allowed = ['LV', 'LT'];
    given.pollResult = { kind: 'authenticated', authentication };
    const failed = await login.advance(await waiting(), 1000);
    assert.equal(failed.state === 'failed' && failed.failure.code, 'country_not_allowed');
    assert.equal(failed.state === 'failed' && failed.failure.detail, 'EE');
  });

  it('can be tried again after a failure', async () => {
    given.startResult = { kind: 'failed', failure: { code: 'account_not_found', detail: 'HTTP 404' } };
    const failed = await login.advance(await login.begin(request()), 1000);
    const again = await login.begin(request());
    assert.notEqual(again.id, failed.id);
    assert.equal(again.state, 'pending');
  });

  it('continues while Smart-ID cannot be reached, until it times out', async () => {
    const sent = await waiting();
    given.pollResult = { kind: 'unreachable', detail: 'ECONNREFUSED' };
    assert.equal((await login.advance(sent, 1000)).state, 'waiting');
    given.time += ANSWER_MS + GRACE_MS + 1;
    const failed = await login.advance(sent, 1000);
    assert.equal(failed.state === 'failed' && failed.failure.code, 'service_failed');
  });

  it('times out without an end result', async () => {
    const sent = await waiting();
    given.time += ANSWER_MS + GRACE_MS;
    assert.equal((await login.advance(sent, 1000)).state, 'waiting');
    given.time += 1;
    const failed = await login.advance(sent, 1000);
    assert.equal(failed.state === 'failed' && failed.failure.code, 'timeout');
  });

  it('fails when the instance that started it died', async () => {
    const begun = await login.begin(request());
    let release: (result: StartResult) => void = () => undefined;
    const dying = createLogin({
      attempts,
      authenticator: { ...authenticator, start: () => new Promise((resolve) => (release = resolve)) },
      limits: unlimited,
      places: anyNumber,
      isOutage: () => false,
      log: createLogger({ level: 'silent' }),
      metrics: { loginBegun: () => undefined, loginEnded: () => undefined },
      audit: createTestAudit(),
      now: () => given.time,
      newId: () => 'x',
      randomBytes: (size) => new Uint8Array(size),
      callbackUrl: CALLBACK_URL,
      isCountryAllowed: () => true,
    });
    const hanging = dying.advance(begun, 1000);
    const starting = await login.current('uid');
    assert.ok(starting?.state === 'starting');
    assert.equal((await login.advance(starting, 1000)).state, 'starting');
    given.time += START_MS + 1;
    assert.equal((await login.advance(starting, 1000)).state, 'failed');
    release({ kind: 'started', session: aSession() });
    assert.equal((await hanging).state, 'failed', 'a late start does not bring it back');
  });

  it('ends when it is cancelled, and ignores later answers of Smart-ID', async () => {
    const sent = await waiting();
    assert.equal((await login.cancel(sent)).state, 'cancelled');
    given.pollResult = { kind: 'authenticated', authentication };
    assert.equal((await login.advance(sent, 1000)).state, 'cancelled');
  });

  it('is measured once at its beginning and once at its end, with flow, outcome and duration', async () => {
    const begun = { client: 'client', flow: 'notification' };
    given.pollResult = { kind: 'authenticated', authentication };
    const done = await login.advance(await waiting(), 1000);
    assert.deepEqual(measured, [begun]);
    given.time += 12_000;
    await Promise.all([complete(done), complete(done)]);
    assert.deepEqual(measured, [begun, { ...begun, outcome: 'finished', seconds: 12 }]);

    measured.length = 0;
    given.startResult = { kind: 'failed', failure: { code: 'account_not_found', detail: 'HTTP 404' } };
    await waiting();
    await login.cancel(await login.begin(request()));
    assert.deepEqual(
      measured.map((one) => ('outcome' in one ? one.outcome : 'begun')),
      ['begun', 'account_not_found', 'begun', 'cancelled'],
    );
  });

  it('is logged with a pseudonym', async () => {
    given.pollResult = { kind: 'authenticated', authentication };
    await complete(await login.advance(await waiting(), 1000));
    const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    assert.deepEqual(events, ['login_begun', 'login_waiting', 'login_authenticated', 'login_finished']);
    assert.doesNotMatch(lines.join(''), new RegExp(IDENTIFIER.slice(6)));
    assert.match(lines.join(''), /"person":"pseudonym"/);
  });

  it('has the browser in the audit, and nothing of it in what is stored afterwards', async () => {
    const sent = await login.advance(await login.begin({ ...request(), browser: 'Firefox, Windows' }), 1000);
    const [begun] = audit.events;
    assert.equal(begun?.event === 'login_begun' && begun.browser, 'Firefox, Windows');
    assert.equal('browser' in sent, false);
  });

  it('of a client without a browser is marked in each of its events', async () => {
    given.pollResult = { kind: 'authenticated', authentication };
    const sent = await login.advance(await login.begin(request({ backchannel: true })), 1000);
    await complete(await login.advance(sent, 1000));
    const channels = lines.map((line) => (JSON.parse(line) as { channel?: string }).channel);
    assert.deepEqual(channels, Array(4).fill('backchannel'));
    assert.equal((await login.current('uid'))?.backchannel, true);
  });
});
