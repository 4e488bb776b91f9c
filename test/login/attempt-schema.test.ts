import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attemptSchema } from '../../src/login/attempt-schema.ts';
import type { Attempt } from '../../src/login/attempt.ts';
import { CALLBACK, deviceLinkAttempt, authenticatedAttempt, pendingAttempt } from '../store/suite/samples.ts';

/** As an earlier version wrote it: one flow for both links, and the wire names in the session. */
function asBefore(attempt: Attempt): unknown {
  const names: Readonly<Record<string, string>> = {
    qr: 'QR',
    web2app: 'Web2App',
    notification: 'Notification',
  };
  return JSON.parse(
    JSON.stringify(attempt, (key, value: unknown) => {
      if (key === 'flows' && Array.isArray(value)) return value.map((flow) => names[String(flow)]);
      return value;
    }),
  );
}

function withFlow(attempt: unknown, flow: string, change: object = {}): unknown {
  return { ...(attempt as object), flow, ...change };
}

describe('an attempt that an earlier version stored', () => {
  it('is read as one by QR code while it waits', () => {
    const { attempt } = deviceLinkAttempt();
    assert.deepEqual(attemptSchema.parse(withFlow(asBefore(attempt), 'device_link')), attempt);
  });

  it('is read as one by the link to the app once the callback has come', () => {
    const { callbackHash: _, ...attempt } = deviceLinkAttempt().attempt;
    const stored = withFlow(asBefore({ ...attempt }), 'device_link', {
      state: 'returned',
      returned: CALLBACK,
    });
    const read = attemptSchema.parse(stored);
    assert.equal(read.flow, 'web2app');
    assert.ok('session' in read && read.session);
    assert.deepEqual(read.session.flows, ['qr', 'web2app']);
  });

  it('is read by the flow of its result where it has one', () => {
    const attempt = authenticatedAttempt();
    const { flow } = attempt.result;
    assert.deepEqual(attemptSchema.parse(withFlow(attempt, 'device_link')), { ...attempt, flow });
  });

  it('is read as it is with a notification', () => {
    const attempt = pendingAttempt();
    assert.deepEqual(attemptSchema.parse(asBefore(attempt)), attempt);
  });

  it('is refused with a flow that nobody knows', () => {
    const { attempt } = deviceLinkAttempt();
    for (const flow of ['nfc', 'QR', '']) {
      assert.equal(attemptSchema.safeParse(withFlow(attempt, flow)).success, false, flow);
    }
  });

  it('is refused with a session whose flow nobody knows', () => {
    const { attempt } = deviceLinkAttempt();
    const session = { ...attempt.session, flows: ['NFC'] };
    assert.equal(attemptSchema.safeParse({ ...attempt, session }).success, false);
  });
});
