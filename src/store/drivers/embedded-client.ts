import { statfs } from 'node:fs/promises';
import { type StoreError, wordsOf } from '../errors.ts';
import {
  type DatabaseThread,
  startDatabaseThread,
  type StatementResult,
  ThreadEndedError,
} from './embedded-thread.ts';

/**
 * Below this, nothing is written: PostgreSQL panics when it cannot write its log, whose files have 16 MB, and cannot be opened
 * without space for one. In bytes.
 */
export const RESERVE_BYTES = 24 * 1024 * 1024;
/** A measurement of the free space counts for this long. */
const MEASURED_MS = 100;
/** While the disk is full, a checkpoint is tried this often, in milliseconds, to free space of the write-ahead log. */
const RELIEF_MS = 5_000;
/** Longer than any statement takes; commands that change whole tables do so in batches. */
const STATEMENT_MS = 30_000;
/** What may be done on a full disk: reading, and freeing space. */
const HARMLESS = /^\s*(?:select|rollback|commit|checkpoint|vacuum|delete)\b/i;
const BEGIN = /^\s*(?:begin|start transaction)\b/i;
const COMMIT = /^\s*commit\b/i;
const ROLLBACK = /^\s*rollback\b/i;
const NO_ROWS: StatementResult = { rows: [], affectedRows: undefined };

/** Free bytes where a directory is. */
export type FreeBytes = (directory: string) => Promise<number>;

export async function freeBytesOf(directory: string): Promise<number> {
  const { bavail, bsize } = await statfs(directory);
  return bavail * bsize;
}

/** The disk has no space for another statement. */
class DiskFullError extends Error {
  readonly code = 'ENOSPC';
}

export interface EmbeddedClient {
  query(sql: string, parameters?: readonly unknown[]): Promise<StatementResult>;
  close(): Promise<void>;
}

export interface EmbeddedClientOptions {
  readonly freeBytes: FreeBytes;
  readonly explain: (error: unknown) => Promise<StoreError>;
  /** The time limit of a statement, in milliseconds. Default: 30 seconds. */
  readonly statementMs?: number;
}

/**
 * The one connection to an embedded database. It refuses writes before the disk is full, so that none fails half-way. A thread
 * that fails nevertheless, as when another program fills the disk, is replaced at the next statement once there is space. The rest
 * of its transaction is refused until the rollback: in another thread each statement would take effect by itself.
 *
 * An error by which the database cannot be used for now is thrown as a {@link StoreError}.
 */
export async function openEmbeddedClient(
  path: string,
  { freeBytes, explain, statementMs = STATEMENT_MS }: EmbeddedClientOptions,
): Promise<EmbeddedClient> {
  let thread: Promise<DatabaseThread> | undefined = startDatabaseThread(path, statementMs);
  let measured = { at: -Infinity, bytes: Infinity };
  let relievedAt = -Infinity;
  let transaction: 'none' | 'open' | 'lost' = 'none';
  await thread;

  return {
    async query(sql, parameters = []) {
      try {
        if (!HARMLESS.test(sql)) await requireFreeSpace();
        return await runInTransaction(sql, parameters);
      } catch (error) {
        throw isFailureOfThread(error) || isDiskFull(error) ? await explain(error) : error;
      }
    },
    async close() {
      const open = await thread?.catch(() => undefined);
      await open?.close();
    },
  };

  async function runInTransaction(sql: string, parameters: readonly unknown[]): Promise<StatementResult> {
    if (transaction === 'lost') {
      if (!ROLLBACK.test(sql)) throw new ThreadEndedError('the transaction is lost');
      transaction = 'none';
      return NO_ROWS;
    }
    const result = await run(sql, parameters);
    if (BEGIN.test(sql)) transaction = 'open';
    if (COMMIT.test(sql) || ROLLBACK.test(sql)) transaction = 'none';
    return result;
  }

  async function run(sql: string, parameters: readonly unknown[]): Promise<StatementResult> {
    // Without space PostgreSQL could not replay its log, and would panic again.
    if (!thread && (await freeSpace()) < RESERVE_BYTES)
      throw new DiskFullError('no space left to open the database again');
    thread ??= startDatabaseThread(path, statementMs);
    const current = thread;
    let opened: DatabaseThread;
    try {
      opened = await current;
    } catch (error) {
      // The next statement opens it again: what has kept it from that may be over by then.
      lose(current);
      throw isDiskFull(error) ? error : new ThreadEndedError(wordsOf(error));
    }
    try {
      return await opened.query(sql, parameters);
    } catch (error) {
      if (isFailureOfThread(error)) {
        lose(current);
        await opened.end();
      }
      throw error;
    }
  }

  function lose(ended: Promise<DatabaseThread>): void {
    if (thread === ended) thread = undefined;
    if (transaction === 'open') transaction = 'lost';
  }

  async function requireFreeSpace(): Promise<void> {
    if ((await freeSpace()) >= RESERVE_BYTES) return;
    if (performance.now() > relievedAt + RELIEF_MS) {
      relievedAt = performance.now();
      await run('checkpoint', []);
      measured.at = -Infinity;
      if ((await freeSpace()) >= RESERVE_BYTES) return;
    }
    throw new DiskFullError('no space left for another statement');
  }

  async function freeSpace(): Promise<number> {
    if (performance.now() > measured.at + MEASURED_MS) {
      measured = { at: performance.now(), bytes: await freeBytes(path) };
    }
    return measured.bytes;
  }
}

/** The thread is gone, or PostgreSQL has ended in it: it panics, or WebAssembly aborts. */
function isFailureOfThread(error: unknown): boolean {
  if (error instanceof ThreadEndedError) return true;
  if (!(error instanceof Error)) return false;
  const severity = 'severity' in error ? error.severity : undefined;
  return (
    severity === 'PANIC' ||
    severity === 'FATAL' ||
    error.name === 'RuntimeError' ||
    error.name === 'ExitStatus'
  );
}

/** SQLSTATE 53100, or the code of Node. */
export function isDiskFull(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && ['53100', 'ENOSPC', 'EDQUOT'].includes(String(error.code))
  );
}
