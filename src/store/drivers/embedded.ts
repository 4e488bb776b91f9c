/**
 * The embedded database: PGlite, PostgreSQL compiled to WebAssembly, in DATA_DIR.
 *
 *   DATA_DIR/lock     locked by the process that has the database open
 *   DATA_DIR/db.new   a database under construction; the only thing an interrupted first start leaves behind
 *   DATA_DIR/db       the database
 *
 * It survives a crash of the process (the write-ahead log is replayed), but PGlite cannot call fsync, so a power failure
 * can lose the last seconds. PostgreSQL does not have that limit; the embedded database is for trials and development.
 */
import { PGlite } from '@electric-sql/pglite';
import { constants } from 'node:fs';
import { access, mkdir, rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Kysely, sql } from 'kysely';
import { PGliteDialect } from 'kysely-pglite-dialect';
import type { Database, Tables } from '../database.ts';
import { type DirectoryLock, lockDirectory } from './directory-lock.ts';
import { StoreError, wordsOf } from '../errors.ts';
import { systemReason } from '../../system-reason.ts';

/** @throws {StoreError} */
export async function openEmbedded(dataDir: string): Promise<Database> {
  const directory = resolve(dataDir);
  await makeDirectory(directory);
  const lock = lockDirectory(directory);
  try {
    const pglite = await keepExitCode(() => openDatabase(directory));
    return databaseOf(pglite, directory, lock);
  } catch (error) {
    lock.release();
    throw error instanceof StoreError ? error : explain(error, directory);
  }
}

function databaseOf(pglite: PGlite, directory: string, lock: DirectoryLock): Database {
  const db = new Kysely<Tables>({ dialect: new PGliteDialect(pglite) });
  return {
    db,
    runLong: (use) => use(db),
    // PGlite has no autovacuum and no checkpointer: without this, dead rows and the write-ahead log grow without limit.
    async tidy() {
      await sql`
        vacuum login_attempt, oidc_record, login_result, known_browser, rate_limit, person_limit, audit_event`.execute(
        db,
      );
      await sql`checkpoint`.execute(db);
    },
    explain: (cause) => explain(cause, directory),
    async close() {
      await keepExitCode(() => db.destroy());
      lock.release();
    },
  };
}

/** Opens the database; creates it first if it does not exist. */
async function openDatabase(directory: string): Promise<PGlite> {
  const path = join(directory, 'db');
  if (!(await exists(path))) {
    const unfinished = join(directory, 'db.new');
    try {
      await rm(unfinished, { recursive: true, force: true });
      const created = await PGlite.create(unfinished);
      await created.close();
      await rename(unfinished, path);
    } catch (cause) {
      throw new StoreError(
        'data_dir_unwritable',
        `The embedded database cannot be made in DATA_DIR (${directory}): the disk may be full or read-only. The cause: ${wordsOf(cause)}.`,
        { cause },
      );
    }
  }
  return openPglite(path);
}

/**
 * Opens an existing database. A small buffer pool opens in less than half the time of the default one of 128 MB, and takes a
 * hundred megabytes less; the operating system caches the files anyway.
 */
export function openPglite(path: string): Promise<PGlite> {
  return PGlite.create(path, {
    startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=16MB'],
  });
}

/** PGlite sets `process.exitCode` when it stops; this restores Sild's own. */
async function keepExitCode<T>(use: () => Promise<T>): Promise<T> {
  const { exitCode } = process;
  try {
    return await use();
  } finally {
    process.exitCode = exitCode;
  }
}

async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw unwritable(directory, cause);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function explain(cause: unknown, directory: string): StoreError {
  // Errors of Node's file operations have a `syscall`, PGlite's own errors do not.
  if (cause instanceof Error && 'syscall' in cause) return unwritable(directory, cause);
  return new StoreError(
    'embedded_database_damaged',
    `The embedded database in DATA_DIR (${directory}) cannot be opened: bring back a backup, or move its directory "db" away to start with an empty one. The cause: ${wordsOf(cause)}.`,
    { cause },
  );
}

function unwritable(directory: string, cause: unknown): StoreError {
  return new StoreError(
    'data_dir_unwritable',
    `DATA_DIR (${directory}) cannot be made or written (${systemReason(cause)}).`,
    { cause },
  );
}
