import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { authenticationSessionSchema } from '../../src/smart-id/authentication.ts';
import { preparedSessionSchema } from '../../src/smart-id/session.ts';
import { attemptSchema } from '../../src/login/attempt-schema.ts';
import type { Attempt } from '../../src/login/attempt.ts';
import { CALLBACK, deviceLinkAttempt, authenticatedAttempt, pendingAttempt } from '../store/suite/samples.ts';

/** As an earlier release stored it: one flow for both links, and the wire names in the session. */
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

describe('an attempt of an earlier release', () => {
  it('is read with the flow `qr` while it waits', () => {
    const { attempt } = deviceLinkAttempt();
    const read = attemptSchema.parse(withFlow(asBefore(attempt), 'device_link'));
    assert.ok(read.state === 'waiting');
    // `smart-id/` validates its own session.
    const session = authenticationSessionSchema.parse(read.session);
    assert.deepEqual({ ...read, session }, attempt);
  });

  it('is read with the flow `web2app` after the callback', () => {
    const { callbackHash: _, ...attempt } = deviceLinkAttempt().attempt;
    const stored = withFlow(asBefore({ ...attempt }), 'device_link', {
      state: 'returned',
      returned: CALLBACK,
    });
    const read = attemptSchema.parse(stored);
    assert.equal(read.flow, 'web2app');
    assert.ok(read.state === 'callback_received');
    assert.deepEqual(read.callback, CALLBACK);
    assert.ok(!('returned' in read));
    assert.deepEqual(attemptSchema.parse(read), read);
    assert.ok('session' in read && read.session);
    // `smart-id/` validates its own session.
    assert.deepEqual(authenticationSessionSchema.parse(read.session).flows, ['qr', 'web2app']);
  });

  it('is read with the flow of its result if it has one', () => {
    const attempt = authenticatedAttempt();
    const { flow } = attempt.result;
    assert.deepEqual(attemptSchema.parse(withFlow(attempt, 'device_link')), { ...attempt, flow });
  });

  it('is read unchanged with a notification', () => {
    const attempt = pendingAttempt();
    const read = attemptSchema.parse(asBefore(attempt));
    assert.ok(read.state === 'pending');
    assert.deepEqual({ ...read, prepared: preparedSessionSchema.parse(read.prepared) }, attempt);
  });

  it('is refused with an unknown flow', () => {
    const { attempt } = deviceLinkAttempt();
    for (const flow of ['nfc', 'QR', '']) {
      assert.equal(attemptSchema.safeParse(withFlow(attempt, flow)).success, false, flow);
    }
  });

  it('has a session that Smart-ID refuses if it has an unknown flow', () => {
    const { attempt } = deviceLinkAttempt();
    const read = attemptSchema.parse({ ...attempt, session: { ...attempt.session, flows: ['NFC'] } });
    assert.ok(read.state === 'waiting');
    assert.equal(authenticationSessionSchema.safeParse(read.session).success, false);
  });
});
