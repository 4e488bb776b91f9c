/**
 * A login attempt, driven by the browser that waits for it: begin → advance, advance, … → complete (or cancel). If the app was
 * opened on the device of the browser, `receiveCallback` comes in between.
 *
 * `advance` takes the next step and returns the attempt after it. Any instance may call it, concurrently: each step is one
 * conditional UPDATE, and only the caller whose UPDATE succeeds acts on it.
 *
 *   steps/begin.ts ─▶ steps/advance.ts ─▶ steps/completion.ts
 *          └────────────────┴─────────────────────┴──▶ steps/changes.ts: stores and reports
 */
import type { Logger } from '../log/logger.ts';
import type { Attempt, AttemptEvent, AuthenticatedAttempt } from './attempt.ts';
import type { AttemptStore, JoinedWrites } from './attempt-store.ts';
import { type ClientRefusal, failureOfRefusal } from './client-refusal.ts';
import type { Authenticator } from './authenticator.ts';
import type { StartLimits } from './limits/start-limits.ts';
import type { WaitingPlaces } from './limits/waiting-places.ts';
import { createLoginReport, type ReportDependencies } from './login-report.ts';
import type { CallbackRequest, LoginRequest } from './login-request.ts';
import { callbackHashOf, type NewAttemptDependencies } from './new-attempt.ts';
import { createOutageRetry } from './outage-retry.ts';
import { createAdvance } from './steps/advance.ts';
import { createBegin } from './steps/begin.ts';
import { createAttemptChanges } from './steps/changes.ts';
import { createCompletion, createUnstoredAnswers } from './steps/completion.ts';

export { CODE_FIRST_MS } from './new-attempt.ts';

export type * from './login-request.ts';

export interface Login {
  /** Begins an attempt, or returns the live one of this interaction (a double submit, another tab). */
  begin(request: LoginRequest): Promise<Attempt>;
  /** The live attempt of an interaction, or else the newest. */
  current(interactionUid: string): Promise<Attempt | undefined>;
  /** All attempts of an interaction, the oldest first. */
  attemptsOf(interactionUid: string): Promise<readonly Attempt[]>;
  /**
   * Uses up a callback. In the browser that began the attempt, the attempt continues (`callback_received`). In any other browser it
   * fails, since somebody else has opened the link. `undefined` for a callback that was used before or never existed.
   */
  receiveCallback(request: CallbackRequest): Promise<Attempt | undefined>;
  /** Takes the next step: creates the session when it is due, or polls the eID once for at most `waitMs`. */
  advance(attempt: Attempt, waitMs: number, signal?: AbortSignal): Promise<Attempt>;
  /**
   * As `advance`, for a caller that completes the login at once: a verified answer is not stored. The caller must pass the attempt to
   * `complete` or `keep`, and to `keep` where `complete` fails.
   */
  advanceToCompletion(attempt: Attempt, waitMs: number, signal?: AbortSignal): Promise<Attempt>;
  /** Stores what `advanceToCompletion` has not stored; returns any other attempt as it is. */
  keep(attempt: Attempt): Promise<Attempt>;
  /**
   * Uses up an authenticated attempt and stores the completion of its login by one statement, for exactly one caller: `true`. Where the
   * store cannot be reached and had the attempt before, the error is thrown, and the completion can be repeated.
   */
  complete(attempt: AuthenticatedAttempt, completion: readonly JoinedWrites[]): Promise<boolean>;
  /** Cancels the attempt. The phone may still show the request; its answer has no effect. */
  cancel(attempt: Attempt): Promise<Attempt>;
  /** Fails an authenticated attempt: the client expects another person, or does not accept such a login. */
  refuse(attempt: AuthenticatedAttempt, reason: ClientRefusal): Promise<Attempt>;
}

export interface LoginDependencies extends NewAttemptDependencies, ReportDependencies {
  readonly attempts: AttemptStore;
  readonly authenticator: Authenticator;
  readonly limits: StartLimits;
  /** Where logins wait. */
  readonly places: WaitingPlaces;
  readonly log: Logger;
  /** Whether people whose identity is of this country (ISO 3166-1 alpha-2) may log in. */
  readonly isCountryAllowed: (country: string) => boolean;
  /** Whether an error says that the store cannot be reached for now. */
  readonly isOutage: (error: unknown) => boolean;
}

export function createLogin(dependencies: LoginDependencies): Login {
  const { attempts } = dependencies;
  const report = createLoginReport(dependencies);
  const throughOutage = createOutageRetry(dependencies.isOutage);
  const shared = { ...dependencies, report, throughOutage };
  const changes = createAttemptChanges(shared);
  const unstored = createUnstoredAnswers(changes, throughOutage);
  const advanceToCompletion = createAdvance({ ...shared, changes, unstored });
  return {
    begin: createBegin({ ...shared, changes }),
    current: (interactionUid) => attempts.latest(interactionUid),
    attemptsOf: (interactionUid) => attempts.list(interactionUid),
    receiveCallback,
    advance: async (attempt, waitMs, signal) =>
      unstored.keep(await advanceToCompletion(attempt, waitMs, signal)),
    advanceToCompletion,
    keep: (attempt) => unstored.keep(attempt),
    complete: createCompletion({ ...shared, changes, unstored }),
    cancel: (attempt) => changes.apply(attempt, { type: 'cancel' }),
    refuse: (attempt, reason) => changes.fail(attempt, failureOfRefusal(reason, attempt)),
  };

  async function receiveCallback({
    value,
    isBoundToBrowser,
    ...callback
  }: CallbackRequest): Promise<Attempt | undefined> {
    const attempt = await attempts.findByCallback(callbackHashOf(value));
    if (!attempt) {
      report.callbackRefused();
      return undefined;
    }
    const { sessionSecretDigest, userChallengeVerifier } = callback;
    const event: AttemptEvent = isBoundToBrowser(attempt.interactionUid)
      ? { type: 'callback_received', callback: { sessionSecretDigest, userChallengeVerifier } }
      : { type: 'fail', failure: { code: 'callback_refused', detail: 'callback_in_another_browser' } };
    // The browser comes once: a change whose confirmation was lost must not look like a callback that was used before.
    return throughOutage(() => changes.apply(attempt, event));
  }
}
