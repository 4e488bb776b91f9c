import assert from 'node:assert/strict';
import { VerificationError, type VerificationErrorCode } from '../../../src/smart-id/verify/errors.ts';
import type { Exchange } from '../../support/authentication-responses.ts';
import { verified } from '../../support/authentications.ts';

/** The code under which an answer is refused. */
export async function refusal(given: Exchange): Promise<VerificationErrorCode | 'accepted'> {
  try {
    await verified(given);
    return 'accepted';
  } catch (error) {
    assert.ok(error instanceof VerificationError, String(error));
    assert.doesNotMatch(error.message, /40504040001|50001029996|PNO|MOCK/, 'the detail has no personal data');
    return error.code;
  }
}
