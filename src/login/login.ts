/**
 * A login attempt, driven by the browser that waits for it: begin → advance, advance, … → finish (or cancel).
 *
 * `advance` takes the attempt one step on and answers what it is then. It may be called by any instance, any number of
 * times at once: every step is one conditional UPDATE, and only the caller that wins it acts on it.
 */
import { IdentityError } from '../identity/errors.ts';
import type { Logger } from '../log/logger.ts';
import type { Failure } from '../smart-id/outcome.ts';
import type { SmartId } from '../smart-id/session.ts';
import {
  type Attempt,
  type AttemptEvent,
  overdue,
  type PendingAttempt,
  transition,
  type WaitingAttempt,
} from './attempt.ts';
import type { AttemptStore } from './attempt-store.ts';

/** How long a verification code stands on the screen before the push that covers it goes out, in milliseconds. */
export const CODE_FIRST_MS = 3_000;

export interface LoginRequest {
  readonly interactionUid: string;
  readonly clientId: string;
  /** Semantics identifier of the person. */
  readonly identifier: string;
  /** What the app shows. */
  readonly displayText: string;
  /** Whether this browser runs on the device that gets the push: then the code is shown a moment before. */
  readonly codeFirst: boolean;
}

export interface Login {
  /** Begins an attempt, or answers the one that this interaction already has going (a double submit, another tab). */
  begin(request: LoginRequest): Promise<Attempt>;
  /** The newest attempt of an interaction, as it stands. */
  current(interactionUid: string): Promise<Attempt | undefined>;
  /** One step on: sends the push when it is due, or looks at Smart-ID once for at most `waitMs`. */
  advance(attempt: Attempt, waitMs: number, signal?: AbortSignal): Promise<Attempt>;
  /** Gives the attempt up. The phone may still show the request; its answer finds nobody. */
  cancel(attempt: Attempt): Promise<Attempt>;
  /** Spends an authenticated attempt. True for exactly one caller, who alone may complete the login. */
  finish(attempt: Attempt): Promise<boolean>;
}

export interface LoginDependencies {
  readonly attempts: AttemptStore;
  readonly smartId: SmartId;
  readonly log: Logger;
  readonly pseudonym: (identifier: string) => string;
  readonly now: () => number;
  readonly newId: () => string;
}

export function createLogin({ attempts, smartId, log, pseudonym, now, newId }: LoginDependencies): Login {
  return { begin, current, advance, cancel, finish };

  async function begin(request: LoginRequest): Promise<Attempt> {
    const { interactionUid, clientId, identifier, displayText, codeFirst } = request;
    const createdAt = now();
    const attempt: PendingAttempt = {
      state: 'pending',
      id: newId(),
      interactionUid,
      clientId,
      createdAt,
      identifier,
      codeFirst,
      startAt: codeFirst ? createdAt + CODE_FIRST_MS : createdAt,
      prepared: smartId.prepare({ identifier, displayText }),
    };
    let live = await attempts.add(attempt);
    if (live.id !== attempt.id && live.identifier !== identifier) {
      // The person went back and typed another code: the attempt for the first one is given up.
      await cancel(live);
      live = await attempts.add(attempt);
    }
    if (live.id === attempt.id) {
      log.info(
        { event: 'login_begun', attempt: attempt.id, client: clientId, person: pseudonym(identifier) },
        'login begun',
      );
    }
    return live;
  }

  function current(interactionUid: string): Promise<Attempt | undefined> {
    return attempts.latest(interactionUid);
  }

  async function advance(attempt: Attempt, waitMs: number, signal?: AbortSignal): Promise<Attempt> {
    switch (attempt.state) {
      case 'pending':
        return push(attempt);
      case 'starting':
        return failIfOverdue(attempt);
      case 'waiting':
        return look(attempt, waitMs, signal);
      case 'authenticated':
      case 'finished':
      case 'failed':
      case 'cancelled':
        return attempt;
    }
  }

  /** Sends the push. Only the winner of pending → starting gets here, so Smart-ID hears of one session once. */
  async function push(pending: PendingAttempt): Promise<Attempt> {
    const starting = transition(pending, { type: 'start' }, now());
    if (starting?.state !== 'starting') return pending;
    if (!(await attempts.replace(pending, starting))) return latestOf(pending);
    const started = await smartId.start(starting.prepared);
    return started.kind === 'started'
      ? apply(starting, { type: 'accepted', session: started.session })
      : fail(starting, started.failure);
  }

  async function look(waiting: WaitingAttempt, waitMs: number, signal?: AbortSignal): Promise<Attempt> {
    const found = await smartId.look(waiting.session, waitMs, signal);
    switch (found.kind) {
      case 'authenticated':
        try {
          return await apply(waiting, { type: 'authenticated', authentication: found.authentication });
        } catch (error) {
          // A verified certificate whose subject does not name a person: the answer is not one to act on.
          if (!(error instanceof IdentityError)) throw error;
          return fail(waiting, { code: 'response_refused', detail: error.code });
        }
      case 'failed':
        return fail(waiting, found.failure);
      case 'running':
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

  async function failIfOverdue(attempt: Attempt): Promise<Attempt> {
    const failure = overdue(attempt, now());
    return failure ? fail(attempt, failure) : attempt;
  }

  function fail(attempt: Attempt, failure: Failure): Promise<Attempt> {
    return apply(attempt, { type: 'fail', failure });
  }

  function cancel(attempt: Attempt): Promise<Attempt> {
    return apply(attempt, { type: 'cancel' });
  }

  async function finish(attempt: Attempt): Promise<boolean> {
    const finished = transition(attempt, { type: 'finish' }, now());
    if (!finished || !(await attempts.replace(attempt, finished))) return false;
    report(finished);
    return true;
  }

  /** Applies an event once. Who loses the race gets the attempt as the winner left it. */
  async function apply(attempt: Attempt, event: AttemptEvent): Promise<Attempt> {
    const next = transition(attempt, event, now());
    if (!next) return latestOf(attempt);
    if (!(await attempts.replace(attempt, next))) return latestOf(attempt);
    report(next);
    return next;
  }

  async function latestOf(attempt: Attempt): Promise<Attempt> {
    return (await attempts.latest(attempt.interactionUid)) ?? attempt;
  }

  function report(attempt: Attempt): void {
    const line = {
      attempt: attempt.id,
      client: attempt.clientId,
      person: pseudonym(attempt.identifier),
      milliseconds: now() - attempt.createdAt,
    };
    if (attempt.state === 'failed') {
      log.warn({ event: 'login_failed', ...line, ...attempt.failure }, 'login failed');
    } else {
      log.info({ event: `login_${attempt.state}`, ...line }, `login ${attempt.state}`);
    }
  }
}
