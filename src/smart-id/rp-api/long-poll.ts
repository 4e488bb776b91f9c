import { setTimeout as pause } from 'node:timers/promises';
import { SHORTEST_POLL_MS } from '../../login/authenticator.ts';

/** Limit of the session endpoint's parameter `timeoutMs`; the other one is `SHORTEST_POLL_MS`. (SK's schema RP-API_V3) */
const MAX_TIMEOUT_MS = 120_000;

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 3_200;

/**
 * Repeats `request` with exponential backoff until it is answered or the time is over. For idempotent requests only:
 * status polls, never the creation of a session.
 *
 * @param waitMs total time in milliseconds, clamped to 1,000–120,000. The last request may end a second later, which is
 *   the minimum of `timeoutMs`, or later by the network time-out if it is not answered.
 * @param request sends one request; `timeoutMs` is the time after which Smart-ID answers at the latest
 * @param slowStart whether the first pause is the longest one, because Smart-ID is known to fail. Default: false.
 * @returns the first result that is not `unanswered`, otherwise the last result. It does not throw when `signal`
 *   aborts.
 */
export async function pollWithin<T extends { readonly kind: string }>(
  waitMs: number,
  signal: AbortSignal | undefined,
  request: (timeoutMs: number) => Promise<T>,
  slowStart = false,
): Promise<T> {
  // The monotonic clock: a correction of the system clock cannot extend a poll.
  const startedAt = performance.now();
  const budget = clampTimeout(waitMs);
  for (
    let pauseMs = slowStart ? LONGEST_PAUSE_MS : FIRST_PAUSE_MS;
    ;
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  ) {
    const answer = await request(clampTimeout(budget - (performance.now() - startedAt)));
    if (answer.kind !== 'unanswered' || performance.now() - startedAt + pauseMs >= budget) return answer;
    if (!(await pauseUnlessAborted(pauseMs, signal))) return answer;
  }
}

function clampTimeout(milliseconds: number): number {
  return Math.round(Math.min(Math.max(milliseconds, SHORTEST_POLL_MS), MAX_TIMEOUT_MS));
}

/** Returns false when the signal ended the pause early. */
async function pauseUnlessAborted(milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await pause(milliseconds, undefined, signal ? { signal } : {});
    return true;
  } catch (error) {
    if (signal?.aborted) return false;
    throw error;
  }
}
