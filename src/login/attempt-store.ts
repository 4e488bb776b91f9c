import type { Attempt, FailedAttempt } from './attempt.ts';
import type { PushEnd } from './limits/limit-store.ts';

declare const joined: unique symbol;

/** What is stored by the same statement as the change of an attempt, and only with it. The store makes it. */
export interface JoinedWrites {
  readonly [joined]: true;
}

/**
 * Stores attempts for all instances. They are stored sealed, because they contain a person's code and a session's secrets.
 *
 * Guarantees: an interaction has at most one live attempt, also with concurrent calls of `add`. `replace` is one conditional
 * UPDATE: of any number of concurrent callers that replace the same attempt, exactly one succeeds.
 */
export interface AttemptStore {
  /** Adds an attempt unless its interaction already has a live one. Returns the live attempt. */
  add(attempt: Attempt): Promise<Attempt>;
  /**
   * Stores an attempt that a limit has refused, as the newest of its interaction. It overwrites an attempt with the same ID, so that
   * refusals of one interaction have one row however many there are. Returns the live attempt if there is one, or else this one.
   */
  putRefused(attempt: FailedAttempt): Promise<Attempt>;
  find(id: string): Promise<Attempt | undefined>;
  /** The live attempt of an interaction, or else the newest. */
  latest(interactionUid: string): Promise<Attempt | undefined>;
  /** All attempts of an interaction, the oldest first. */
  list(interactionUid: string): Promise<readonly Attempt[]>;
  /** The attempt whose unused callback has this hash. */
  findByCallback(callbackHash: string): Promise<Attempt | undefined>;
  /**
   * Replaces `previous` by `next` if `previous` is still stored. Returns whether it was.
   *
   * @param pushEnd the end of a push that this is; recorded if and only if `previous` is replaced
   * @param writes what else is stored if and only if `previous` is replaced
   */
  replace(
    previous: Attempt,
    next: Attempt,
    pushEnd?: PushEnd,
    writes?: readonly JoinedWrites[],
  ): Promise<boolean>;
  /** Removes the attempts of a person (semantics identifier) that are confirmed and not completed. Returns their number. */
  removeConfirmed(identifier: string): Promise<number>;
  /**
   * Removes attempts created before a time (milliseconds since the epoch): all of them, or the live ones of one
   * state. Returns their number.
   */
  removeCreatedBefore(time: number, state?: Attempt['state']): Promise<number>;
}
