import { StoreError, type StoreErrorCode, wordsOf } from '../errors.ts';

export interface Location {
  /** `db.internal:5432`, or the directory of a socket. */
  readonly server: string;
  readonly database: string;
}

/** Node's codes for a certificate that does not validate; those of OpenSSL have no common prefix. */
const CERTIFICATE =
  /^(?:ERR_TLS_CERT_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_(?:GET|VERIFY|DECRYPT)_|HOSTNAME_MISMATCH|INVALID_CA|INVALID_PURPOSE|PATH_LENGTH_)/;

/**
 * Converts an error of the driver into one for the operator: what is wrong, what to do, and the words of the server. Codes are
 * SQLSTATEs (PostgreSQL manual, appendix A) or error codes of Node.
 */
export function explain(cause: unknown, { server, database }: Location): StoreError {
  const code = codeOf(cause);
  const words = wordsOf(cause);
  const answered = code !== undefined && /^[0-9A-Z]{5}$/.test(code);
  const error = (kind: StoreErrorCode, text: string) =>
    new StoreError(
      kind,
      `${text} ${answered ? `The server says: ${words} (SQLSTATE ${code})` : `The cause: ${words}`}.`,
      { cause },
    );

  // The driver's own error about a missing password has no code.
  if (code === '28P01' || code === '28000' || words.startsWith('SASL')) {
    return error(
      'authentication_failed',
      `The database server at ${server} does not accept the user or the password of DATABASE_URL, or wants TLS (sslmode): correct DATABASE_URL.`,
    );
  }
  if (code !== undefined && CERTIFICATE.test(code)) {
    return error(
      'certificate_refused',
      `The TLS certificate of the database server at ${server} is not valid (${code}): name its CA with sslrootcert in DATABASE_URL, and the host as the certificate does.`,
    );
  }
  if (words.includes('unsupported startup parameter')) {
    return error(
      'startup_parameter_refused',
      `At ${server} a pooler refuses a parameter of the connection: set DATABASE_POOLER=transaction, and have no options in DATABASE_URL.`,
    );
  }
  if (code === '3D000') {
    return error(
      'database_missing',
      `The database server at ${server} has no database "${database}": create it, or correct DATABASE_URL.`,
    );
  }
  if (code === '42501') {
    return error(
      'permission_denied',
      `The role of DATABASE_URL lacks a right in the database "${database}" at ${server}: let it own the tables and create in the schema.`,
    );
  }
  if (code === '25006') {
    return error(
      'database_read_only',
      `The database "${database}" at ${server} takes no writes, as a standby does: let DATABASE_URL lead to the primary, or end default_transaction_read_only.`,
    );
  }
  if (code === '53100') {
    return error(
      'disk_full',
      `The disk of the database server at ${server} is full: free some space there. The data is not damaged.`,
    );
  }
  if (answered && BUSY.test(code)) {
    return error(
      'database_busy',
      `The database server at ${server} did not complete a statement in time: look for locks and long transactions in pg_stat_activity, and for its load.`,
    );
  }
  // 57P03: starting up; 53300: too many connections; class 08, of PostgreSQL and of poolers: connection exceptions.
  if (answered && /^(08...|57P0.|53300)$/.test(code)) {
    return error(
      'database_unreachable',
      `The database server at ${server} accepts no connection now: look at its log, and at that of a pooler.`,
    );
  }
  if (code === undefined) {
    return error(
      'database_unreachable',
      `The connection to the database server at ${server} failed: look at its log, and correct DATABASE_URL if another server answers there.`,
    );
  }
  if (!answered) {
    return error(
      'database_unreachable',
      `The database server at ${server} cannot be reached (${code}): start it, or correct DATABASE_URL.`,
    );
  }
  return error(
    'database_refused',
    `The database "${database}" at ${server} refused a statement: correct what the server names, and start again.`,
  );
}

/** A statement was cancelled (at its time limit or by an operator), waited for a lock, or met another one. Nothing of it was done. */
const BUSY = /^(?:57014|55P03|40P01|40001)$/;

/** The server closes connections, is starting, lacks disk or memory, has too many connections, or takes no writes. */
const OUTAGE = /^(?:08...|57P0[1-5]|53...|58030|25006)$/;

/** Whether an error of a statement says that the database cannot be used for now: the server's answer, or a lost connection. */
export function outageOf(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state !== undefined) return OUTAGE.test(state) || BUSY.test(state);
  // The driver's errors of a lost connection have a system call, or a message alone.
  return error instanceof Error && ('syscall' in error || error.constructor === Error);
}

/** The SQLSTATE of an error that the server reported. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = codeOf(error);
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && error instanceof Error && 'severity' in error
    ? code
    : undefined;
}

function codeOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
}
