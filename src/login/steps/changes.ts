/** Stores the changes of attempts, each once, and reports them. */
import type { Logger } from '../../log/logger.ts';
import {
  type Attempt,
  type AttemptEvent,
  type AuthenticatedAttempt,
  overdue,
  transition,
} from '../attempt.ts';
import type { AttemptStore, JoinedWrites } from '../attempt-store.ts';
import type { Failure } from '../failure.ts';
import type { StartLimits } from '../limits/start-limits.ts';
import type { LoginReport } from '../login-report.ts';
import type { ThroughOutage } from '../outage-retry.ts';

/** Of the value that identifies the request that changed an attempt: enough that no two requests have the same. */
const REQUEST_BYTES = 16;

export interface ChangeOptions {
  /** Whether the eID may have received the request. Default: true. */
  readonly sent?: boolean;
  /** What is stored with the change. Default: nothing. */
  readonly completion?: readonly JoinedWrites[];
  /** A state in between, which is reported and not stored. */
  readonly via?: AuthenticatedAttempt;
  /** A value of this call alone. Default: a new one. */
  readonly changedBy?: string;
}

export interface AttemptChanges {
  /**
   * Applies an event once. If another caller has changed the attempt meanwhile, returns the attempt as that caller left it.
   *
   * @param sent whether the eID may have received the request. Default: true
   */
  apply(attempt: Attempt, event: AttemptEvent, sent?: boolean): Promise<Attempt>;
  fail(attempt: Attempt, failure: Failure, sent?: boolean): Promise<Attempt>;
  /** Fails an attempt whose time is over; returns any other as it is. */
  failIfOverdue(attempt: Attempt): Promise<Attempt>;
  /**
   * Stores a change, and reports it: for one caller, who gets the stored attempt.
   *
   * @throws an outage of the store. If the change was made nevertheless, it is reported as soon as the store says so
   */
  change(before: Attempt, after: Attempt, options?: ChangeOptions): Promise<Attempt | undefined>;
  /** The newest attempt of the same interaction. */
  latestOf(attempt: Attempt): Promise<Attempt>;
  /** A value by which a stored attempt tells which request has changed it. */
  newRequestValue(): string;
}

export interface ChangeDependencies {
  readonly attempts: AttemptStore;
  readonly limits: Pick<StartLimits, 'pushEnd'>;
  readonly report: Pick<LoginReport, 'changed'>;
  readonly throughOutage: ThroughOutage;
  readonly isOutage: (error: unknown) => boolean;
  readonly log: Logger;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly randomBytes: (size: number) => Uint8Array;
}

export function createAttemptChanges({
  attempts,
  limits,
  report,
  throughOutage,
  isOutage,
  log,
  now,
  randomBytes,
}: ChangeDependencies): AttemptChanges {
  return { apply, fail, failIfOverdue, change, latestOf, newRequestValue };

  async function apply(attempt: Attempt, event: AttemptEvent, sent = true): Promise<Attempt> {
    const next = transition(attempt, event, now());
    if (!next || !(await change(attempt, next, { sent }))) return latestOf(attempt);
    return next;
  }

  function fail(attempt: Attempt, failure: Failure, sent = true): Promise<Attempt> {
    return apply(attempt, { type: 'fail', failure }, sent);
  }

  async function failIfOverdue(attempt: Attempt): Promise<Attempt> {
    const failure = overdue(attempt, now());
    return failure ? fail(attempt, failure) : attempt;
  }

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

  async function latestOf(attempt: Attempt): Promise<Attempt> {
    return (await attempts.latest(attempt.interactionUid)) ?? attempt;
  }

  function newRequestValue(): string {
    return Buffer.from(randomBytes(REQUEST_BYTES)).toString('base64url');
  }
}
