import { countedNetworksOf } from '../../audit/network.ts';
import type { Rate } from '../../login/limits/limit-rules.ts';
import { createRateLimiter } from '../middleware/rate-limiter.ts';

/** Limits what the pages of one login may ask of an instance while they wait. */
export interface WaitingLimits {
  /** Takes one poll of the login: 0 if it is allowed, or else in how many seconds it will be. */
  poll(uid: string): number;
  /** Takes a place for an event stream. Answers the function that releases it, or `undefined` if none is free. */
  listen(uid: string, address: string): (() => void) | undefined;
  /** The number of open event streams. */
  pages(): number;
  /** The number of logins with an open event stream, or with a poll within the last `RECENT_MS`. */
  logins(): number;
}

/** A page without scripts reloads itself, and other pages poll, more often than this. */
const RECENT_MS = 10_000;

/** A page polls three times in four seconds, and few logins have more than two pages. */
const POLLS: Rate = { count: 240, perMs: 60_000 };
const STREAMS_OF_LOGIN = 4;
/** Of one address; wider networks have several times as many. Further pages poll instead, which `RATE_REQUESTS` limits. */
const STREAMS_OF_ADDRESS = 500;

/** @param limited false: only counts */
export function createWaitingLimits(now: () => number, limited = true): WaitingLimits {
  const polls = createRateLimiter(POLLS, now);
  const open = new Map<string, number>();
  const listening = new Map<string, number>();
  const polled = createRecent(RECENT_MS, now);
  let pages = 0;
  return {
    poll(uid) {
      polled.add(uid);
      return limited ? polls.take(uid) : 0;
    },
    pages: () => pages,
    logins: () => new Set([...listening.keys(), ...polled.all()]).size,
    listen(uid, address) {
      const places = [
        { key: `login ${uid}`, most: STREAMS_OF_LOGIN },
        ...countedNetworksOf(address).map(({ network, allowance }) => ({
          key: `network ${network}`,
          most: STREAMS_OF_ADDRESS * allowance,
        })),
      ];
      if (limited && places.some(({ key, most }) => count(key) >= most)) return undefined;
      pages += 1;
      change(listening, uid, 1);
      for (const { key } of places) change(open, key, 1);
      return () => {
        pages -= 1;
        change(listening, uid, -1);
        for (const { key } of places) change(open, key, -1);
      };
    },
  };

  function count(key: string): number {
    return open.get(key) ?? 0;
  }
}

function change(counts: Map<string, number>, key: string, by: 1 | -1): void {
  const left = (counts.get(key) ?? 0) + by;
  if (left === 0) counts.delete(key);
  else counts.set(key, left);
}

/** The keys that were added within the last `forMs`. */
function createRecent(forMs: number, now: () => number) {
  // In the order of their last addition.
  const added = new Map<string, number>();
  return {
    add(key: string): void {
      added.delete(key);
      added.set(key, now());
      dropOld();
    },
    all(): Iterable<string> {
      dropOld();
      return added.keys();
    },
  };

  function dropOld(): void {
    const oldest = now() - forMs;
    for (const [key, at] of added) {
      if (at >= oldest) return;
      added.delete(key);
    }
  }
}
