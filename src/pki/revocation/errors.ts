import { PkiError } from '../errors.ts';

/** Why an OCSP responder or a revocation list gave no answer that counts. Closed. */
export type RevocationSourceErrorCode =
  // the way there
  | 'no_address'
  | 'connection_failed'
  | 'timed_out'
  | 'redirected'
  | 'status_unexpected'
  | 'type_unexpected'
  | 'too_large'
  // what an OCSP responder answers
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
  // what a revocation list is
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

/** A source of revocation said nothing that may be believed. `detail` is for the log and holds no personal data. */
export class RevocationSourceError extends Error {
  readonly code: RevocationSourceErrorCode;

  constructor(code: RevocationSourceErrorCode, detail: string, options?: { cause?: unknown }) {
    super(detail, options);
    this.name = 'RevocationSourceError';
    this.code = code;
  }
}

/** Does one step of reading an answer, and puts every refusal that is not one of a source's under `code`. */
export function under<T>(code: RevocationSourceErrorCode, step: () => T): T {
  try {
    return step();
  } catch (cause) {
    if (cause instanceof RevocationSourceError) throw cause;
    const detail = cause instanceof PkiError ? cause.message : 'does not parse';
    throw new RevocationSourceError(code, detail, { cause });
  }
}
