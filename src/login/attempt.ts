/**
 * One attempt of one person to log in, as a tagged union, and the only ways from one state to the next.
 *
 *   pending ──start──▶ starting ──accepted──▶ waiting ────authenticated────▶ authenticated ──finish──▶ finished
 *      │                  │                      │ └──▶ callback_received ────▶┘
 *      └──────────────────┴─────── fail, cancel ─┴───────────┴─────────────┴──▶ failed, cancelled
 *
 * Only the link to the app leads to `callback_received`: the app has opened the callback, which is used up with it, and
 * Smart-ID's answer is verified together with the callback's parameters.
 *
 * The statement that finishes an attempt completes its login.
 *
 * `transition` is pure. It returns `undefined` for an event that is not allowed in the state.
 */
import { type Flow, FLOW_TRAITS } from '../flows/flows.ts';
import type { CallbackParameters, PreparedAuthentication } from './authenticator.ts';
import type { Failure } from './failure.ts';
import type { LoginResult, VerifiedLoginResult } from './login-result.ts';

/** How long a person has to answer on the phone, in milliseconds. */
export const ANSWER_MS = 90_000;
/** For this long after `ANSWER_MS`, Smart-ID may still report the end; then the attempt has timed out. In milliseconds. */
export const GRACE_MS = 30_000;
/** A start whose instance died stays `starting`; after this it has failed, in milliseconds. */
export const START_MS = 30_000;

interface AttemptBase {
  readonly id: string;
  /** The interaction of the authorization request that this attempt answers. */
  readonly interactionUid: string;
  readonly clientId: string;
  /** Milliseconds since the epoch, as all times here. */
  readonly createdAt: number;
  /** The flow that the person chose. A device link may be answered by the other one of its session. */
  readonly flow: Flow;
  /** Semantics identifier of the person who should answer, or did; a device link may be for anybody. */
  readonly identifier?: string | undefined;
  /** Whether a client asked for it without a browser (CIBA), and drives it. */
  readonly backchannel?: boolean | undefined;
  /** A random value of the request that changed it last: tells that request whether the store has its change. */
  readonly changedBy?: string | undefined;
}

/** The states in which a callback is accepted. */
interface WithCallback {
  /** SHA-256 of the callback's value, Base64url; with a device link only. */
  readonly callbackHash?: string | undefined;
}

export interface PendingAttempt extends AttemptBase, WithCallback {
  readonly state: 'pending';
  /** When the push may go out; later than `createdAt` where the code is shown first. */
  readonly startAt: number;
  readonly codeFirst: boolean;
  readonly prepared: PreparedAuthentication;
  /** The network address of the browser (or of the client's server), for the limits; absent where a release without them began the attempt. */
  readonly address?: string | undefined;
  /** Family and system of the browser, for the audit. */
  readonly browser?: string | undefined;
  /** Whether it has the allowance of a browser that the person uses. */
  readonly knownBrowser?: boolean | undefined;
}
export interface StartingAttempt extends AttemptBase, WithCallback {
  readonly state: 'starting';
  readonly knownBrowser?: boolean | undefined;
  readonly startedAt: number;
  readonly codeFirst: boolean;
  readonly prepared: PreparedAuthentication;
}
export interface WaitingAttempt extends AttemptBase, WithCallback {
  readonly state: 'waiting';
  readonly session: object;
  /** With a notification only. */
  readonly verificationCode?: string | undefined;
  /** Until when the person can answer. */
  readonly answerBy: number;
}
export interface CallbackReceivedAttempt extends AttemptBase {
  readonly state: 'callback_received';
  readonly session: object;
  readonly callback: CallbackParameters;
  readonly answerBy: number;
}
export interface AuthenticatedAttempt extends AttemptBase {
  readonly state: 'authenticated';
  readonly authenticatedAt: number;
  readonly result: LoginResult;
}
export interface FinishedAttempt extends AttemptBase {
  readonly state: 'finished';
  readonly finishedAt: number;
}
export interface FailedAttempt extends AttemptBase {
  readonly state: 'failed';
  readonly failure: Failure;
}
export interface CancelledAttempt extends AttemptBase {
  readonly state: 'cancelled';
  /** Of a push that a phone shows: it cannot be withdrawn, so the next push waits for its end. */
  readonly session?: object | undefined;
}

export type Attempt =
  | PendingAttempt
  | StartingAttempt
  | WaitingAttempt
  | CallbackReceivedAttempt
  | AuthenticatedAttempt
  | FinishedAttempt
  | FailedAttempt
  | CancelledAttempt;

export type UnansweredAttempt = PendingAttempt | StartingAttempt | WaitingAttempt | CallbackReceivedAttempt;

export type AttemptEvent =
  | { readonly type: 'start' }
  | { readonly type: 'accepted'; readonly session: object }
  | { readonly type: 'callback_received'; readonly callback: CallbackParameters }
  | { readonly type: 'authenticated'; readonly result: VerifiedLoginResult }
  | { readonly type: 'fail'; readonly failure: Failure }
  | { readonly type: 'cancel' }
  | { readonly type: 'finish' };

/** The states in which an attempt still goes on; an interaction has at most one of these at a time. */
const LIVE_STATES = ['pending', 'starting', 'waiting', 'callback_received', 'authenticated'] as const;

export function isLive(attempt: Attempt): boolean {
  return (LIVE_STATES as readonly string[]).includes(attempt.state);
}

/** The attempt after an event, or `undefined` where its state does not know the event. */
export function transition(attempt: Attempt, event: AttemptEvent, now: number): Attempt | undefined {
  switch (event.type) {
    case 'start':
      return attempt.state === 'pending' && dueIn(attempt, now) === 0 ? start(attempt, now) : undefined;
    case 'accepted':
      return attempt.state === 'starting' ? accept(attempt, event.session, now) : undefined;
    case 'callback_received':
      return attempt.state === 'waiting' && attempt.callbackHash !== undefined
        ? receiveCallback(attempt, event.callback)
        : undefined;
    case 'authenticated':
      return attempt.state === 'waiting' || attempt.state === 'callback_received'
        ? authenticate(attempt, event.result, now)
        : undefined;
    case 'fail':
      return isUnanswered(attempt) || attempt.state === 'authenticated'
        ? { ...identityOf(attempt), state: 'failed', failure: event.failure }
        : undefined;
    case 'cancel':
      // An authenticated attempt can still be cancelled: before `finish`, no client has received it.
      return isLive(attempt) ? { ...identityOf(attempt), ...pushOf(attempt), state: 'cancelled' } : undefined;
    case 'finish':
      return attempt.state === 'authenticated'
        ? { ...identityOf(attempt), state: 'finished', finishedAt: now }
        : undefined;
  }
}

/**
 * How long until a pending attempt may start, in milliseconds. If the clock went backwards, start at once.
 */
export function dueIn({ createdAt, startAt }: PendingAttempt, now: number): number {
  return now < createdAt ? 0 : Math.max(0, startAt - now);
}

/** The failure of an attempt whose time is over, or `undefined` while it may go on. */
export function overdue(attempt: Attempt, now: number): Failure | undefined {
  switch (attempt.state) {
    case 'waiting':
    case 'callback_received':
      return now > attempt.answerBy + GRACE_MS
        ? { code: 'timeout', detail: 'no end result within the time to answer' }
        : undefined;
    case 'starting':
      return now > attempt.startedAt + START_MS
        ? { code: 'service_failed', detail: 'the start was never answered; its instance may have died' }
        : undefined;
    case 'pending':
    case 'authenticated':
    case 'finished':
    case 'failed':
    case 'cancelled':
      return undefined;
  }
}

function start(
  { startAt: _, address: __, browser: ___, ...attempt }: PendingAttempt,
  now: number,
): StartingAttempt {
  return { ...attempt, state: 'starting', startedAt: now };
}

function accept(attempt: StartingAttempt, session: object, now: number): WaitingAttempt {
  const { callbackHash, prepared } = attempt;
  const { verificationCode } = prepared;
  return {
    ...identityOf(attempt),
    state: 'waiting',
    session,
    ...(callbackHash === undefined ? {} : { callbackHash }),
    ...(verificationCode === undefined ? {} : { verificationCode }),
    answerBy: now + ANSWER_MS,
  };
}

function receiveCallback(attempt: WaitingAttempt, callback: CallbackParameters): CallbackReceivedAttempt {
  const { session, answerBy } = attempt;
  return { ...identityOf(attempt), state: 'callback_received', session, callback, answerBy };
}

function authenticate(
  attempt: WaitingAttempt | CallbackReceivedAttempt,
  result: VerifiedLoginResult,
  now: number,
): AuthenticatedAttempt {
  const identifier = result.person.semanticsIdentifier;
  return { ...identityOf(attempt), identifier, state: 'authenticated', authenticatedAt: now, result };
}

/** Whether the person has not answered yet, or the answer is not verified yet. */
export function isUnanswered(attempt: Attempt): attempt is UnansweredAttempt {
  switch (attempt.state) {
    case 'pending':
    case 'starting':
    case 'waiting':
    case 'callback_received':
      return true;
    case 'authenticated':
    case 'finished':
    case 'failed':
    case 'cancelled':
      return false;
  }
}

/** An attempt that a limit has refused before it was stored. */
export function refusedAttempt(attempt: PendingAttempt, failure: Failure): FailedAttempt {
  return { ...identityOf(attempt), state: 'failed', failure };
}

/** The members of every state. The challenge, the Smart-ID session and the callback exist only in states that need them. */
function identityOf(attempt: AttemptBase): AttemptBase {
  const { id, interactionUid, clientId, createdAt, flow, identifier, backchannel } = attempt;
  return {
    id,
    interactionUid,
    clientId,
    createdAt,
    flow,
    ...(identifier !== undefined && { identifier }),
    ...(backchannel && { backchannel }),
  };
}

function pushOf(attempt: Attempt): { readonly session?: object } {
  return attempt.state === 'waiting' && FLOW_TRAITS[attempt.flow].sendsPush
    ? { session: attempt.session }
    : {};
}
