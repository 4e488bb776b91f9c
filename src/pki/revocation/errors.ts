import { PkiError } from '../errors.ts';

/** Why an OCSP responder or a revocation list gave no valid answer. The union is closed. */
export type RevocationSourceErrorCode =
  // transport
  | 'no_address'
  | 'connection_failed'
  | 'timed_out'
  | 'redirected'
  | 'status_unexpected'
  | 'type_unexpected'
  | 'too_large'
  // OCSP responses
  | 'ocsp_malformed'
  | 'ocsp_not_successful'
  | 'ocsp_responder_unknown'
  | 'ocsp_responder_not_authorised'
  | 'ocsp_signature_invalid'
  | 'ocsp_critical_extension'
  | 'ocsp_nonce_mismatch'
  | 'ocsp_other_certificate'
  | 'ocsp_stale'
  | 'ocsp_in_the_future'
  // revocation lists
  | 'crl_malformed'
  | 'crl_other_issuer'
  | 'crl_issuer_may_not_sign'
  | 'crl_signature_invalid'
  | 'crl_critical_extension'
  | 'crl_delta'
  | 'crl_indirect'
  | 'crl_out_of_scope'
  | 'crl_stale'
  | 'crl_in_the_future';

/** A revocation source gave no valid answer. `detail` is for the log and contains no personal data. */
export class RevocationSourceError extends Error {
  readonly code: RevocationSourceErrorCode;

  constructor(code: RevocationSourceErrorCode, detail: string, options?: { cause?: unknown }) {
    super(detail, options);
    this.name = 'RevocationSourceError';
    this.code = code;
  }
}

/** Runs a step, and rethrows any error other than a `RevocationSourceError` as one with this code. */
export function under<T>(code: RevocationSourceErrorCode, step: () => T): T {
  try {
    return step();
  } catch (cause) {
    if (cause instanceof RevocationSourceError) throw cause;
    const detail = cause instanceof PkiError ? cause.message : 'does not parse';
    throw new RevocationSourceError(code, detail, { cause });
  }
}
