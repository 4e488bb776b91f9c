import { oneLine } from '../invisible-characters.ts';

export type StoreErrorCode =
  | 'database_unreachable'
  | 'authentication_failed'
  /** The TLS certificate of the server does not validate. */
  | 'certificate_refused'
  /** A pooler refuses session state: DATABASE_POOLER is missing. */
  | 'startup_parameter_refused'
  | 'database_missing'
  | 'permission_denied'
  | 'database_read_only'
  | 'disk_full'
  /** A statement took too long, waited for a lock, or met another one that excludes it. */
  | 'database_busy'
  /** PostgreSQL refused a statement for another reason; see `cause`. */
  | 'database_refused'
  /** The applied migrations are neither a prefix of this release's list nor an extension of it. */
  | 'migrations_differ'
  | 'data_dir_unwritable'
  | 'data_dir_in_use'
  /** The embedded database is of another major version of PostgreSQL. */
  | 'embedded_database_version'
  /** The embedded database failed while it ran, or has too little memory; its data is whole. */
  | 'embedded_database_stopped'
  | 'embedded_database_damaged';

/** The database cannot be used. The message is for the operator: what is wrong, what to do, and the server's own words. It never
 * contains a password. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}

/** Whether an error, or its cause, says that the database cannot be used for now: what failed can be tried again. */
export function isOutage(error: unknown): boolean {
  for (let each = error; each instanceof Error; each = each.cause) {
    if (each instanceof StoreError) return true;
  }
  return false;
}

/** Longest part of a message that is repeated. */
const WORDS = 300;

/** The words of a cause, on one line and without a period. A host with several addresses fails with an error for each. */
export function wordsOf(cause: unknown): string {
  if (cause instanceof AggregateError && cause.message === '') return cause.errors.map(wordsOf).join(', ');
  const message = cause instanceof Error ? cause.message : 'unknown';
  return oneLine(message.replaceAll(/\s+/g, ' ')).slice(0, WORDS).replace(/\.$/, '');
}
