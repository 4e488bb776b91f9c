/** Why a verified certificate does not identify a person. */
export type IdentityErrorCode = 'identifier_missing' | 'identifier_malformed' | 'name_missing';

/** `detail` is for the operator's log and contains no personal data. */
export class IdentityError extends Error {
  readonly code: IdentityErrorCode;

  constructor(code: IdentityErrorCode, detail: string) {
    super(detail);
    this.name = 'IdentityError';
    this.code = code;
  }
}
