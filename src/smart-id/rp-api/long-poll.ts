import { setTimeout as pause } from 'node:timers/promises';

/** What the session endpoint takes as its `timeoutMs`. (SK's schema, parameter `timeoutMs`) */
const MIN_TIMEOUT_MS = 1_000;
const MAX_TIMEOUT_MS = 120_000;

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 3_200;

/**
 * Asks until there is an answer or the time is over, with longer and longer pauses. For questions that change nothing:
 * a look at a session, never its creation.
 *
 * @param waitMs the time for all of it, taken as 1,000–120,000. The last question may end a second later, since
 *   Smart-ID waits no shorter, and later by the network's time-out where nobody answers it.
 * @param ask one question; `timeoutMs` is how long Smart-ID may wait before it answers
 * @param gently whether to begin with the longest pause, since Smart-ID is known to be failing
 * @returns the first answer that is not `unanswered`, or else the last one; it does not throw when `signal` fires
 */
export async function pollWithin<T extends { readonly kind: string }>(
  waitMs: number,
  signal: AbortSignal | undefined,
  ask: (timeoutMs: number) => Promise<T>,
  gently = false,
): Promise<T> {
  // A span, so on the monotonic clock: nobody's clock correction makes a poll endless.
  const begun = performance.now();
  const budget = timeoutWithin(waitMs);
  for (
    let pauseMs = gently ? LONGEST_PAUSE_MS : FIRST_PAUSE_MS;
    ;
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)
  ) {
    const answer = await ask(timeoutWithin(budget - (performance.now() - begun)));
    if (answer.kind !== 'unanswered' || performance.now() - begun + pauseMs >= budget) return answer;
    if (!(await paused(pauseMs, signal))) return answer;
  }
}

function timeoutWithin(milliseconds: number): number {
  return Math.round(Math.min(Math.max(milliseconds, MIN_TIMEOUT_MS), MAX_TIMEOUT_MS));
}

/** False when the signal cut the pause short. */
async function paused(milliseconds: number, signal: AbortSignal | undefined): Promise<boolean> {
  try {
    await pause(milliseconds, undefined, signal ? { signal } : {});
    return true;
  } catch (error) {
    if (signal?.aborted) return false;
    throw error;
  }
}
