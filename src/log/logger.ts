/**
 * The log: JSON lines on standard output, or readable ones on a terminal.
 *
 * No line contains a personal code, name, token, secret or certificate. A pseudonym joins the lines of one person. Of an error
 * only type, code, message, stack and causes are written; its other properties (a database row, request headers) are
 * omitted.
 */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { type DestinationStream, type Logger, pino } from 'pino';
import { systemReason } from '../system-reason.ts';

export type { Logger };

export interface LogOptions {
  readonly level: string;
  /** Standard output by default. */
  readonly destination?: DestinationStream;
}

export interface ProcessLog {
  readonly log: Logger;
  /** To be awaited before `process.exit`, which would overtake the line that is just being written. */
  close(): Promise<void>;
}

/** How long `close` waits for whoever reads the log. */
const CLOSE_LIMIT_MS = 2_000;
/** Bytes that wait for a slow reader, or for space on a full disk. More lines are dropped, and their number is logged. */
const LONGEST_QUEUE = 8 * 1024 * 1024;

/** A log on standard output that does not wait for its reader, and stops nothing while it cannot be written. */
export function openProcessLog(level: string): ProcessLog {
  const destination = pino.destination({ dest: 1, sync: false, maxLength: LONGEST_QUEUE });
  const log = createLogger({ level, destination });
  outliveFailure(destination, log);
  return {
    log,
    async close() {
      const closed = once(destination, 'close', { signal: AbortSignal.timeout(CLOSE_LIMIT_MS) });
      destination.end();
      // The reader has closed the output, or the disk is full.
      await closed.catch(() => undefined);
      // What cannot be written now never will be: flushed at the exit, it would keep the process for as long as the disk is full.
      destination.destroy();
    },
  };
}

/**
 * Standard output is often a file, and its disk may be full. Without a listener the error would end the process, whose exit then
 * flushes again and again, for ever. The lines wait, and are written with the next one that can be.
 */
function outliveFailure(destination: ReturnType<typeof pino.destination>, log: Logger): void {
  let isFailing = false;
  let dropped = 0;
  const flush = destination.flushSync.bind(destination);
  destination.flushSync = () => {
    if (!isFailing) flush();
  };
  destination.on('error', (error: Error) => {
    if (!isFailing)
      complain(`The log cannot be written (${systemReason(error)}). Sild goes on without it.\n`);
    isFailing = true;
  });
  destination.on('drop', () => {
    dropped += 1;
  });
  destination.on('drain', () => {
    isFailing = false;
    if (dropped === 0) return;
    const lines = dropped;
    dropped = 0;
    log.warn(
      { event: 'log_lines_lost', lines },
      'the log could not be written for a while: lines are missing',
    );
  });
}

function complain(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // It is on the same disk.
  }
}

export function createLogger({ level, destination }: LogOptions): Logger {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { err: describeError, error: describeError },
  };
  return destination ? pino(options, destination) : pino(options);
}

interface ErrorDescription {
  readonly type: string;
  readonly code?: string;
  readonly message: string;
  readonly stack?: string | undefined;
  readonly cause?: ErrorDescription;
}

function describeError(error: unknown): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error, message: 'not an Error' };
  return {
    type: error.name,
    ...('code' in error && typeof error.code === 'string' ? { code: error.code } : {}),
    message: error.message,
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: describeError(error.cause) }),
  };
}
