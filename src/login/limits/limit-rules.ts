import { ANSWER_MS } from '../attempt.ts';

/** So many at once; then one each time that a share of the time has passed: 10 in an hour is one every six minutes. */
export interface Rate {
  readonly count: number;
  readonly perMs: number;
}

/** Each is undefined where it is not limited. */
export interface LimitRules {
  /** Starts for one person, by a push or by a device link that is for that person alone. */
  readonly person: Rate | undefined;
  /** Starts from one address. */
  readonly address: Rate | undefined;
  /** Starts for one client. */
  readonly client: Rate | undefined;
  /**
   * How long no push goes to a person after one that did not end in a login, after two in a row, …, in milliseconds; the
   * last counts for all that follow. Undefined: any number at a time.
   */
  readonly pushWaits: readonly number[] | undefined;
}

/** How long a push may stay on a phone if its end is not known: the longest creation of a session, and the time to answer. */
export const PUSH_LIVE_MS = ANSWER_MS + 20_000;
/** After this time without a push the waits start again with the first one. */
export const QUIET_MS = 24 * 60 * 60 * 1000;

/** The time between two starts at the full rate, in whole milliseconds, so that sums are exact. */
export function spacingOf({ count, perMs }: Rate): number {
  return Math.ceil(perMs / count);
}
