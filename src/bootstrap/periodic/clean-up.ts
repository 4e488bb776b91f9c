/** Expired rows are removed by one instance at a time, every minute. */
import type { Logger } from '../../log/logger.ts';
import type { Store } from '../../store/store.ts';
import { repeat } from './repeat.ts';

const LEASE = 'clean_up';

export interface CleanUpTimes {
  /** Every instance tries this often. */
  readonly everyMs: number;
  /** How long a lease lasts: less than `everyMs`, so that another instance can take over at its next try. */
  readonly leaseMs: number;
  /** A clean-up that takes longer renews its lease this often. */
  readonly renewMs: number;
}

const TIMES: CleanUpTimes = { everyMs: 60_000, leaseMs: 50_000, renewMs: 15_000 };

/** @returns ends a clean-up that is running after its current statement, and resolves then */
export function startCleanUp(
  { auditDays }: { readonly auditDays: number },
  {
    store,
    log,
    instance,
  }: {
    readonly store: Pick<Store, 'leases' | 'removeExpired'>;
    readonly log: Logger;
    /** Unique ID of this process. */
    readonly instance: string;
  },
  { everyMs, leaseMs, renewMs }: CleanUpTimes = TIMES,
): () => Promise<void> {
  const stopped = new AbortController();
  const stop = repeat(everyMs, async () => {
    try {
      if (await claim()) await cleanUp();
    } catch (error) {
      log.error({ event: 'cleanup_failed', err: error }, 'expired rows could not be removed');
    }
  });
  return async () => {
    stopped.abort();
    await stop();
  };

  async function cleanUp(): Promise<void> {
    const lost = new AbortController();
    const stopRenewing = repeat(renewMs, async () => {
      // An instance that was suspended may find that another one has the work by now. An outage ends the clean-up by itself.
      if (!(await claim().catch(() => true))) lost.abort();
    });
    try {
      await store.removeExpired({ auditDays, signal: AbortSignal.any([stopped.signal, lost.signal]) });
    } finally {
      await stopRenewing();
    }
  }

  function claim(): Promise<boolean> {
    return store.leases.claim(LEASE, instance, leaseMs);
  }
}
