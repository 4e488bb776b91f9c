import type { Attempt } from './attempt.ts';

/**
 * Keeps attempts for all instances. Attempts are kept sealed, since they carry a person's code and a session's secrets.
 *
 * Promises: `add` lets at most one live attempt of an interaction exist, whoever asks at the same time. `replace` is one
 * conditional UPDATE: of any number of callers that replace the same attempt, exactly one wins.
 */
export interface AttemptStore {
  /** Adds an attempt unless its interaction already has a live one; answers the one that is live then. */
  add(attempt: Attempt): Promise<Attempt>;
  find(id: string): Promise<Attempt | undefined>;
  /** The newest attempt of an interaction. */
  latest(interactionUid: string): Promise<Attempt | undefined>;
  /** The attempt whose callback has this hash, as long as the callback is not spent. */
  findByCallback(callbackHash: string): Promise<Attempt | undefined>;
  /** Puts `next` in the place of `previous`, if `previous` is still what the store has. */
  replace(previous: Attempt, next: Attempt): Promise<boolean>;
  /** Removes attempts created before a time (milliseconds since the epoch), of one state or of all; answers how many. */
  removeCreatedBefore(time: number, state?: Attempt['state']): Promise<number>;
}
