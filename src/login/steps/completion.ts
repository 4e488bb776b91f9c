/** Completes logins: each verified answer is used up by one caller, also where the store is away meanwhile. */
import {
  type Attempt,
  type AuthenticatedAttempt,
  type CallbackReceivedAttempt,
  transition,
  type WaitingAttempt,
} from '../attempt.ts';
import type { AttemptStore, JoinedWrites } from '../attempt-store.ts';
import type { ThroughOutage } from '../outage-retry.ts';
import type { AttemptChanges } from './changes.ts';

/** Attempts with a verified answer that is not stored yet. */
export interface UnstoredAnswers {
  /** @param before the attempt as it is stored */
  add(authenticated: Attempt, before: WaitingAttempt | CallbackReceivedAttempt): void;
  /** Stores such an attempt; returns any other as it is. */
  keep(attempt: Attempt): Promise<Attempt>;
  /** The attempt as it is stored. */
  before(attempt: Attempt): WaitingAttempt | CallbackReceivedAttempt | undefined;
  delete(attempt: Attempt): void;
}

export function createUnstoredAnswers(
  changes: AttemptChanges,
  throughOutage: ThroughOutage,
): UnstoredAnswers {
  const stored = new WeakMap<Attempt, WaitingAttempt | CallbackReceivedAttempt>();
  return {
    add: (authenticated, before) => void stored.set(authenticated, before),
    before: (attempt) => stored.get(attempt),
    delete: (attempt) => void stored.delete(attempt),
    async keep(attempt) {
      const before = stored.get(attempt);
      if (!before) return attempt;
      const kept = await throughOutage(async () =>
        (await changes.change(before, attempt)) ? attempt : changes.latestOf(attempt),
      );
      stored.delete(attempt);
      return kept;
    },
  };
}

export interface CompletionDependencies {
  readonly attempts: AttemptStore;
  readonly changes: AttemptChanges;
  readonly unstored: UnstoredAnswers;
  readonly throughOutage: ThroughOutage;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** @returns `complete` of `Login` */
export function createCompletion({
  attempts,
  changes,
  unstored,
  throughOutage,
  now,
}: CompletionDependencies) {
  return async (attempt: AuthenticatedAttempt, completion: readonly JoinedWrites[]): Promise<boolean> => {
    const before = unstored.before(attempt);
    const finished = transition(attempt, { type: 'finish' }, now());
    if (!finished) return false;
    if (!before) return (await changes.change(attempt, finished, { completion })) !== undefined;
    const tried: string[] = [];
    const isComplete = await throughOutage(async () => {
      const changedBy = changes.newRequestValue();
      tried.push(changedBy);
      if (await changes.change(before, finished, { completion, via: attempt, changedBy })) return true;
      const stored = await attempts.find(attempt.id);
      // An earlier try has succeeded, perhaps late: its answer was lost, and the stored attempt tells that it was this request.
      if (stored?.changedBy !== undefined && tried.includes(stored.changedBy)) return true;
      // Another request has polled at the same time, and has stored the same answer without completing the login.
      if (stored?.state !== 'authenticated') return false;
      return (await changes.change(stored, finished, { completion, changedBy })) !== undefined;
    });
    // Not after an error: then the caller can still store the answer with `keep`.
    unstored.delete(attempt);
    return isComplete;
  };
}
