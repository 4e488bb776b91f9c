/** Why a certificate or a path was refused. The union is closed: every refusal has one of these codes. */
export type PkiErrorCode =
  | 'certificate_malformed'
  | 'certificate_expired'
  | 'certificate_not_yet_valid'
  | 'no_path_to_trust_anchor'
  | 'certificate_signature_invalid'
  | 'signature_algorithm_refused'
  | 'issuer_not_a_ca'
  | 'issuer_may_not_sign_certificates'
  | 'path_length_exceeded'
  | 'end_entity_is_a_ca'
  | 'unknown_critical_extension'
  | 'certificate_revoked'
  | 'issuer_revoked'
  /** The CA does not know the certificate. */
  | 'revocation_unknown'
  /** Neither the CA's OCSP responder nor its revocation list gave a valid answer. */
  | 'revocation_unavailable'
  | 'no_trust_anchors'
  | 'trust_anchor_unusable';

/** A certificate was refused. `detail` is for the operator's log and contains no personal data. */
export class PkiError extends Error {
  readonly code: PkiErrorCode;

  constructor(code: PkiErrorCode, detail: string, options?: { cause?: unknown }) {
    super(detail, options);
    this.name = 'PkiError';
    this.code = code;
  }
}
