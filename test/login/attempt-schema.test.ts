import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { authenticationSessionSchema } from '../../src/smart-id/authentication.ts';
import { attemptSchema } from '../../src/login/attempt-schema.ts';
import { deviceLinkAttempt } from '../store/suite/samples.ts';

describe('a stored attempt', () => {
  it('is refused with an unknown flow', () => {
    const { attempt } = deviceLinkAttempt();
    for (const flow of ['nfc', 'QR', 'device_link', '']) {
      assert.equal(attemptSchema.safeParse({ ...attempt, flow }).success, false, flow);
    }
  });

  it('has a session that Smart-ID refuses if it has an unknown flow', () => {
    const { attempt } = deviceLinkAttempt();
    const read = attemptSchema.parse({ ...attempt, session: { ...attempt.session, flows: ['NFC'] } });
    assert.ok(read.state === 'waiting');
    assert.equal(authenticationSessionSchema.safeParse(read.session).success, false);
  });
});
