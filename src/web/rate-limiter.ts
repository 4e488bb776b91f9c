import { type Rate, spacingOf } from '../login/limit-rules.ts';

/** Keys that are kept at most; a flood from more of them than that is not for a process to stop. */
const MAX_KEYS = 100_000;

export interface RateLimiter {
  /** Takes a share where there is room and answers 0, or else answers in how many seconds there is. */
  take(key: string): number;
}

/**
 * Counts in memory, for this process alone: what it protects is this process, and a round trip to the database for each
 * request would cost more than most requests do. Starts of logins are counted in the database instead.
 */
export function createRateLimiter(rate: Rate, now: () => number): RateLimiter {
  const spacing = spacingOf(rate);
  /** Until when a key's shares are spent; the one used longest ago is the first. */
  const spent = new Map<string, number>();
  return {
    take(key) {
      const at = now();
      forgetOld(at);
      const until = Math.max(spent.get(key) ?? 0, at);
      const roomAt = until - (rate.count - 1) * spacing;
      if (roomAt > at) return Math.ceil((roomAt - at) / 1000);
      spent.delete(key);
      spent.set(key, until + spacing);
      return 0;
    },
  };

  /** Two for each that comes: what is over goes faster than anything new can come. */
  function forgetOld(at: number): void {
    for (let looked = 0; looked < 2; looked++) {
      const oldest = spent.entries().next().value;
      if (!oldest || (oldest[1] > at && spent.size < MAX_KEYS)) return;
      spent.delete(oldest[0]);
    }
  }
}
