import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from '../log/logger.ts';
import type { AuditEntry } from './audit-store.ts';

/** How long an entry waits to be written together with others, in milliseconds. */
const GATHER_MS = 200;
/** Entries per write. */
const BATCH = 500;
/** Maximum number of waiting entries: about 5 MB. */
export const CAPACITY = 10_000;
/** The first and the longest pause between retries when the database is unavailable, in milliseconds. */
const RETRY_MS = 500;
const RETRY_LIMIT_MS = 10_000;

export interface AuditBacklog {
  /** Entries that wait to be written. */
  readonly queued: number;
  /** Entries since the start that the queue has rejected. */
  readonly lost: number;
}

export interface AuditQueue {
  /** Adds an entry without waiting; returns false when the queue is full. */
  add(entry: AuditEntry): boolean;
  /** Writes all entries, for at most `limitMs`, and then no more; returns how many could not be written. */
  drain(limitMs: number): Promise<number>;
  backlog(): AuditBacklog;
}

export interface AuditQueueOptions {
  readonly append: (entries: readonly AuditEntry[]) => Promise<void>;
  /** Called when the queue accepts entries again, with the number of rejected ones. */
  readonly onLost: (count: number) => void;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Collects entries and writes them in order, in batches, in the background. */
export function createAuditQueue({ append, onLost, log, now }: AuditQueueOptions): AuditQueue {
  const waiting: AuditEntry[] = [];
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  let failures = 0;
  let lost = 0;
  let lostInAll = 0;
  let drained = false;

  return {
    add(entry) {
      if (waiting.length >= CAPACITY) {
        if (lost === 0)
          log.error({ event: 'audit_queue_full' }, 'audit events are lost until the database is back');
        lost += 1;
        lostInAll += 1;
        return false;
      }
      waiting.push(entry);
      if (!writing) schedule(GATHER_MS);
      return true;
    },

    backlog: () => ({ queued: waiting.length, lost: lostInAll }),

    async drain(limitMs) {
      const limit = now() + limitMs;
      for (;;) {
        // A database that does not answer must not delay the end of the process.
        await Promise.race([write(), delay(Math.max(0, limit - now()), undefined, { ref: false })]);
        if (waiting.length === 0 || now() >= limit) break;
        await delay(Math.max(0, Math.min(pause(), limit - now())));
      }
      drained = true;
      clearTimeout(timer);
      return waiting.length + lost;
    },
  };

  function schedule(afterMs: number): void {
    // A write that began before the end may fail after it: the store is closed by then.
    if (drained) return;
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
        // Logged once: other users of the database log its failures too.
        if (failures === 1)
          log.error({ event: 'audit_not_written', err: error }, 'audit events wait for the database');
        return;
      }
      waiting.splice(0, batch.length);
      if (failures > 0)
        log.info({ event: 'audit_written_again', waiting: waiting.length }, 'audit events are written again');
      failures = 0;
      const rejected = lost;
      lost = 0;
      if (rejected > 0) onLost(rejected);
    }
  }

  function pause(): number {
    return Math.min(RETRY_MS * 2 ** Math.max(0, failures - 1), RETRY_LIMIT_MS);
  }
}
