import assert from 'node:assert/strict';
import { PkiError } from '../../src/pki/errors.ts';
import { VerificationError, type VerificationErrorCode } from '../../src/smart-id/verify/errors.ts';
import type { ExchangeV2 } from './answers/authentication-responses-v2.ts';
import type { Exchange } from './answers/authentication-responses.ts';
import { MalformedAnswer, verified } from './answers/authentications.ts';

/** The reason for a refusal: by verification, or before it if the response does not match the schema. */
export type RefusalCode = VerificationErrorCode | MalformedAnswer['code'];

/** The code of a refusal. Any other error is a crash and fails the test. */
export async function refusal(given: Exchange | ExchangeV2, now?: Date): Promise<RefusalCode | 'accepted'> {
  try {
    await verified(given, now);
    return 'accepted';
  } catch (error) {
    return refusalCode(error);
  }
}

export function refusalCode(error: unknown): RefusalCode {
  if (error instanceof MalformedAnswer) return error.code;
  assert.ok(error instanceof VerificationError || isOfTrustStore(error), String(error));
  assert.doesNotMatch(error.message, /40504040001|50001029996|PNO|MOCK/, 'the detail has no personal data');
  return error.code;
}

/** Verification wraps every PkiError in a VerificationError; these occur before it. */
function isOfTrustStore(error: unknown): error is PkiError {
  return (
    error instanceof PkiError && (error.code === 'no_trust_anchors' || error.code === 'trust_anchor_unusable')
  );
}
