import { countedNetworksOf } from '../../audit/network.ts';
import type { Rate } from '../../login/limits/limit-rules.ts';
import { createRateLimiter, type RateLimiter } from '../../login/limits/rate-limiter.ts';

/** Counts a request of an address and answers 0 if it is allowed; otherwise answers in how many seconds it will be. */
export type NetworkLimiter = (address: string) => number;

/**
 * Counts each request by all networks of its address, in memory.
 *
 * @param rate of one address; a wider network has several times as many (`countedNetworksOf`). Undefined: no limit
 */
export function createNetworkLimiter(rate: Rate | undefined, now: () => number): NetworkLimiter {
  if (!rate) return () => 0;
  const { count, perMs } = rate;
  const limiters = new Map<number, RateLimiter>();
  const limiterOf = (allowance: number) => {
    const limiter = limiters.get(allowance) ?? createRateLimiter({ count: count * allowance, perMs }, now);
    limiters.set(allowance, limiter);
    return limiter;
  };
  return (address) => {
    for (const { network, allowance } of countedNetworksOf(address)) {
      const seconds = limiterOf(allowance).take(network);
      // A refused request does not count for the wider networks, as one address must not use them up.
      if (seconds > 0) return seconds;
    }
    return 0;
  };
}
