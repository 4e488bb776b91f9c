/**
 * How often logins may be started, and pushes sent.
 *
 *   begin ───────────────▶ a place to wait (waiting-places.ts) no ▶ failed, with the time to wait
 *         ───────────────▶ admitAttempt: address, client ─ no ──▶ failed, with the time to wait
 *   pending ─▶ starting ─▶ admitStart: person, push ─────── no ──▶ failed, with the time to wait
 *                                                   └────── yes ─▶ Smart-ID is asked
 *   the end of a push ─▶ pushEnd: how long the next one to this person has to wait; stored in one statement with the attempt
 *
 * An attempt is counted by its address and client before it is stored, so that abandoned ones count too. Only the caller that
 * moves it from pending to starting asks for the admission of its person, so that each push is counted once, before the request to
 * the eID and independent of its answer: neither the page nor the wait reveals whether an account exists.
 *
 * Strangers who know a personal code cannot keep its owner out: pushes from a browser that the person uses, and logins by device
 * link, have allowances of their own. So have the requests of a client without a browser (CIBA).
 *
 * Pushes to a person are sent one at a time. Each push that does not end in a login (refused, timed out, cancelled,
 * abandoned, a wrong code, no such account) makes the wait for the next one longer. A cancelled or abandoned push stays on
 * the phone until it is answered there or its time is over. A login by a push, or a day without one, resets the waits. A
 * login by a QR code does not, because a person who is flooded with requests can log in that way.
 */
import { countedNetworksOf } from '../../audit/network.ts';
import { FLOW_TRAITS } from '../../flows/flows.ts';
import type { Failure, FailureCode } from '../failure.ts';
import type { Attempt, CancelledAttempt, PendingAttempt, StartingAttempt } from '../attempt.ts';
import type { LimitRules } from './limit-rules.ts';
import type { Limited, LimitStore, PushEnd, PushEnding } from './limit-store.ts';

export interface StartLimits {
  /** Counts an attempt by its address and client, or returns why it has to wait. */
  admitAttempt(attempt: PendingAttempt): Promise<Limited | undefined>;
  /** Counts a push by its person, or returns why it has to wait. */
  admitStart(attempt: StartingAttempt): Promise<Limited | undefined>;
  /**
   * The end of a push, to be stored with the change of its attempt; `undefined` if this change does not end one.
   *
   * @param sent whether the push may have reached a phone
   */
  pushEnd(before: Attempt, after: Attempt, sent: boolean): PushEnd | undefined;
  /** Records that a phone no longer shows a cancelled push. May be called repeatedly. */
  gone(cancelled: CancelledAttempt): Promise<void>;
}

export function createStartLimits(store: LimitStore, rules: LimitRules): StartLimits {
  return {
    admitAttempt({ id: attemptId, clientId, flow, address, knownBrowser = false, backchannel = false }) {
      // The server of a client asks for all of its people. It is authenticated, and is counted by its client only.
      const networks = address === undefined || backchannel ? [] : countedNetworksOf(address);
      const push = FLOW_TRAITS[flow].sendsPush;
      const limitsClient = push && !knownBrowser;
      const start = {
        attemptId,
        networks,
        clientId: limitsClient ? allowanceOf(clientId, backchannel) : undefined,
        push,
        knownBrowser,
      };
      return store.admit({ ...start, identifier: undefined }, rules);
    },
    admitStart({ id: attemptId, identifier, flow, knownBrowser = false }) {
      // A device link reaches no phone by itself. Anybody can begin one for any person, whom a limit would lock out.
      if (!FLOW_TRAITS[flow].sendsPush) return Promise.resolve(undefined);
      const start = { attemptId, networks: [], clientId: undefined, identifier };
      return store.admit({ ...start, push: true, knownBrowser }, rules);
    },
    pushEnd(before, after, sent) {
      const ending = endingOf(before, after, sent);
      return ending && pushEndOf(before, ending);
    },
    async gone(cancelled) {
      const end = pushEndOf(cancelled, 'gone');
      if (end) await store.pushEnded(end);
    },
  };

  function pushEndOf({ id, flow, identifier }: Attempt, ending: PushEnding): PushEnd | undefined {
    if (!FLOW_TRAITS[flow].sendsPush || identifier === undefined || !rules.pushWaits) return undefined;
    return { attemptId: id, identifier, ending, waits: rules.pushWaits };
  }
}

/** Strangers’ browsers must not use up what the authenticated server of a client may ask for. No client ID has a space. */
function allowanceOf(clientId: string, backchannel: boolean): string {
  return backchannel ? `${clientId} without a browser` : clientId;
}

const LIMIT_CODES: Readonly<Record<Limited['by'], FailureCode>> = {
  address: 'too_many_logins',
  client: 'too_many_logins',
  person: 'too_many_logins_of_person',
  push: 'push_too_soon',
  instance: 'too_many_waiting',
};

export function failureOf({ by, retryAt }: Limited): Failure {
  return { code: LIMIT_CODES[by], detail: `limited by ${by}`, retryAt };
}

/** Whether a login failed because of a limit, without a request to Smart-ID. */
export function isLimit({ code }: Failure): boolean {
  return Object.values(LIMIT_CODES).includes(code);
}

/** Failures that tell something about the person's account. They count like an unconfirmed push, so that the wait does not reveal them. */
const OF_THE_PERSON: readonly FailureCode[] = [
  'account_not_found',
  'account_not_suitable',
  'attention_required',
];

/** `undefined` if the phone may still show it: then it counts as unanswered when its time is over. */
function endingOf(before: Attempt, after: Attempt, sent: boolean): PushEnding | undefined {
  if (before.state !== 'starting' && before.state !== 'waiting') return undefined;
  switch (after.state) {
    case 'authenticated':
      return 'confirmed';
    case 'failed':
      if (isLimit(after.failure)) return undefined;
      if (before.state === 'waiting' || OF_THE_PERSON.includes(after.failure.code)) return 'unanswered';
      return sent ? undefined : 'not_sent';
    case 'cancelled':
    case 'pending':
    case 'starting':
    case 'waiting':
    case 'callback_received':
    case 'finished':
      return undefined;
  }
}
