/**
 * PGlite in a thread of its own. It is WebAssembly that runs until a statement has ended: in the main thread a long statement
 * would stop every request, and one that never ends (PostgreSQL panics, and repeats it, when the disk is full) the process.
 * A thread can be ended from outside.
 */
import { Worker } from 'node:worker_threads';

/** Without `sql`: closes the database. */
export interface Request {
  readonly id: number;
  readonly sql: string | undefined;
  readonly parameters: readonly unknown[];
}

export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly code: string | undefined;
  readonly severity: string | undefined;
  readonly syscall: string | undefined;
}

export type Answer =
  | { readonly kind: 'open' }
  | { readonly kind: 'not_opened'; readonly failure: Failure }
  | {
      readonly kind: 'result';
      readonly id: number;
      readonly rows: readonly Record<string, unknown>[];
      readonly affectedRows: number | undefined;
    }
  | { readonly kind: 'failed'; readonly id: number; readonly failure: Failure };

export interface StatementResult {
  readonly rows: readonly Record<string, unknown>[];
  readonly affectedRows: number | undefined;
}

export interface DatabaseThread {
  /** @throws what PGlite throws, and {@link ThreadEndedError} */
  query(sql: string, parameters: readonly unknown[]): Promise<StatementResult>;
  /** Closes the database and ends the thread. */
  close(): Promise<void>;
  /** Ends the thread at once; the write-ahead log is replayed when the database is opened again. */
  end(): Promise<void>;
}

/** The thread has ended, or was ended because a statement took too long. */
export class ThreadEndedError extends Error {
  constructor(why: string) {
    super(`the thread of the embedded database has ended: ${why}`);
    this.name = 'ThreadEndedError';
  }
}

/** Opening takes a second; replaying a long write-ahead log some more. */
const OPEN_MS = 60_000;
/** Closing writes a checkpoint. */
const CLOSE_MS = 10_000;

/**
 * Opens a database; creates it if it does not exist.
 *
 * @param statementMs a statement that takes longer ends the thread
 * @throws what PGlite throws, and {@link ThreadEndedError}
 */
export async function startDatabaseThread(path: string, statementMs: number): Promise<DatabaseThread> {
  const worker = new Worker(new URL('./embedded-worker.ts', import.meta.url), { workerData: path });
  const pending = new Map<number, PromiseWithResolvers<StatementResult>>();
  const opened = Promise.withResolvers<undefined>();
  let ids = 0;
  let ended: ThreadEndedError | undefined;

  worker.on('message', (answer: Answer) => {
    switch (answer.kind) {
      case 'open':
        opened.resolve(undefined);
        return;
      case 'not_opened':
        opened.reject(errorOf(answer.failure));
        return;
      case 'result':
        settle(answer.id)?.resolve(answer);
        return;
      case 'failed':
        settle(answer.id)?.reject(errorOf(answer.failure));
    }
  });
  worker.on('error', (error) => {
    finish(error instanceof Error ? error.message : 'unknown');
  });
  worker.on('exit', () => {
    finish('it has stopped');
  });

  try {
    await within(OPEN_MS, 'opening', opened.promise);
  } catch (error) {
    await worker.terminate();
    throw error;
  }
  // An open database alone does not keep the process alive, as a connection to a server does not.
  worker.unref();
  return {
    query: (sql, parameters) => ask(sql, parameters, statementMs),
    async close() {
      try {
        await ask(undefined, [], CLOSE_MS);
      } finally {
        await worker.terminate();
      }
    },
    async end() {
      await worker.terminate();
    },
  };

  async function ask(
    sql: string | undefined,
    parameters: readonly unknown[],
    ms: number,
  ): Promise<StatementResult> {
    if (ended) throw ended;
    const id = (ids += 1);
    const answer = Promise.withResolvers<StatementResult>();
    pending.set(id, answer);
    worker.ref();
    worker.postMessage({ id, sql, parameters } satisfies Request);
    return within(ms, 'a statement', answer.promise);
  }

  async function within<T>(ms: number, what: string, promise: Promise<T>): Promise<T> {
    const timer = setTimeout(() => {
      finish(`${what} took longer than ${ms / 1000} seconds`);
      void worker.terminate();
    }, ms);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
    }
  }

  function settle(id: number): PromiseWithResolvers<StatementResult> | undefined {
    const answer = pending.get(id);
    pending.delete(id);
    if (pending.size === 0) worker.unref();
    return answer;
  }

  function finish(why: string): void {
    ended ??= new ThreadEndedError(why);
    opened.reject(ended);
    for (const { reject } of pending.values()) reject(ended);
    pending.clear();
  }
}

function errorOf({ name, message, stack, code, severity, syscall }: Failure): Error {
  const error = new Error(message);
  if (stack !== undefined) error.stack = stack;
  const details = Object.entries({ code, severity, syscall }).filter(([, value]) => value !== undefined);
  return Object.assign(error, { name, ...(Object.fromEntries(details) as Partial<Failure>) });
}
