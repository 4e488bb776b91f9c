import { ANSWER_MS, type Attempt } from '../../login/attempt.ts';

/** What a waiting page is told of its attempt: never the session, the challenge or the person. */
export interface BrowserState {
  readonly state: Attempt['state'];
  /** Whole seconds in which the person can still answer. */
  readonly secondsLeft: number;
}

export const SECONDS_TO_ANSWER = ANSWER_MS / 1000;

/** @param now milliseconds since the epoch */
export function browserStateOf(attempt: Attempt, now: number): BrowserState {
  return { state: attempt.state, secondsLeft: secondsLeft(attempt, now) };
}

/** Whether the person has not answered yet, so that looking again may tell more. */
export function isUnanswered(
  attempt: Attempt,
): attempt is Extract<Attempt, { state: 'pending' | 'starting' | 'waiting' }> {
  return attempt.state === 'pending' || attempt.state === 'starting' || attempt.state === 'waiting';
}

function secondsLeft(attempt: Attempt, now: number): number {
  switch (attempt.state) {
    case 'pending':
    case 'starting':
      return SECONDS_TO_ANSWER;
    case 'waiting':
      return Math.min(SECONDS_TO_ANSWER, Math.max(0, Math.ceil((attempt.answerBy - now) / 1000)));
    case 'authenticated':
    case 'finished':
    case 'failed':
    case 'cancelled':
      return 0;
  }
}
