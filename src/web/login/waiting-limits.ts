import type { Rate } from '../../login/limit-rules.ts';
import { createRateLimiter } from '../middleware/rate-limiter.ts';

/** What the pages of one login may ask of an instance while they wait. */
export interface WaitingLimits {
  /** A look at the login: 0 where there is room for one, or else in how many seconds there is. */
  look(uid: string): number;
  /** A place for an event stream, to be given back; `undefined` where none is free. */
  listen(uid: string, network: string): (() => void) | undefined;
}

/** A page that polls asks three times in four seconds, and few logins have more than two pages. */
const LOOKS: Rate = { count: 240, perMs: 60_000 };
const STREAMS_OF_LOGIN = 4;
/** Pages beyond these poll instead, which `RATE_REQUESTS` bounds. */
const STREAMS_OF_NETWORK = 500;

export function createWaitingLimits(now: () => number): WaitingLimits {
  const looks = createRateLimiter(LOOKS, now);
  const open = new Map<string, number>();
  return {
    look: (uid) => looks.take(uid),
    listen(uid, network) {
      const [login, place] = [`login ${uid}`, `network ${network}`];
      if (count(login) >= STREAMS_OF_LOGIN || count(place) >= STREAMS_OF_NETWORK) return undefined;
      change(login, 1);
      change(place, 1);
      return () => {
        change(login, -1);
        change(place, -1);
      };
    },
  };

  function count(key: string): number {
    return open.get(key) ?? 0;
  }

  function change(key: string, by: 1 | -1): void {
    const left = count(key) + by;
    if (left === 0) open.delete(key);
    else open.set(key, left);
  }
}

export const UNLIMITED: WaitingLimits = { look: () => 0, listen: () => () => undefined };
