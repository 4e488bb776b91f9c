import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../log/logger.ts';
import type { AuditEntry } from './audit-store.ts';

/** An entry waits at most this long for others to be written with, in milliseconds. */
const GATHER_MS = 200;
/** Entries of one write. */
const BATCH = 500;
/** Entries that wait at most: some 5 MB. */
export const CAPACITY = 10_000;
/** The first and the longest pause before trying again where the database is away, in milliseconds. */
const RETRY_MS = 500;
const RETRY_LIMIT_MS = 10_000;

export interface AuditQueue {
  /** Takes an entry at once, or answers false where it is full. */
  add(entry: AuditEntry): boolean;
  /** Writes what there is, trying for at most `limitMs`; answers how many entries could not be written. */
  drain(limitMs: number): Promise<number>;
}

export interface AuditQueueOptions {
  readonly append: (entries: readonly AuditEntry[]) => Promise<void>;
  /** Called when the queue takes entries again, with the number of those that it had to turn away. */
  readonly onLost: (count: number) => void;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Gathers entries and writes them in their order, in the background. Nobody waits for it. */
export function createAuditQueue({ append, onLost, log, now }: AuditQueueOptions): AuditQueue {
  const waiting: AuditEntry[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let failures = 0;
  let lost = 0;

  return {
    add(entry) {
      if (waiting.length >= CAPACITY) {
        if (lost === 0)
          log.error({ event: 'audit_queue_full' }, 'audit events are lost until the database is back');
        lost += 1;
        return false;
      }
      waiting.push(entry);
      if (!writing) schedule(GATHER_MS);
      return true;
    },

    async drain(limitMs) {
      const limit = now() + limitMs;
      for (;;) {
        // A database that does not answer must not keep the process from ending.
        await Promise.race([write(), delay(limit - now(), undefined, { ref: false })]);
        if (waiting.length === 0 || now() >= limit) break;
        await delay(Math.min(pause(), limit - now()));
      }
      clearTimeout(timer);
      return waiting.length + lost;
    },
  };

  function schedule(afterMs: number): void {
    timer ??= setTimeout(() => void write(), afterMs);
  }

  function write(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    writing ??= writeAll().finally(() => {
      writing = undefined;
      if (waiting.length > 0) schedule(failures > 0 ? pause() : GATHER_MS);
    });
    return writing;
  }

  async function writeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, BATCH);
      try {
        await append(batch);
      } catch (error) {
        failures += 1;
        // Once: a database that is away is in the log of whatever else needs it.
        if (failures === 1)
          log.error({ event: 'audit_not_written', err: error }, 'audit events wait for the database');
        return;
      }
      waiting.splice(0, batch.length);
      if (failures > 0)
        log.info({ event: 'audit_written_again', waiting: waiting.length }, 'audit events are written again');
      failures = 0;
      const turnedAway = lost;
      lost = 0;
      if (turnedAway > 0) onLost(turnedAway);
    }
  }

  function pause(): number {
    return Math.min(RETRY_MS * 2 ** Math.max(0, failures - 1), RETRY_LIMIT_MS);
  }
}
