import { errors } from 'oidc-provider';
import type { RecordStore } from '../stores.ts';

/** How far apart a client’s requests for one login must be, in seconds; the answer to its request says so. (CIBA Core 7.3) */
export const INTERVAL_SECONDS = 2;
/** A request that comes a little early, because the one before was slower on its way, is accepted. In milliseconds. */
const TOLERANCE_MS = 500;
const MODEL = 'CibaPoll';

/** @param now milliseconds since the epoch */
export function createPollIntervals(records: RecordStore, now: () => number) {
  const running = new Set<string>();

  /**
   * Runs one request of a client for a login. A refused request does not extend the wait.
   *
   * @param id of the login
   * @param expiresAt when the login is over, in seconds since the epoch
   * @throws {errors.SlowDown} for all instances together; and where one still runs on this instance
   */
  return async function spaced<T>(id: string, expiresAt: number, act: () => Promise<T>): Promise<T> {
    if (running.has(id)) throw new errors.SlowDown();
    running.add(id);
    try {
      const at = now();
      const last = (await records.find(MODEL, id))?.payload.at;
      const elapsed = typeof last === 'number' ? Math.abs(at - last) : Infinity;
      if (elapsed < INTERVAL_SECONDS * 1000 - TOLERANCE_MS) throw new errors.SlowDown();
      await records.put(MODEL, id, { at }, {}, expiresAt);
      return await act();
    } finally {
      running.delete(id);
    }
  };
}
