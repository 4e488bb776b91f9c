/**
 * The pace of a clean-up beside logins: statements that look at few rows, and pauses in which logins have the database to
 * themselves. It follows the database: where a statement takes longer, the next one is smaller and the pause longer.
 */
import { setTimeout } from 'node:timers/promises';

/** What one statement should take, in milliseconds: less than a person notices where a login waits for it. */
const STATEMENT_MS = 15;
const ROWS = { least: 20, first: 100, most: 1_000 };
/** How much longer the pause is than the statement before: one connection is busy for a fifth of the time. */
const PAUSE = 4;

export interface Pace {
  /** How many rows the next statement may look at. */
  readonly rows: number;
  /** Whether the clean-up is to end now; the next one removes the rest. */
  readonly stopped: boolean;
  /** Runs a statement or a short transaction over `rows` rows, and pauses after it. */
  step<T>(run: (rows: number) => Promise<T>): Promise<T>;
}

export interface PaceOptions {
  /** Ends the clean-up after its current statement. */
  readonly signal?: AbortSignal | undefined;
  /** Default: timers. */
  readonly pause?: (ms: number) => Promise<void>;
  /** A clock in milliseconds. */
  readonly elapsed?: () => number;
}

export function createPace({
  signal,
  pause = (ms) => setTimeout(ms, undefined, { signal }).catch(() => undefined),
  elapsed = () => performance.now(),
}: PaceOptions = {}): Pace {
  let rows = ROWS.first;
  return {
    get rows() {
      return rows;
    },
    get stopped() {
      return signal?.aborted ?? false;
    },
    async step(run) {
      const begun = elapsed();
      const result = await run(rows);
      const took = elapsed() - begun;
      rows = rowsAfter(rows, took);
      await pause(took * PAUSE);
      return result;
    },
  };
}

/** Half as many to twice as many, so that one slow or quick statement alone does not decide. */
function rowsAfter(rows: number, tookMs: number): number {
  const factor = Math.min(2, Math.max(0.5, STATEMENT_MS / Math.max(1, tookMs)));
  return Math.round(Math.min(ROWS.most, Math.max(ROWS.least, rows * factor)));
}
