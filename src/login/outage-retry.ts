import { setTimeout as delay } from 'node:timers/promises';
import { ANSWER_MS } from './attempt.ts';

/** While the store is away, it is tried this often, in milliseconds. */
const STORE_RETRY_MS = 250;

/** For how long a store is tried while a client waits for its answer, in milliseconds. */
export const CLIENT_PATIENCE_MS = 15_000;

/** Repeats an access to the store while that cannot be reached. Throws its last error. */
export type ThroughOutage = <T>(access: () => Promise<T>) => Promise<T>;

/**
 * For what only this request can store: that it starts the session; the session, which the person may confirm; the answer, which the
 * eID may not give twice.
 *
 * @param isOutage whether an error says that the store cannot be reached for now
 * @param patienceMs by default as long as the person can answer
 */
export function createOutageRetry(
  isOutage: (error: unknown) => boolean,
  patienceMs = ANSWER_MS,
): ThroughOutage {
  return async (access) => {
    const end = performance.now() + patienceMs;
    for (;;) {
      try {
        return await access();
      } catch (error) {
        if (!isOutage(error) || performance.now() > end) throw error;
        await delay(STORE_RETRY_MS);
      }
    }
  };
}
