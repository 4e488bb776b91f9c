import { ANSWER_MS } from '../attempt.ts';

/** A burst of this many, refilled evenly over the time: 10 in an hour is one every six minutes. */
export interface Rate {
  readonly count: number;
  readonly perMs: number;
}

/** Undefined: no limit. */
export interface LimitRules {
  /** Pushes for one person. */
  readonly person: Rate | undefined;
  /** Starts from one address; an IPv6 /56 and /48 have several times as many (`countedNetworksOf`). */
  readonly address: Rate | undefined;
  /** Pushes for one client: from unknown browsers, and as many without a browser. Device links and known browsers are not limited by it. */
  readonly client: Rate | undefined;
  /**
   * The wait, in milliseconds, before the next push to a person after one push that did not end in a login, after two in a
   * row, …; the last value applies to all further ones. Undefined: no wait.
   */
  readonly pushWaits: readonly number[] | undefined;
}

/** How long a push may be shown on a phone if its end is unknown: the longest time to create a session, and to answer. */
export const PUSH_LIVE_MS = ANSWER_MS + 20_000;
/** After this time without a push the waits start again with the first one. */
export const QUIET_MS = 24 * 60 * 60 * 1000;

/** The time between two starts at the full rate, in whole milliseconds, so that sums are exact. */
export function spacingOf({ count, perMs }: Rate): number {
  return Math.ceil(perMs / count);
}
