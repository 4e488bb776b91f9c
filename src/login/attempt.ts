/**
 * One attempt of one person to log in, as a tagged union, and the only ways from one state to the next.
 *
 *   pending ──start──▶ starting ──accepted──▶ waiting ──authenticated──▶ authenticated ──finish──▶ finished
 *      │                  │                      │
 *      └──────────────────┴─────── fail, cancel ─┴──▶ failed, cancelled
 *
 * `transition` is pure: time comes in, nothing goes out. An event that a state does not know answers `undefined`.
 */
import type { AuthenticationSession, VerifiedAuthentication } from '../smart-id/authentication.ts';
import type { Failure } from '../smart-id/outcome.ts';
import type { PreparedSession } from '../smart-id/session.ts';
import { loginResultOf, type LoginResult } from './login-result.ts';

/** How long a person has to answer on the phone, in milliseconds. */
export const ANSWER_MS = 90_000;
/** Beyond `ANSWER_MS` Smart-ID may still be about to tell the end; then the attempt has timed out. */
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
  /** Semantics identifier of the person who should answer. */
  readonly identifier: string;
}

export interface PendingAttempt extends AttemptBase {
  readonly state: 'pending';
  /** When the push may go out; later than `createdAt` where the code is shown first. */
  readonly startAt: number;
  readonly codeFirst: boolean;
  readonly prepared: PreparedSession;
}
export interface StartingAttempt extends AttemptBase {
  readonly state: 'starting';
  readonly startedAt: number;
  readonly codeFirst: boolean;
  readonly prepared: PreparedSession;
}
export interface WaitingAttempt extends AttemptBase {
  readonly state: 'waiting';
  readonly session: AuthenticationSession;
  readonly verificationCode: string;
  /** Until when the person can answer. */
  readonly answerBy: number;
}
export interface AuthenticatedAttempt extends AttemptBase {
  readonly state: 'authenticated';
  readonly result: LoginResult;
}
export interface FinishedAttempt extends AttemptBase {
  readonly state: 'finished';
}
export interface FailedAttempt extends AttemptBase {
  readonly state: 'failed';
  readonly failure: Failure;
}
export interface CancelledAttempt extends AttemptBase {
  readonly state: 'cancelled';
}

export type Attempt =
  | PendingAttempt
  | StartingAttempt
  | WaitingAttempt
  | AuthenticatedAttempt
  | FinishedAttempt
  | FailedAttempt
  | CancelledAttempt;

export type AttemptEvent =
  | { readonly type: 'start' }
  | { readonly type: 'accepted'; readonly session: AuthenticationSession }
  | { readonly type: 'authenticated'; readonly authentication: VerifiedAuthentication }
  | { readonly type: 'fail'; readonly failure: Failure }
  | { readonly type: 'cancel' }
  | { readonly type: 'finish' };

/** The states in which an attempt still goes on; an interaction has at most one of these at a time. */
export const LIVE_STATES = ['pending', 'starting', 'waiting', 'authenticated'] as const;

export function isLive(attempt: Attempt): boolean {
  return (LIVE_STATES as readonly string[]).includes(attempt.state);
}

/** The attempt after an event, or `undefined` where its state does not know the event. */
export function transition(attempt: Attempt, event: AttemptEvent, now: number): Attempt | undefined {
  switch (event.type) {
    case 'start':
      return attempt.state === 'pending' && now >= attempt.startAt ? start(attempt, now) : undefined;
    case 'accepted':
      return attempt.state === 'starting' ? accept(attempt, event.session, now) : undefined;
    case 'authenticated':
      return attempt.state === 'waiting' ? authenticate(attempt, event.authentication, now) : undefined;
    case 'fail':
      return isUnanswered(attempt)
        ? { ...identityOf(attempt), state: 'failed', failure: event.failure }
        : undefined;
    case 'cancel':
      // An authenticated attempt can still be cancelled: until it is finished nobody has been told of it.
      return isLive(attempt) ? { ...identityOf(attempt), state: 'cancelled' } : undefined;
    case 'finish':
      return attempt.state === 'authenticated' ? { ...identityOf(attempt), state: 'finished' } : undefined;
  }
}

/** The failure of an attempt whose time is over, or `undefined` while it may go on. */
export function overdue(attempt: Attempt, now: number): Failure | undefined {
  switch (attempt.state) {
    case 'waiting':
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

function start({ startAt: _, ...attempt }: PendingAttempt, now: number): StartingAttempt {
  return { ...attempt, state: 'starting', startedAt: now };
}

function accept(attempt: StartingAttempt, session: AuthenticationSession, now: number): WaitingAttempt {
  return {
    ...identityOf(attempt),
    state: 'waiting',
    session,
    verificationCode: attempt.prepared.verificationCode,
    answerBy: now + ANSWER_MS,
  };
}

function authenticate(
  attempt: WaitingAttempt,
  authentication: VerifiedAuthentication,
  now: number,
): AuthenticatedAttempt {
  return { ...identityOf(attempt), state: 'authenticated', result: loginResultOf(authentication, now) };
}

function isUnanswered(attempt: Attempt): boolean {
  return attempt.state === 'pending' || attempt.state === 'starting' || attempt.state === 'waiting';
}

/** What every state keeps. The challenge and the Smart-ID session are dropped with the states that need them. */
function identityOf({ id, interactionUid, clientId, createdAt, identifier }: AttemptBase): AttemptBase {
  return { id, interactionUid, clientId, createdAt, identifier };
}
