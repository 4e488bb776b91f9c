/** Why a verified certificate does not tell who its person is. */
export type IdentityErrorCode = 'identifier_missing' | 'identifier_malformed' | 'name_missing';

/** `detail` is for the operator's log and holds no personal data. */
export class IdentityError extends Error {
  readonly code: IdentityErrorCode;

  constructor(code: IdentityErrorCode, detail: string) {
    super(detail);
    this.name = 'IdentityError';
    this.code = code;
  }
}
