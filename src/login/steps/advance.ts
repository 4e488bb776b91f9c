/** Takes the next step of an attempt: creates its session, or polls the eID. */
import type { Logger } from '../../log/logger.ts';
import {
  type Attempt,
  type AttemptEvent,
  type CallbackReceivedAttempt,
  overdue,
  type PendingAttempt,
  type StartingAttempt,
  transition,
  type WaitingAttempt,
} from '../attempt.ts';
import type { AttemptStore } from '../attempt-store.ts';
import type { AuthenticatedPerson, Authenticator } from '../authenticator.ts';
import { admitStart } from '../limits/start-admission.ts';
import { failureOf, type StartLimits } from '../limits/start-limits.ts';
import type { WaitingPlaces } from '../limits/waiting-places.ts';
import type { LoginReport } from '../login-report.ts';
import { loginResultOf } from '../login-result.ts';
import type { ThroughOutage } from '../outage-retry.ts';
import type { AttemptChanges } from './changes.ts';
import type { UnstoredAnswers } from './completion.ts';

export interface AdvanceDependencies {
  readonly attempts: AttemptStore;
  readonly authenticator: Authenticator;
  readonly limits: StartLimits;
  readonly places: WaitingPlaces;
  readonly report: Pick<LoginReport, 'begun' | 'limited'>;
  readonly changes: AttemptChanges;
  readonly unstored: UnstoredAnswers;
  readonly throughOutage: ThroughOutage;
  /** Whether people whose identity is of this country (ISO 3166-1 alpha-2) may log in. */
  readonly isCountryAllowed: (country: string) => boolean;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** @returns `advanceToCompletion` of `Login`: a verified answer is not stored */
export function createAdvance({
  attempts,
  authenticator,
  limits,
  places,
  report,
  changes,
  unstored,
  throughOutage,
  isCountryAllowed,
  log,
  now,
}: AdvanceDependencies) {
  return async (attempt: Attempt, waitMs: number, signal?: AbortSignal): Promise<Attempt> => {
    switch (attempt.state) {
      case 'pending':
        return createSession(attempt);
      case 'starting':
        return changes.failIfOverdue(attempt);
      case 'waiting':
      case 'callback_received':
        return poll(attempt, waitMs, signal);
      case 'authenticated':
      case 'finished':
      case 'failed':
      case 'cancelled':
        return attempt;
    }
  };

  /** Only the caller that moves the attempt from pending to starting creates the session, so that there is one. */
  async function createSession(pending: PendingAttempt): Promise<Attempt> {
    const started = transition(pending, { type: 'start' }, now());
    if (started?.state !== 'starting') return pending;
    const starting = { ...started, changedBy: changes.newRequestValue() };
    if (!(await claimStart(pending, starting))) return changes.latestOf(pending);
    const { address, browser } = pending;
    const limited = await throughOutage(() =>
      admitStart(starting, { attempts, authenticator, limits, now, poll: pollAndKeep }),
    );
    if (limited) {
      report.limited(starting, limited, address);
      return throughOutage(() => changes.fail(starting, failureOf(limited)));
    }
    report.begun(starting, { address, browser });
    const answer = await authenticator.start(starting.prepared);
    return throughOutage(() =>
      answer.kind === 'started'
        ? changes.apply(starting, { type: 'accepted', session: answer.session })
        : changes.fail(starting, answer.failure, answer.mayHaveStarted ?? false),
    );
  }

  /** True for one caller. Where the store's answer was lost, the stored attempt tells whether it was this one. */
  async function claimStart(pending: PendingAttempt, starting: StartingAttempt): Promise<boolean> {
    return throughOutage(async () => {
      if (await attempts.replace(pending, starting)) return true;
      const stored = await attempts.find(starting.id);
      return stored?.state === 'starting' && stored.changedBy === starting.changedBy;
    });
  }

  async function pollAndKeep(waiting: WaitingAttempt, waitMs: number): Promise<Attempt> {
    return unstored.keep(await poll(waiting, waitMs));
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
        if (next?.state !== 'authenticated') return throughOutage(() => changes.apply(waiting, event));
        unstored.add(next, waiting);
        return next;
      }
      case 'failed':
        return throughOutage(() => changes.fail(waiting, found.failure));
      case 'running':
      case 'callback_required':
        return changes.failIfOverdue(waiting);
      case 'unreachable':
        log.warn(
          { event: 'smart_id_unreachable', attempt: waiting.id, detail: found.detail },
          'Smart-ID cannot be reached',
        );
        return overdue(waiting, now())
          ? changes.fail(waiting, { code: 'service_failed', detail: found.detail })
          : waiting;
    }
  }

  /** The event for an authenticated person. */
  function concluded({ id }: Attempt, authentication: AuthenticatedPerson): AttemptEvent {
    const { identityCountry } = authentication.person;
    return isCountryAllowed(identityCountry)
      ? { type: 'authenticated', result: loginResultOf(authentication, id, now()) }
      : { type: 'fail', failure: { code: 'country_not_allowed', detail: identityCountry } };
  }
}
