/**
 * A login attempt, driven by the browser that waits for it: begin → advance, advance, … → finish (or cancel). If the app was
 * opened on the device of the browser, `receiveCallback` comes in between.
 *
 * `advance` takes the next step and returns the attempt after it. Any instance may call it, concurrently: each step is one
 * conditional UPDATE, and only the caller whose UPDATE succeeds acts on it.
 */
import { type Flow, FLOW_TRAITS } from '../flows/flows.ts';
import type { Logger } from '../log/logger.ts';
import {
  type Attempt,
  type AttemptEvent,
  type AuthenticatedAttempt,
  delivered,
  isLive,
  isUndelivered,
  overdue,
  type PendingAttempt,
  type StartingAttempt,
  type CallbackReceivedAttempt,
  transition,
  type UndeliveredAttempt,
  type WaitingAttempt,
} from './attempt.ts';
import type { AttemptStore, JoinedWrites } from './attempt-store.ts';
import { type ClientRefusal, failureOfRefusal } from './client-refusal.ts';
import type { AuthenticatedPerson, Authenticator } from './authenticator.ts';
import type { Failure } from './failure.ts';
import type { Limited } from './limits/limit-store.ts';
import { failureOf, isLimit, type StartLimits } from './limits/start-limits.ts';
import { ANY_NUMBER, type WaitingPlaces } from './limits/waiting-places.ts';
import { createLoginReport, type ReportDependencies } from './login-report.ts';
import type { CallbackRequest, LoginRequest } from './login-request.ts';
import { loginResultOf } from './login-result.ts';
import { callbackHashOf, newAttempt, type NewAttemptDependencies } from './new-attempt.ts';
import { createOutageRetry } from './outage-retry.ts';
import { admitStart } from './limits/start-admission.ts';

/** Of the value that identifies the request that changed an attempt: enough that no two requests have the same. */
const REQUEST_BYTES = 16;

export { CODE_FIRST_MS } from './new-attempt.ts';

export type * from './login-request.ts';

export interface Login {
  /** Begins an attempt, or returns the live one of this interaction (a double submit, another tab). */
  begin(request: LoginRequest): Promise<Attempt>;
  /** The newest attempt of an interaction. */
  current(interactionUid: string): Promise<Attempt | undefined>;
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
  /**
   * Uses up an authenticated attempt, for exactly one caller, who completes the login. The finished attempt keeps the result, so
   * that the browser can repeat a completion that failed. `undefined` for every other caller.
   */
  finish(attempt: Attempt): Promise<UndeliveredAttempt | undefined>;
  /** The login is complete: its finished attempt drops the result. While the store is away, `removeExpired` does so later. */
  dropResult(finished: UndeliveredAttempt): Promise<void>;
}

export interface LoginDependencies extends NewAttemptDependencies, ReportDependencies {
  readonly attempts: AttemptStore;
  readonly authenticator: Authenticator;
  readonly limits: StartLimits;
  /** Where logins wait; by default any number may. */
  readonly places?: WaitingPlaces;
  readonly log: Logger;
  /** Whether people whose identity is of this country (ISO 3166-1 alpha-2) may log in. */
  readonly isCountryAllowed: (country: string) => boolean;
  /** Whether an error says that the store cannot be reached for now; by default none does. */
  readonly isOutage?: (error: unknown) => boolean;
}

interface ChangeOptions {
  readonly sent?: boolean;
  readonly completion?: readonly JoinedWrites[];
  readonly via?: AuthenticatedAttempt;
  readonly changedBy?: string;
}

export function createLogin(dependencies: LoginDependencies): Login {
  const { attempts, authenticator, limits, log, now, randomBytes } = dependencies;
  const { places = ANY_NUMBER, isOutage = () => false } = dependencies;
  const report = createLoginReport(dependencies);
  const throughOutage = createOutageRetry(isOutage);
  /** The stored attempt before an answer that is not stored yet. */
  const unstored = new WeakMap<Attempt, WaitingAttempt | CallbackReceivedAttempt>();
  return {
    begin,
    current,
    receiveCallback,
    advance,
    advanceToCompletion,
    keep,
    complete,
    cancel,
    refuse,
    finish,
    dropResult,
  };

  async function begin(request: LoginRequest): Promise<Attempt> {
    const attempt = newAttempt(request, dependencies);
    const limited = (await noPlaceFor(attempt)) ?? (await limits.admitAttempt(attempt));
    if (limited) return refuseAttempt(attempt, limited);
    return add(attempt);
  }

  /** Before the other limits, so that no allowance is used up. Whoever waits already may choose another flow. */
  async function noPlaceFor({ interactionUid }: PendingAttempt): Promise<Limited | undefined> {
    const limited = places.take(interactionUid);
    const latest = limited && (await attempts.latest(interactionUid));
    return latest && isLive(latest) ? undefined : limited;
  }

  /** A second click gets the attempt of the first one, and a repeated request that of the refusal: it adds no row. */
  async function refuseAttempt(attempt: PendingAttempt, limited: Limited): Promise<Attempt> {
    const latest = await attempts.latest(attempt.interactionUid);
    if (latest && isLive(latest) && isSameRequest(latest, attempt)) return latest;
    if (latest?.state === 'failed' && isStillLimited(latest.failure) && isSameRequest(latest, attempt)) {
      return latest;
    }
    const added = await add(attempt);
    if (added.id !== attempt.id) return added;
    report.limited(attempt, limited, attempt.address);
    return fail(attempt, failureOf(limited));
  }

  function isStillLimited(failure: Failure): boolean {
    return isLimit(failure) && (failure.retryAt ?? 0) > now();
  }

  async function add(attempt: PendingAttempt): Promise<Attempt> {
    let live = await attempts.add(attempt);
    if (live.id !== attempt.id && !isSameRequest(live, attempt)) {
      // The person went back and chose another flow, or typed another code: cancel the earlier attempt.
      await cancel(live);
      live = await attempts.add(attempt);
    }
    if (live.id === attempt.id) report.asked(attempt);
    return live;
  }

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
    if (!isBoundToBrowser(attempt.interactionUid)) {
      return fail(attempt, { code: 'callback_refused', detail: 'callback_in_another_browser' });
    }
    const { sessionSecretDigest, userChallengeVerifier } = callback;
    return apply(attempt, {
      type: 'callback_received',
      callback: { sessionSecretDigest, userChallengeVerifier },
    });
  }

  function current(interactionUid: string): Promise<Attempt | undefined> {
    return attempts.latest(interactionUid);
  }

  async function advance(attempt: Attempt, waitMs: number, signal?: AbortSignal): Promise<Attempt> {
    return keep(await advanceToCompletion(attempt, waitMs, signal));
  }

  async function advanceToCompletion(
    attempt: Attempt,
    waitMs: number,
    signal?: AbortSignal,
  ): Promise<Attempt> {
    switch (attempt.state) {
      case 'pending':
        return createSession(attempt);
      case 'starting':
        return failIfOverdue(attempt);
      case 'waiting':
      case 'callback_received':
        return poll(attempt, waitMs, signal);
      case 'authenticated':
      case 'finished':
      case 'failed':
      case 'cancelled':
        return attempt;
    }
  }

  /** Creates the session at Smart-ID. Only the caller that moves the attempt from pending to starting does so, so that it is created once. */
  async function createSession(pending: PendingAttempt): Promise<Attempt> {
    const startedBy = newRequestValue();
    const starting = transition(pending, { type: 'start', startedBy }, now());
    if (starting?.state !== 'starting') return pending;
    if (!(await claimStart(pending, starting))) return latestOf(pending);
    const { address, browser } = pending;
    const limited = await throughOutage(() =>
      admitStart(starting, { attempts, authenticator, limits, now, poll }),
    );
    if (limited) {
      report.limited(starting, limited, address);
      return fail(starting, failureOf(limited));
    }
    report.begun(starting, { address, browser });
    const started = await authenticator.start(starting.prepared);
    return started.kind === 'started'
      ? throughOutage(() => apply(starting, { type: 'accepted', session: started.session }))
      : fail(starting, started.failure, started.mayHaveStarted ?? false);
  }

  /** True for one caller. Where the store's answer was lost, the stored attempt tells whether it was this one. */
  async function claimStart(pending: PendingAttempt, starting: StartingAttempt): Promise<boolean> {
    return throughOutage(async () => {
      if (await attempts.replace(pending, starting)) return true;
      const stored = await attempts.find(starting.id);
      return stored?.state === 'starting' && stored.startedBy === starting.startedBy;
    });
  }

  async function poll(
    waiting: WaitingAttempt | CallbackReceivedAttempt,
    waitMs: number,
    signal?: AbortSignal,
  ): Promise<Attempt> {
    places.hold(waiting.interactionUid);
    const callback = waiting.state === 'callback_received' ? waiting.callback : undefined;
    const found = await authenticator.poll(waiting.session, waitMs, signal, callback);
    switch (found.kind) {
      case 'authenticated': {
        const event = concluded(waiting, found.authentication);
        const next = transition(waiting, event, now());
        if (next?.state !== 'authenticated') return throughOutage(() => apply(waiting, event));
        unstored.set(next, waiting);
        return next;
      }
      case 'failed':
        return fail(waiting, found.failure);
      case 'running':
      case 'callback_required':
        return failIfOverdue(waiting);
      case 'unreachable':
        log.warn(
          { event: 'smart_id_unreachable', attempt: waiting.id, detail: found.detail },
          'Smart-ID cannot be reached',
        );
        return overdue(waiting, now())
          ? fail(waiting, { code: 'service_failed', detail: found.detail })
          : waiting;
    }
  }

  async function keep(attempt: Attempt): Promise<Attempt> {
    const before = unstored.get(attempt);
    if (!before) return attempt;
    const kept = await throughOutage(async () =>
      (await change(before, attempt)) ? attempt : latestOf(attempt),
    );
    unstored.delete(attempt);
    return kept;
  }

  async function complete(
    attempt: AuthenticatedAttempt,
    completion: readonly JoinedWrites[],
  ): Promise<boolean> {
    const before = unstored.get(attempt);
    const finished = transition(attempt, { type: 'finish' }, now());
    if (!finished || !isUndelivered(finished)) return false;
    const ended = delivered(finished);
    if (!before) return (await change(attempt, ended, { completion })) !== undefined;
    const tried: string[] = [];
    const isComplete = await throughOutage(async () => {
      const changedBy = newRequestValue();
      tried.push(changedBy);
      if (await change(before, ended, { completion, via: attempt, changedBy })) return true;
      const stored = await attempts.find(attempt.id);
      // An earlier try has succeeded, perhaps late: its answer was lost, and the stored attempt tells that it was this request.
      if (stored?.changedBy !== undefined && tried.includes(stored.changedBy)) return true;
      // Another request has polled at the same time, and has stored the same answer without completing the login.
      if (stored?.state !== 'authenticated') return false;
      return (await change(stored, ended, { completion, changedBy })) !== undefined;
    });
    // Not where it failed: then the caller can still store the answer.
    unstored.delete(attempt);
    return isComplete;
  }

  /** The event for an authenticated person. */
  function concluded({ id }: Attempt, authentication: AuthenticatedPerson): AttemptEvent {
    const { identityCountry } = authentication.person;
    return dependencies.isCountryAllowed(identityCountry)
      ? { type: 'authenticated', result: loginResultOf(authentication, id, now()) }
      : { type: 'fail', failure: { code: 'country_not_allowed', detail: identityCountry } };
  }

  async function failIfOverdue(attempt: Attempt): Promise<Attempt> {
    const failure = overdue(attempt, now());
    return failure ? fail(attempt, failure) : attempt;
  }

  function fail(attempt: Attempt, failure: Failure, sent = true): Promise<Attempt> {
    return apply(attempt, { type: 'fail', failure }, sent);
  }

  function cancel(attempt: Attempt): Promise<Attempt> {
    return apply(attempt, { type: 'cancel' });
  }

  function refuse(attempt: AuthenticatedAttempt, code: ClientRefusal): Promise<Attempt> {
    return fail(attempt, failureOfRefusal(code, attempt));
  }

  async function finish(attempt: Attempt): Promise<UndeliveredAttempt | undefined> {
    const finished = transition(attempt, { type: 'finish' }, now());
    const stored = finished && (await change(attempt, finished));
    return stored && isUndelivered(stored) ? stored : undefined;
  }

  async function dropResult(finished: UndeliveredAttempt): Promise<void> {
    try {
      await attempts.replace(finished, delivered(finished));
    } catch (error) {
      if (!isOutage(error)) throw error;
      log.warn({ event: 'result_not_dropped', err: error }, 'the result of a complete login is kept for now');
    }
  }

  /**
   * Applies an event once. If another caller has changed the attempt meanwhile, returns the attempt as that caller left it.
   *
   * @param sent whether the eID may have received the request
   */
  async function apply(attempt: Attempt, event: AttemptEvent, sent = true): Promise<Attempt> {
    const next = transition(attempt, event, now());
    if (!next || !(await change(attempt, next, { sent }))) return latestOf(attempt);
    return next;
  }

  /**
   * Stores a change, and reports it: for one caller, who gets the stored attempt.
   *
   * @param options.sent whether the eID may have received the request
   * @param options.completion what is stored with the change
   * @param options.via a state in between, which is reported and not stored
   * @param options.changedBy a value of this call alone
   * @throws an outage of the store. If the change was made nevertheless, it is reported as soon as the store says so
   */
  async function change(
    before: Attempt,
    after: Attempt,
    { sent = true, completion, via, changedBy = newRequestValue() }: ChangeOptions = {},
  ): Promise<Attempt | undefined> {
    const stored = { ...after, changedBy };
    const pushEnd = limits.pushEnd(before, via ?? after, sent);
    try {
      if (!(await attempts.replace(before, stored, pushEnd, completion))) return undefined;
    } catch (error) {
      if (isOutage(error)) void reportIfStored();
      throw error;
    }
    reportChange();
    return stored;

    function reportChange(): void {
      if (via) report.changed(before, via);
      report.changed(via ?? before, after);
    }

    async function reportIfStored(): Promise<void> {
      try {
        const found = await throughOutage(() => attempts.find(before.id));
        if (found?.changedBy !== changedBy) return;
        reportChange();
      } catch (error) {
        log.error(
          { event: 'change_not_reported', attempt: before.id, err: error },
          'an attempt may have changed without a report',
        );
      }
    }
  }

  function newRequestValue(): string {
    return Buffer.from(randomBytes(REQUEST_BYTES)).toString('base64url');
  }

  async function latestOf(attempt: Attempt): Promise<Attempt> {
    return (await attempts.latest(attempt.interactionUid)) ?? attempt;
  }
}

/** Whether one attempt serves both requests. */
function isSameRequest(one: Attempt, other: Attempt): boolean {
  return one.identifier === other.identifier && sharesSession(one.flow, other.flow);
}

/** Whether both flows use one session: a page with a QR code can continue with the link to the app. */
function sharesSession(one: Flow, other: Flow): boolean {
  return FLOW_TRAITS[one].sessionKind === FLOW_TRAITS[other].sessionKind;
}
