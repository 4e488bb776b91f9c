/**
 * The embedded database: PGlite, PostgreSQL compiled to WebAssembly, in DATA_DIR.
 *
 *   DATA_DIR/lock     locked by the process that has the database open
 *   DATA_DIR/db.new   a database under construction; the only thing an interrupted first start leaves behind
 *   DATA_DIR/db       the database
 *
 * It runs in a thread of its own (`embedded-thread.ts`), behind a client that keeps the disk from becoming full
 * (`embedded-client.ts`). It survives a crash of the process (the write-ahead log is replayed), but PGlite cannot call fsync, so a power failure
 * can lose the last seconds. PostgreSQL does not have that limit; the embedded database is for trials and development.
 */
import type { PGlite } from '@electric-sql/pglite';
import { constants, existsSync } from 'node:fs';
import { access, mkdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Kysely, sql } from 'kysely';
import { PGliteDialect } from 'kysely-pglite-dialect';
import { type Database, type ObserveStatement, statementLog, type Tables } from '../database.ts';
import { type DirectoryLock, lockDirectory } from './directory-lock.ts';
import { StoreError, type StoreErrorCode, wordsOf } from '../errors.ts';
import {
  type EmbeddedClient,
  type FreeBytes,
  freeBytesOf,
  isDiskFull,
  openEmbeddedClient,
  RESERVE_BYTES,
} from './embedded-client.ts';
import { startDatabaseThread, ThreadEndedError } from './embedded-thread.ts';
import { systemReason } from '../../system-reason.ts';

/** The major version of PostgreSQL that PGlite is. */
const MAJOR_VERSION = '18';
/** data_corrupted and index_corrupted. */
const DAMAGE = /^XX00[12]$/;
/** Creating a database writes some 40 MB, on a slow disk too, in milliseconds. */
const CREATE_MS = 120_000;

export interface EmbeddedOptions {
  /** Measures the free space; a test simulates a full disk. */
  readonly freeBytes?: FreeBytes;
  readonly observe?: ObserveStatement | undefined;
}

/** @throws {StoreError} */
export async function openEmbedded(
  dataDir: string,
  { freeBytes = freeBytesOf, observe }: EmbeddedOptions = {},
): Promise<Database> {
  const directory = resolve(dataDir);
  await makeDirectory(directory);
  const lock = await lockOf(directory, freeBytes);
  const explain = (error: unknown) => explanationOf(error, directory, freeBytes);
  try {
    if ((await freeBytes(directory)) < RESERVE_BYTES) throw diskFull(directory, undefined);
    const client = await openDatabase(directory, { freeBytes, explain });
    return databaseOf(client, explain, lock, observe);
  } catch (error) {
    lock.release();
    throw error instanceof StoreError ? error : await explain(error);
  }
}

async function lockOf(directory: string, freeBytes: FreeBytes): Promise<DirectoryLock> {
  try {
    return lockDirectory(directory);
  } catch (error) {
    const isRefusedWrite = error instanceof StoreError && error.code === 'data_dir_unwritable';
    throw isRefusedWrite && (await isFull(error, directory, freeBytes)) ? diskFull(directory, error) : error;
  }
}

function databaseOf(
  client: EmbeddedClient,
  explain: (error: unknown) => Promise<StoreError>,
  lock: DirectoryLock,
  observe: ObserveStatement | undefined,
): Database {
  // The dialect uses these two members of PGlite alone.
  const dialect = new PGliteDialect(client as unknown as PGlite);
  const db = new Kysely<Tables>({ dialect, ...statementLog(observe) });
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
    explain,
    async close() {
      try {
        await db.destroy();
      } finally {
        lock.release();
      }
    },
  };
}

/** Opens the database; creates it first if it does not exist. */
async function openDatabase(
  directory: string,
  options: Parameters<typeof openEmbeddedClient>[1],
): Promise<EmbeddedClient> {
  const path = join(directory, 'db');
  if (!existsSync(path)) {
    const unfinished = join(directory, 'db.new');
    try {
      await rm(unfinished, { recursive: true, force: true });
      const created = await startDatabaseThread(unfinished, CREATE_MS);
      await created.close();
      await rename(unfinished, path);
    } catch (cause) {
      if (await isFull(cause, directory, options.freeBytes)) throw diskFull(directory, cause);
      throw new StoreError(
        'data_dir_unwritable',
        `The embedded database cannot be made in DATA_DIR (${directory}): let this process write there. The cause: ${wordsOf(cause)}.`,
        { cause },
      );
    }
  }
  await requireUsable(directory, path);
  return openEmbeddedClient(path, options);
}

/** What would make PostgreSQL abort without a reason, although the data is whole. @throws {StoreError} */
async function requireUsable(directory: string, path: string): Promise<void> {
  for (const each of ['.', 'PG_VERSION', 'base', 'global', 'pg_wal', join('global', 'pg_control')]) {
    try {
      await access(join(path, each), constants.R_OK | constants.W_OK);
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
      // A missing file is damage, which opening the database reports.
      if (code !== 'ENOENT' && code !== 'ENOTDIR') throw unwritable(directory, cause);
    }
  }
  const version = await readFile(join(path, 'PG_VERSION'), 'utf8').catch(() => '');
  const [major] = /^\d+(?=\s*$)/.exec(version) ?? [];
  if (major === undefined || major === MAJOR_VERSION) return;
  throw new StoreError(
    'embedded_database_version',
    `The embedded database in DATA_DIR (${directory}) is of PostgreSQL ${major}, and this release has PostgreSQL ${MAJOR_VERSION}: start the release of Sild that made it.`,
  );
}

async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw unwritable(directory, cause);
  }
}

async function explanationOf(cause: unknown, directory: string, freeBytes: FreeBytes): Promise<StoreError> {
  if (await isFull(cause, directory, freeBytes)) return diskFull(directory, cause);
  // Errors of Node's file operations have a `syscall`, PGlite's own errors do not.
  if (cause instanceof Error && 'syscall' in cause) return unwritable(directory, cause);
  const words = wordsOf(cause);
  const error = (code: StoreErrorCode, text: string) =>
    new StoreError(code, `The embedded database in DATA_DIR (${directory}) ${text} The cause: ${words}.`, {
      cause,
    });
  const { code, severity } = cause instanceof Error ? (cause as { code?: unknown; severity?: unknown }) : {};
  if (cause instanceof RangeError || code === '53200' || /memory/i.test(words)) {
    return error(
      'embedded_database_stopped',
      'gets too little memory: give this process more. The data is not damaged.',
    );
  }
  if (cause instanceof ThreadEndedError || severity === 'PANIC' || severity === 'FATAL') {
    return error('embedded_database_stopped', 'has stopped: it is opened again when it is next used.');
  }
  if (severity === 'ERROR' && !DAMAGE.test(String(code))) {
    return error(
      'database_refused',
      `refused a statement (SQLSTATE ${String(code)}): correct what it names. The data is not damaged.`,
    );
  }
  return error(
    'embedded_database_damaged',
    'cannot be opened. Keep a copy of the whole DATA_DIR, and look for the reason (disk, file system, rights). Only if the database itself is damaged, bring back a backup.',
  );
}

/** PostgreSQL in WebAssembly may abort on a full disk without saying why, so the disk is asked. */
async function isFull(cause: unknown, directory: string, freeBytes: FreeBytes): Promise<boolean> {
  return isDiskFull(cause) || (await freeBytes(directory).catch(() => Infinity)) < RESERVE_BYTES;
}

function diskFull(directory: string, cause: unknown): StoreError {
  const reserve = RESERVE_BYTES / 1024 / 1024;
  return new StoreError(
    'disk_full',
    `The disk of DATA_DIR (${directory}) is full: free some space there, at least ${reserve} MB. The data is not damaged; leave it where it is.`,
    { cause },
  );
}

function unwritable(directory: string, cause: unknown): StoreError {
  if (isDiskFull(cause)) return diskFull(directory, cause);
  return new StoreError(
    'data_dir_unwritable',
    `DATA_DIR (${directory}) cannot be made or written (${systemReason(cause)}).`,
    { cause },
  );
}
