import { type Rate, spacingOf } from '../../login/limit-rules.ts';

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
  const longestMs = rate.count * spacing;
  // Until when a key's shares are spent, in two generations: what is older goes all at once, so that forgetting costs the
  // one who comes nothing, however many others have come.
  let recent = new Map<string, number>();
  let older = new Map<string, number>();
  let recentSince = now();
  return {
    take(key) {
      const at = now();
      const isSetBack = at < recentSince;
      // When the recent generation has lasted as long as shares are spent at most, all of the older one is over.
      if (isSetBack || at - recentSince >= longestMs || recent.size >= MAX_KEYS / 2) {
        // Counted by a clock that was ahead, and has been set right, it would keep people waiting for as long as it was.
        older = isSetBack ? new Map<string, number>() : recent;
        recent = new Map();
        recentSince = at;
      }
      const until = Math.max(recent.get(key) ?? older.get(key) ?? 0, at);
      const roomAt = until - (rate.count - 1) * spacing;
      if (roomAt > at) return Math.ceil((roomAt - at) / 1000);
      recent.set(key, until + spacing);
      return 0;
    },
  };
}
