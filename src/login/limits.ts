/**
 * How often logins may be started, and phones made to ring.
 *
 *   pending ─▶ starting ─▶ admit: address, client, person, push ─ yes ─▶ Smart-ID is asked
 *                                                               └ no ──▶ failed, with the time to wait
 *   the end of a push ─▶ settle: how long the next one to this person has to wait
 *
 * Whoever wins `pending → starting` asks, so that a start is counted once, before Smart-ID is asked and whatever it then
 * answers: neither the page nor the wait tells whether there is such an account.
 *
 * Pushes to a person go out one at a time, and each that did not end in a login (refused, timed out, cancelled, left
 * alone, a wrong code, no such account) makes the next one wait longer. A login by a push, or a day without one, begins
 * the list anew. A login by a QR code does not: somebody who is flooded with requests logs in that way.
 */
import { networkOf } from '../audit/network.ts';
import type { Failure, FailureCode } from '../smart-id/outcome.ts';
import type { Attempt, StartingAttempt } from './attempt.ts';
import type { LimitRules } from './limit-rules.ts';
import type { Limited, LimitStore, PushEnding } from './limit-store.ts';

export interface StartLimits {
  /** Counts a start, or says why it has to wait. */
  admit(attempt: StartingAttempt, address: string | undefined): Promise<Limited | undefined>;
  /** Takes note of how a push ended, where `after` is its end. @param sent whether a phone may have rung */
  settle(before: Attempt, after: Attempt, sent: boolean): Promise<void>;
}

export function createStartLimits(store: LimitStore, rules: LimitRules): StartLimits {
  return {
    admit({ id: attemptId, clientId, identifier, flow }, address) {
      const network = address === undefined ? undefined : networkOf(address);
      const push = flow === 'notification';
      return store.admit({ attemptId, network, clientId, identifier, push }, rules);
    },
    async settle(before, after, sent) {
      const { id, flow, identifier } = before;
      const ending = endingOf(before, after, sent);
      if (flow !== 'notification' || identifier === undefined || ending === undefined) return;
      if (rules.pushWaits) await store.pushEnded(id, identifier, ending, rules.pushWaits);
    },
  };
}

const LIMIT_CODES: Readonly<Record<Limited['by'], FailureCode>> = {
  address: 'too_many_logins',
  client: 'too_many_logins',
  person: 'too_many_logins_of_person',
  push: 'push_too_soon',
};

export function failureOf({ by, retryAt }: Limited): Failure {
  return { code: LIMIT_CODES[by], detail: `limited by ${by}`, retryAt };
}

/** What Smart-ID says of the person. It counts like a push that nobody confirmed, so that the wait does not tell. */
const OF_THE_PERSON: readonly FailureCode[] = [
  'account_not_found',
  'account_not_suitable',
  'attention_required',
];

function endingOf(before: Attempt, after: Attempt, sent: boolean): PushEnding | undefined {
  if (before.state !== 'starting' && before.state !== 'waiting') return undefined;
  switch (after.state) {
    case 'authenticated':
      return 'confirmed';
    case 'cancelled':
      return 'unanswered';
    case 'failed': {
      const { code } = after.failure;
      if (Object.values(LIMIT_CODES).includes(code)) return undefined;
      return sent || OF_THE_PERSON.includes(code) ? 'unanswered' : 'not_sent';
    }
    case 'pending':
    case 'starting':
    case 'waiting':
    case 'returned':
    case 'finished':
      return undefined;
  }
}
