import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { type Attempt, ANSWER_MS, GRACE_MS } from '../../src/login/attempt.ts';
import { aDeviceLinkSession } from '../support/answers/authentications.ts';
import {
  attempts,
  authentication,
  brought,
  given,
  IDENTIFIER,
  lines,
  linkRequest,
  login,
  prepared,
  prepareLogin,
  request,
  waiting,
  complete,
} from '../support/login-under-test.ts';

prepareLogin();

const isBoundToBrowser = (uid: string) => uid === 'uid';
const BROUGHT = { sessionSecretDigest: 'digest', userChallengeVerifier: 'verifier' };

describe('a login by device link', () => {
  /** A waiting attempt with a device link, and the value of its callback URL. */
  async function linked(identifier?: string): Promise<{ waiting: Attempt; value: string }> {
    given.startResult = { kind: 'started', session: aDeviceLinkSession() };
    const begun = await login.begin(linkRequest(identifier));
    const asked = prepared.at(-1);
    assert.ok(asked?.flow === 'qr');
    const value = new URL(asked.callbackUrl).searchParams.get('value');
    assert.ok(value);
    return { waiting: await login.advance(begun, 1000), value };
  }

  it('shares its session between the QR code and the link to the app', async () => {
    given.startResult = { kind: 'started', session: aDeviceLinkSession() };
    const byQr = await login.begin(linkRequest());
    const byLink = await login.begin({ ...linkRequest(), flow: 'web2app' });
    assert.equal(byLink.id, byQr.id);
    assert.equal((await login.current(byQr.interactionUid))?.state, 'pending');
  });

  it('has an unpredictable callback for each attempt, and stores its hash', async () => {
    const { waiting, value } = await linked();
    assert.match(value, /^[\w-]{43}$/);
    assert.ok(waiting.state === 'waiting');
    assert.equal(waiting.callbackHash, createHash('sha256').update(value).digest('base64url'));
    assert.equal(waiting.identifier, undefined);
    await login.cancel(waiting);
    assert.notEqual((await linked()).value, value);
  });

  it('is completed by a scanned code without a callback', async () => {
    const { waiting } = await linked();
    given.pollResult = { kind: 'authenticated', authentication };
    const done = await login.advance(waiting, 1000);
    assert.equal(done.state, 'authenticated');
    assert.equal(done.identifier, IDENTIFIER);
    assert.deepEqual(brought, [undefined]);
  });

  it('waits for the callback, and is completed with its parameters', async () => {
    const { waiting, value } = await linked();
    given.pollResult = { kind: 'callback_required' };
    assert.equal((await login.advance(waiting, 1000)).state, 'waiting');
    const returned = await login.receiveCallback({ value, isBoundToBrowser, ...BROUGHT });
    assert.ok(returned?.state === 'callback_received');
    given.pollResult = { kind: 'authenticated', authentication };
    assert.equal((await login.advance(returned, 1000)).state, 'authenticated');
    assert.deepEqual(brought, [undefined, BROUGHT]);
  });

  it('times out without a callback', async () => {
    const { waiting } = await linked();
    given.pollResult = { kind: 'callback_required' };
    given.time += ANSWER_MS + GRACE_MS + 1;
    const failed = await login.advance(waiting, 1000);
    assert.equal(failed.state === 'failed' && failed.failure.code, 'timeout');
  });

  it('uses a callback once, of many concurrent ones', async () => {
    const { value } = await linked();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => login.receiveCallback({ value, isBoundToBrowser, ...BROUGHT })),
    );
    assert.ok(answers.some((attempt) => attempt?.state === 'callback_received'));
    const lost = await login.receiveCallback({ value, isBoundToBrowser, ...BROUGHT });
    assert.equal(lost, undefined);
    const events = lines.map((line) => (JSON.parse(line) as { event: string }).event);
    assert.equal(events.filter((event) => event === 'login_callback_received').length, 1);
  });

  it('fails if another browser opens the callback, so that the waiting browser is not logged in', async () => {
    const { waiting, value } = await linked();
    const failed = await login.receiveCallback({
      value,
      isBoundToBrowser: (uid) => uid === 'other',
      ...BROUGHT,
    });
    assert.ok(failed?.state === 'failed');
    assert.deepEqual(failed.failure, {
      code: 'callback_refused',
      detail: 'callback_in_another_browser',
    });
    given.pollResult = { kind: 'authenticated', authentication };
    assert.equal((await login.advance(waiting, 1000)).state, 'failed');
    assert.equal(await login.receiveCallback({ value, isBoundToBrowser, ...BROUGHT }), undefined);
  });

  for (const [where, bound, state] of [
    ['the browser of the login', true, 'callback_received'],
    ['another browser', false, 'failed'],
  ] as const) {
    it(`accepts a callback in ${where} whose use the store did and did not confirm`, async () => {
      const { value } = await linked();
      let answers = 0;
      given.storeAnswers = () => (answers += 1) > 1;
      const returned = await login.receiveCallback({ value, isBoundToBrowser: () => bound, ...BROUGHT });
      assert.equal(returned?.state, state);
    });
  }

  it('accepts no unknown callback, and none of an attempt that has ended', async () => {
    const { waiting, value } = await linked();
    assert.equal(await login.receiveCallback({ value: 'x', isBoundToBrowser, ...BROUGHT }), undefined);
    assert.match(lines.at(-1) ?? '', /"event":"callback_refused","code":"callback_spent"/);
    await login.cancel(waiting);
    assert.equal(await login.receiveCallback({ value, isBoundToBrowser, ...BROUGHT }), undefined);
    assert.equal((await login.current('uid'))?.state, 'cancelled');
  });

  it('replaces a push, and is replaced by one', async () => {
    const push = await waiting();
    const { waiting: link } = await linked(IDENTIFIER);
    assert.equal(attempts.all.find(({ id }) => id === push.id)?.state, 'cancelled');
    assert.equal((await login.begin(linkRequest(IDENTIFIER))).id, link.id);
    await login.begin(request());
    assert.equal(attempts.all.find(({ id }) => id === link.id)?.state, 'cancelled');
  });

  it('has its secrets neither in the log nor in states that do not need them', async () => {
    const { value } = await linked();
    const session = aDeviceLinkSession();
    const returned = await login.receiveCallback({ value, isBoundToBrowser, ...BROUGHT });
    assert.ok(returned);
    given.pollResult = { kind: 'authenticated', authentication };
    await complete(await login.advance(returned, 1000));
    const { sessionSecret } = session.deviceLink ?? {};
    assert.ok(sessionSecret);
    for (const secret of [value, sessionSecret, session.sessionId, ...Object.values(BROUGHT)]) {
      assert.ok(!lines.join('').includes(secret));
    }
    assert.doesNotMatch(JSON.stringify(attempts.all), /sessionSecret|callback|rpChallenge/);
  });
});
