export type StoreErrorCode =
  | 'database_unreachable'
  | 'authentication_failed'
  | 'database_missing'
  | 'permission_denied'
  /** PostgreSQL refused a statement of ours for another reason; the cause says which. */
  | 'database_refused'
  /** The migrations that have run are neither some of this release's nor all of them and a later one's. */
  | 'migrations_differ'
  | 'data_dir_unwritable'
  | 'data_dir_in_use'
  | 'embedded_database_damaged';

/** The database cannot be used. The message is one sentence for the operator, without any part of a password. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}
