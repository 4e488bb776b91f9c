/**
 * Whether the limits admit the start of an attempt now. If an earlier push blocks it, that push is polled first, because the
 * person may have answered it after its browser had disconnected.
 */
import { PUSH_LIVE_MS } from './limit-rules.ts';
import type { Limited } from './limit-store.ts';
import type { StartLimits } from './start-limits.ts';
import type { Attempt, StartingAttempt, WaitingAttempt } from '../attempt.ts';
import type { AttemptStore } from '../attempt-store.ts';
import { CODE_FIRST_MS } from '../new-attempt.ts';
import { type Authenticator, SHORTEST_POLL_MS } from '../authenticator.ts';

export interface AdmissionDependencies {
  readonly attempts: Pick<AttemptStore, 'find'>;
  readonly authenticator: Pick<Authenticator, 'poll'>;
  readonly limits: StartLimits;
  readonly now: () => number;
  /** Polls a waiting attempt and stores the result. */
  readonly poll: (waiting: WaitingAttempt, waitMs: number) => Promise<Attempt>;
}

/** Counts the start by its person, or returns why it has to wait. */
export async function admitStart(
  starting: StartingAttempt,
  dependencies: AdmissionDependencies,
): Promise<Limited | undefined> {
  const { limits } = dependencies;
  const limited = await limits.admitStart(starting);
  return limited?.by === 'push' && (await hasJustEnded(limited.lastAttemptId, dependencies))
    ? limits.admitStart(starting)
    : limited;
}

/** Whether a push has ended that no browser has polled since it was abandoned or cancelled. */
async function hasJustEnded(
  attemptId: string,
  { attempts, authenticator, limits, now, poll }: AdmissionDependencies,
): Promise<boolean> {
  const last = await attempts.find(attemptId);
  if (last?.state === 'waiting') return (await poll(last, SHORTEST_POLL_MS)).state !== 'waiting';
  if (last?.state !== 'cancelled' || !last.session) return false;
  // The phone no longer shows it.
  if (now() > last.createdAt + CODE_FIRST_MS + PUSH_LIVE_MS) return false;
  const { kind } = await authenticator.poll(last.session, SHORTEST_POLL_MS);
  if (kind !== 'authenticated' && kind !== 'failed') return false;
  await limits.gone(last);
  return true;
}
