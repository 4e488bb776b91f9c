import type { PkiErrorCode } from '../../pki/errors.ts';

/** Why a completed authentication was refused. The codes of `pki/` are passed through. */
export type VerificationErrorCode =
  | PkiErrorCode
  // the response
  | 'session_not_complete'
  | 'end_result_not_ok'
  | 'signature_protocol_unexpected'
  | 'response_part_missing'
  | 'response_part_malformed'
  | 'flow_not_offered'
  | 'interaction_not_offered'
  // the callback
  | 'callback_missing'
  | 'callback_unexpected'
  | 'callback_secret_mismatch'
  | 'callback_challenge_mismatch'
  // the certificate
  | 'certificate_policies_foreign'
  | 'certificate_policies_ambiguous'
  | 'certificate_level_not_of_issuer'
  | 'certificate_purpose_wrong'
  | 'certificate_level_unknown'
  | 'certificate_level_contradicts_policies'
  | 'certificate_level_too_low'
  // the person
  | 'subject_identifier_missing'
  | 'subject_identifier_malformed'
  | 'subject_name_malformed'
  | 'person_mismatch'
  | 'document_number_mismatch'
  // the signature
  | 'signature_algorithm_unexpected'
  | 'hash_algorithm_unexpected'
  | 'mask_generation_unexpected'
  | 'salt_length_unexpected'
  | 'trailer_field_unexpected'
  | 'key_type_unexpected'
  | 'key_too_weak'
  | 'signature_invalid';

/** A response failed verification. `detail` is for the operator's log and contains no personal data. */
export class VerificationError extends Error {
  readonly code: VerificationErrorCode;

  constructor(code: VerificationErrorCode, detail: string, options?: { cause?: unknown }) {
    super(detail, options);
    this.name = 'VerificationError';
    this.code = code;
  }
}

/**
 * Returns a required member of a response.
 *
 * @param name of the member, for the log
 * @throws VerificationError response_part_missing if it is absent or empty
 */
export function requiredPart<T>(part: T | undefined, name: string): T {
  if (part === undefined || part === '') {
    throw new VerificationError('response_part_missing', `${name} is missing`);
  }
  return part;
}
