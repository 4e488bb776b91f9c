import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { StoreError, wordsOf } from '../errors.ts';

const SQLITE_BUSY = 5;

export interface DirectoryLock {
  release(): void;
}

/**
 * Locks a directory for this process until `release` or the end of the process.
 *
 * PGlite does not protect its files from a second process. This is a lock of the operating system, which releases it when
 * the process ends: no stale lock files after a crash, and no process IDs, which are meaningless in another container with
 * the same volume. Node offers such locks only through its SQLite, so the lock file is an empty SQLite database.
 *
 * @throws {StoreError} `data_dir_in_use`, `data_dir_unwritable`
 */
export function lockDirectory(directory: string): DirectoryLock {
  let file: DatabaseSync | undefined;
  try {
    file = new DatabaseSync(join(directory, 'lock'), { timeout: 0 });
    file.exec('begin exclusive');
  } catch (cause) {
    file?.close();
    throw cause instanceof Error && 'errcode' in cause && cause.errcode === SQLITE_BUSY
      ? new StoreError(
          'data_dir_in_use',
          `The embedded database in ${directory} is used by a running Sild: stop it first, or use PostgreSQL (DATABASE_URL).`,
        )
      : new StoreError(
          'data_dir_unwritable',
          `DATA_DIR (${directory}) cannot be locked: let this process write to it. The cause: ${wordsOf(cause)}.`,
          { cause },
        );
  }
  const held = file;
  return {
    release() {
      held.close();
    },
  };
}
