/**
 * The log: JSON lines on standard output, or readable ones on a terminal.
 *
 * No line contains a personal code, name, token, secret or certificate. A pseudonym joins the lines of one person. Of an error
 * only type, code, message, stack and causes are written; its other properties (a database row, request headers) are
 * omitted.
 */
import { once } from 'node:events';
import { type DestinationStream, type Logger, pino } from 'pino';

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

/** A log on standard output that does not wait for its reader. */
export function openProcessLog(level: string): ProcessLog {
  const destination = pino.destination({ dest: 1, sync: false });
  return {
    log: createLogger({ level, destination }),
    async close() {
      const closed = once(destination, 'close', { signal: AbortSignal.timeout(CLOSE_LIMIT_MS) });
      destination.end();
      // The reader has closed the output.
      await closed.catch(() => undefined);
    },
  };
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
