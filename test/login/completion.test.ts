import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import {
  attempts,
  audit,
  authentication,
  doneLate,
  given,
  IDENTIFIER,
  login,
  prepareLogin,
  waiting,
} from '../support/login-under-test.ts';

prepareLogin();

describe('a login whose answer its caller completes at once', () => {
  const answered = async () => {
    const sent = await waiting();
    given.pollResult = { kind: 'authenticated', authentication };
    const done = await login.advanceToCompletion(sent, 1000);
    assert.ok(done.state === 'authenticated');
    assert.equal((await login.current('uid'))?.state, 'waiting', 'the answer is not stored');
    return done;
  };
  const ends = () =>
    audit.events
      .map(({ event }) => event)
      .filter((event) => event === 'login_authenticated' || event === 'login_finished');

  it('is stored as finished, without the answer, and audited as authenticated and finished', async () => {
    assert.equal(await login.complete(await answered(), []), true);
    const stored = await login.current('uid');
    assert.ok(stored?.state === 'finished');
    assert.ok(!('result' in stored));
    assert.equal(stored.identifier, IDENTIFIER);
    assert.deepEqual(ends(), ['login_authenticated', 'login_finished']);
  });

  it('is completed by one of several concurrent polls', async () => {
    const first = await answered();
    const second = await login.advanceToCompletion((await login.current('uid')) ?? first, 1000);
    assert.ok(second.state === 'authenticated');
    const won = await Promise.all([login.complete(first, []), login.complete(second, [])]);
    assert.deepEqual(won.toSorted(), [false, true]);
    assert.deepEqual(ends(), ['login_authenticated', 'login_finished']);
  });

  it('is completed although another poll has stored the same answer meanwhile', async () => {
    const sent = await waiting();
    given.pollResult = { kind: 'authenticated', authentication };
    const done = await login.advanceToCompletion(sent, 1000);
    assert.ok(done.state === 'authenticated');
    assert.equal((await login.advance(sent, 1000)).state, 'authenticated');
    assert.equal((await login.current('uid'))?.state, 'authenticated');
    assert.equal(await login.complete(done, []), true);
    assert.equal((await login.current('uid'))?.state, 'finished');
    assert.deepEqual(ends(), ['login_authenticated', 'login_finished']);
  });

  it('is not completed once it is cancelled', async () => {
    const done = await answered();
    const current = await login.current('uid');
    assert.ok(current);
    await login.cancel(current);
    assert.equal(await login.complete(done, []), false);
    assert.equal((await login.keep(done)).state, 'authenticated', 'it is not held any more');
    assert.equal((await login.current('uid'))?.state, 'cancelled');
  });

  it('is completed, and audited once, although the answer of the store is lost', async () => {
    const done = await answered();
    let answers = 0;
    given.storeAnswers = () => (answers += 1) > 1;
    assert.equal(await login.complete(done, []), true);
    await setImmediate();
    assert.deepEqual(ends(), ['login_authenticated', 'login_finished']);
    assert.equal(answers, 2);
  });

  it('is completed although the store does late what it has not answered', async () => {
    const done = await answered();
    given.storeInstead = doneLate();
    assert.equal(await login.complete(done, []), true);
    await setImmediate();
    assert.equal((await login.current('uid'))?.state, 'finished');
  });

  it('is not lost where the store refuses its completion', async () => {
    const done = await answered();
    const REFUSED = new Error('deadlock detected');
    given.storeInstead = () => Promise.reject(REFUSED);
    await assert.rejects(login.complete(done, []), REFUSED);
    await assert.rejects(login.keep(done), REFUSED);
    given.storeInstead = undefined;
    assert.equal((await login.keep(done)).state, 'authenticated');
    assert.equal((await login.current('uid'))?.state, 'authenticated');
  });

  it('is stored where its caller cannot complete it', async () => {
    const done = await answered();
    assert.equal((await login.keep(done)).state, 'authenticated');
    assert.equal((await login.current('uid'))?.state, 'authenticated');
    assert.deepEqual(ends(), ['login_authenticated']);
    assert.equal(await login.complete(done, []), true);
    assert.deepEqual(ends(), ['login_authenticated', 'login_finished']);
  });
});

describe('the result of a login', () => {
  it('drops the challenge, the session and the code when they are no longer needed', async () => {
    given.pollResult = { kind: 'authenticated', authentication };
    const done = await login.advance(await waiting(), 1000);
    assert.doesNotMatch(JSON.stringify(done), /rpChallenge|sessionId|verificationCode/);
    assert.ok(done.state === 'authenticated');
    given.time += 5_000;
    assert.equal(await login.complete(done, []), true);
    assert.doesNotMatch(JSON.stringify(attempts.all), /person|givenName|documentNumber/);
    const finished = await login.current('uid');
    assert.equal(finished?.state === 'finished' && finished.finishedAt, given.time);
  });
});
