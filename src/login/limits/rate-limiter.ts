import { type Rate, spacingOf } from './limit-rules.ts';

/** Most keys in memory. A flood from more addresses than that has to be stopped in front of this process. */
const MAX_KEYS = 100_000;

export interface RateLimiter {
  /** Counts a request and answers 0 if the rate allows it; otherwise answers in how many seconds it will. */
  take(key: string): number;
}

/**
 * Counts in memory, for this process only: it protects this process, and a database query for each request would cost more
 * than most requests do. Starts of logins are counted in the database instead.
 */
export function createRateLimiter(rate: Rate, now: () => number): RateLimiter {
  const spacing = spacingOf(rate);
  const longestMs = rate.count * spacing;
  // For each key the time until which its requests are used up, in two generations. The older generation is dropped at
  // once, so that cleaning up takes constant time, however many keys there are.
  let recent = new Map<string, number>();
  let older = new Map<string, number>();
  let recentSince = now();
  return {
    take(key) {
      const at = now();
      const isSetBack = at < recentSince;
      // After the longest time that a key can be limited, everything in the older generation has expired.
      if (isSetBack || at - recentSince >= longestMs || recent.size >= MAX_KEYS / 2) {
        // If the clock was set back, times counted before would keep people waiting for the difference.
        older = isSetBack ? new Map<string, number>() : recent;
        recent = new Map();
        recentSince = at;
      }
      const until = Math.max(recent.get(key) ?? older.get(key) ?? 0, at);
      const freeAt = until - (rate.count - 1) * spacing;
      if (freeAt > at) return Math.ceil((freeAt - at) / 1000);
      recent.set(key, until + spacing);
      return 0;
    },
  };
}
