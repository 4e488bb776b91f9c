import { countedNetworksOf } from '../../audit/network.ts';
import type { Rate } from '../../login/limits/limit-rules.ts';
import type { WaitingPlaces } from '../../login/limits/waiting-places.ts';
import { createRateLimiter } from '../../login/limits/rate-limiter.ts';

/** Limits how many logins wait at an instance, and what the pages of one may ask of it meanwhile. */
export interface WaitingLimits extends WaitingPlaces {
  /** Takes one poll of the login: 0 if it is allowed, or else in how many seconds it will be. */
  poll(uid: string): number;
  /** Takes a place for an event stream. Answers the function that releases it, or `undefined` if none is free. */
  listen(uid: string, address: string): (() => void) | undefined;
  /** The number of open event streams. */
  pages(): number;
  /** The number of logins with an open event stream, or that have begun, or asked the eID, within the last `RECENT_MS`. */
  logins(): number;
  /** Whether no further login may begin here. */
  isFull(): boolean;
}

export interface WaitingLimitsOptions {
  /** false: pages may ask as much as they want. Default: true. */
  readonly limited?: boolean;
  /** Logins that may wait here; undefined: any number. */
  readonly places?: number | undefined;
}

/** A page without scripts reloads itself, and other pages poll, more often than this. */
const RECENT_MS = 10_000;
/** Longer than one long poll of Smart-ID: a waiting person may choose another flow. */
const HELD_MS = 20_000;
/** After this time, a person for whom there was no place tries again. By then, many of the waiting logins have ended. */
export const RETRY_MS = 20_000;

/** A page polls three times in four seconds, and few logins have more than two pages. */
const POLLS: Rate = { count: 240, perMs: 60_000 };
const STREAMS_OF_LOGIN = 4;
/** Of one address; wider networks have several times as many. Further pages poll instead, which `RATE_REQUESTS` limits. */
const STREAMS_OF_ADDRESS = 500;

export function createWaitingLimits(
  now: () => number,
  { limited = true, places: most = Infinity }: WaitingLimitsOptions = {},
): WaitingLimits {
  const polls = createRateLimiter(POLLS, now);
  const open = new Map<string, number>();
  const listening = new Map<string, number>();
  const recent = createRecent(RECENT_MS, now);
  const held = createRecent(HELD_MS, now);
  let pages = 0;
  return {
    poll: (uid) => (limited ? polls.take(uid) : 0),
    take(uid) {
      if (!held.has(uid) && isFull()) return { by: 'instance', retryAt: now() + RETRY_MS };
      hold(uid);
      return undefined;
    },
    leave(uid) {
      recent.delete(uid);
      held.delete(uid);
    },
    hold,
    pages: () => pages,
    logins,
    isFull,
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

  function hold(uid: string): void {
    recent.add(uid);
    held.add(uid);
  }

  function logins(): number {
    let found = listening.size;
    for (const uid of recent.all()) if (!listening.has(uid)) found += 1;
    return found;
  }

  /** Counts one by one only near the limit. */
  function isFull(): boolean {
    return listening.size + recent.size() >= most && logins() >= most;
  }

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
    delete(key: string): void {
      added.delete(key);
    },
    has(key: string): boolean {
      dropOld();
      return added.has(key);
    },
    size(): number {
      dropOld();
      return added.size;
    },
    all(): Iterable<string> {
      dropOld();
      return added.keys();
    },
  };

  function dropOld(): void {
    const latest = now();
    for (const [key, at] of added) {
      // One from the future was added before the clock was set back.
      if (at >= latest - forMs && at <= latest) return;
      added.delete(key);
    }
  }
}
