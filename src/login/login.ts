/**
 * A login attempt, driven by the browser that waits for it: begin → advance, advance, … → finish (or cancel). Where the
 * app was opened on the device of the browser, `returned` comes in between.
 *
 * `advance` takes the attempt one step on and answers what it is then. It may be called by any instance, any number of
 * times at once: every step is one conditional UPDATE, and only the caller that wins it acts on it.
 */
import { createHash } from 'node:crypto';
import type { Audit } from '../audit/audit.ts';
import { IdentityError } from '../identity/errors.ts';
import { type DeviceLinkFlow, type Flow, FLOW_TRAITS, type FlowOf } from '../flows/flows.ts';
import type { Logger } from '../log/logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { VerifiedAuthentication } from '../smart-id/authentication.ts';
import type { Failure } from '../smart-id/outcome.ts';
import type { AuthenticationRequest, Returned, SmartId } from '../smart-id/session.ts';
import {
  type Attempt,
  type AttemptEvent,
  isLive,
  overdue,
  type PendingAttempt,
  type ReturnedAttempt,
  type StartingAttempt,
  transition,
  type WaitingAttempt,
} from './attempt.ts';
import type { AttemptStore } from './attempt-store.ts';
import { PUSH_LIVE_MS } from './limit-rules.ts';
import type { Limited } from './limit-store.ts';
import { loginResultOf, type VerifiedLoginResult } from './login-result.ts';
import { failureOf, isLimit, type StartLimits } from './limits.ts';

/** How long a verification code stands on the screen before the push that covers it goes out, in milliseconds. */
export const CODE_FIRST_MS = 3_000;

/** The shortest poll of a session that Smart-ID offers, in milliseconds. */
export const SHORTEST_POLL_MS = 1_000;

/** Bytes of a callback's value; nobody can guess one. */
const CALLBACK_VALUE_BYTES = 32;

interface LoginRequestBase {
  readonly interactionUid: string;
  readonly clientId: string;
  /** What the app shows. */
  readonly displayText: string;
  /** The network address of the browser that asks. */
  readonly address: string;
}

/** A push, to a person whose code was typed or to the account that a known browser remembers. */
export type NotificationLoginRequest = LoginRequestBase & {
  readonly flow: FlowOf<'notification'>;
  /** Whether this person has used a device link in this browser before. */
  readonly knownBrowser: boolean;
  /** Whether this browser runs on the device that gets the push: then the code is shown a moment before. */
  readonly codeFirst: boolean;
} & (
    | { readonly identifier: string; readonly documentNumber?: undefined }
    | { readonly documentNumber: string; readonly identifier?: undefined }
  );

/** A QR code and a link to the app, for anybody or, with an identifier, for one person. */
export type DeviceLinkLoginRequest = LoginRequestBase & {
  /** The one that the page shows first; the session serves all of them. */
  readonly flow: DeviceLinkFlow;
  /** Semantics identifier of the one person who may answer. */
  readonly identifier?: string | undefined;
};

export type LoginRequest = NotificationLoginRequest | DeviceLinkLoginRequest;

/** A browser came back through the callback. */
export interface CallbackRequest extends Returned {
  /** The callback's own parameter. */
  readonly value: string;
  /** Whether this browser began an interaction. */
  readonly beganHere: (interactionUid: string) => boolean;
}

export interface Login {
  /** Begins an attempt, or answers the one that this interaction already has going (a double submit, another tab). */
  begin(request: LoginRequest): Promise<Attempt>;
  /** The newest attempt of an interaction, as it stands. */
  current(interactionUid: string): Promise<Attempt | undefined>;
  /**
   * Spends a callback, whatever comes of it: in the browser that began the attempt it goes on (`returned`), in any other
   * it has failed, since then the link was opened by somebody else than the one who waits. `undefined` for a callback
   * that is spent already, or was never one.
   */
  returned(request: CallbackRequest): Promise<Attempt | undefined>;
  /** One step on: creates the session when it is due, or polls Smart-ID once for at most `waitMs`. */
  advance(attempt: Attempt, waitMs: number, signal?: AbortSignal): Promise<Attempt>;
  /** Gives the attempt up. The phone may still show the request; its answer finds nobody. */
  cancel(attempt: Attempt): Promise<Attempt>;
  /** Spends an authenticated attempt. True for exactly one caller, who alone may complete the login. */
  finish(attempt: Attempt): Promise<boolean>;
}

export interface LoginDependencies {
  readonly attempts: AttemptStore;
  readonly smartId: SmartId;
  readonly limits: StartLimits;
  readonly log: Logger;
  readonly metrics: Pick<Metrics, 'loginBegun' | 'loginEnded'>;
  readonly audit: Audit;
  readonly now: () => number;
  readonly newId: () => string;
  readonly randomBytes: (size: number) => Uint8Array;
  /** Whether people whose identity is of this country (ISO 3166-1 alpha-2) may log in. */
  readonly isCountryAllowed: (country: string) => boolean;
  /** Where the app leads the browser back to, e.g. `https://login.example.ee/callback/smart-id`; no query. */
  readonly callbackUrl: string;
}

export function createLogin(dependencies: LoginDependencies): Login {
  const { attempts, smartId, limits, log, metrics, audit, now, newId } = dependencies;
  return { begin, current, returned, advance, cancel, finish };

  async function begin(request: LoginRequest): Promise<Attempt> {
    const attempt = newAttempt(request);
    let live = await attempts.add(attempt);
    if (
      live.id !== attempt.id &&
      (live.identifier !== attempt.identifier || !sharesSession(live.flow, attempt.flow))
    ) {
      // The person went back and chose another way, or typed another code: the attempt of before is given up.
      await cancel(live);
      live = await attempts.add(attempt);
    }
    if (live.id === attempt.id) {
      metrics.loginBegun({ client: attempt.clientId, flow: attempt.flow });
    }
    return live;
  }

  function newAttempt(request: LoginRequest): PendingAttempt {
    const { interactionUid, clientId, address, flow } = request;
    const createdAt = now();
    const codeFirst = 'codeFirst' in request && request.codeFirst;
    const base = {
      state: 'pending',
      id: newId(),
      interactionUid,
      clientId,
      createdAt,
      flow,
      codeFirst,
      address,
    } as const;
    const startAt = codeFirst ? createdAt + CODE_FIRST_MS : createdAt;
    switch (request.flow) {
      case 'notification':
        return { ...base, startAt, ...preparedFor(request) };
      case 'qr':
      case 'web2app': {
        const value = Buffer.from(dependencies.randomBytes(CALLBACK_VALUE_BYTES)).toString('base64url');
        const callbackUrl = `${dependencies.callbackUrl}?value=${value}`;
        return { ...base, startAt, callbackHash: hashOf(value), ...preparedFor({ ...request, callbackUrl }) };
      }
    }
  }

  function preparedFor(request: AuthenticationRequest): Pick<PendingAttempt, 'prepared' | 'identifier'> {
    const prepared = smartId.prepare(request);
    const identifier = prepared.session.expectedIdentifier;
    return identifier === undefined ? { prepared } : { prepared, identifier };
  }

  async function returned({ value, beganHere, ...brought }: CallbackRequest): Promise<Attempt | undefined> {
    const attempt = await attempts.findByCallback(hashOf(value));
    if (!attempt) {
      audit.record({ event: 'callback_refused', code: 'callback_spent' });
      return undefined;
    }
    if (!beganHere(attempt.interactionUid)) {
      return fail(attempt, { code: 'callback_refused', detail: 'callback_in_another_browser' });
    }
    const { sessionSecretDigest, userChallengeVerifier } = brought;
    return apply(attempt, { type: 'returned', returned: { sessionSecretDigest, userChallengeVerifier } });
  }

  function current(interactionUid: string): Promise<Attempt | undefined> {
    return attempts.latest(interactionUid);
  }

  async function advance(attempt: Attempt, waitMs: number, signal?: AbortSignal): Promise<Attempt> {
    switch (attempt.state) {
      case 'pending':
        return createSession(attempt);
      case 'starting':
        return failIfOverdue(attempt);
      case 'waiting':
      case 'returned':
        return poll(attempt, waitMs, signal);
      case 'authenticated':
      case 'finished':
      case 'failed':
      case 'cancelled':
        return attempt;
    }
  }

  /** Creates the session at Smart-ID. Only the winner of pending → starting gets here, so Smart-ID hears of one session once. */
  async function createSession(pending: PendingAttempt): Promise<Attempt> {
    const starting = transition(pending, { type: 'start' }, now());
    if (starting?.state !== 'starting') return pending;
    if (!(await attempts.replace(pending, starting))) return latestOf(pending);
    const limited = await limit(starting, pending.address);
    if (limited) return fail(starting, failureOf(limited));
    audit.record({ event: 'login_begun', ...whatOf(starting), address: pending.address });
    const started = await smartId.start(starting.prepared);
    return started.kind === 'started'
      ? apply(starting, { type: 'accepted', session: started.session })
      : fail(starting, started.failure, started.mayHaveBegun ?? false);
  }

  /** Why the start has to wait, if it has to. */
  async function limit(starting: StartingAttempt, address: string | undefined): Promise<Limited | undefined> {
    let limited = await limits.admit(starting, address);
    if (limited?.by === 'push' && (await hasJustEnded(limited.lastAttemptId))) {
      limited = await limits.admit(starting, address);
    }
    if (limited) {
      const { attempt, client, person } = whatOf(starting);
      audit.record({ event: 'login_limited', by: limited.by, attempt, client, person, address });
    }
    return limited;
  }

  /** A push whose browser has gone, or cancelled: the person may have answered it, and nobody has looked. */
  async function hasJustEnded(attemptId: string): Promise<boolean> {
    const last = await attempts.find(attemptId);
    if (last?.state === 'waiting') return (await poll(last, SHORTEST_POLL_MS)).state !== 'waiting';
    if (last?.state !== 'cancelled' || !last.session) return false;
    // Its time on the phone is over, and there is nothing left to learn.
    if (now() > last.createdAt + CODE_FIRST_MS + PUSH_LIVE_MS) return false;
    const { kind } = await smartId.poll(last.session, SHORTEST_POLL_MS);
    if (kind !== 'authenticated' && kind !== 'failed') return false;
    await limits.gone(last);
    return true;
  }

  async function poll(
    waiting: WaitingAttempt | ReturnedAttempt,
    waitMs: number,
    signal?: AbortSignal,
  ): Promise<Attempt> {
    const brought = waiting.state === 'returned' ? waiting.returned : undefined;
    const found = await smartId.poll(waiting.session, waitMs, signal, brought);
    switch (found.kind) {
      case 'authenticated':
        return apply(waiting, concluded(waiting, found.authentication));
      case 'failed':
        return fail(waiting, found.failure);
      case 'running':
      case 'return_needed':
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

  /** What a verified answer does to the attempt. */
  function concluded({ id }: Attempt, authentication: VerifiedAuthentication): AttemptEvent {
    const result = resultOrFailure(authentication, id, now());
    if ('code' in result) return { type: 'fail', failure: result };
    const { identityCountry } = result.person;
    return dependencies.isCountryAllowed(identityCountry)
      ? { type: 'authenticated', result }
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

  async function finish(attempt: Attempt): Promise<boolean> {
    const finished = transition(attempt, { type: 'finish' }, now());
    if (!finished || !(await attempts.replace(attempt, finished))) return false;
    report(attempt, finished);
    return true;
  }

  /**
   * Applies an event once. Who loses the race gets the attempt as the winner left it.
   *
   * @param sent whether Smart-ID may have heard of the attempt
   */
  async function apply(attempt: Attempt, event: AttemptEvent, sent = true): Promise<Attempt> {
    const next = transition(attempt, event, now());
    if (!next) return latestOf(attempt);
    if (!(await attempts.replace(attempt, next))) return latestOf(attempt);
    report(attempt, next);
    await limits.settle(attempt, next, sent);
    return next;
  }

  async function latestOf(attempt: Attempt): Promise<Attempt> {
    return (await attempts.latest(attempt.interactionUid)) ?? attempt;
  }

  function report(before: Attempt, attempt: Attempt): void {
    const { clientId: client, flow } = attempt;
    const milliseconds = now() - attempt.createdAt;
    const outcome = outcomeOf(attempt);
    if (outcome !== undefined) metrics.loginEnded({ client, flow, outcome, seconds: milliseconds / 1000 });
    // Attempts that never reached Smart-ID are not audited: the limit has its own event, and anybody can make the rest.
    if (before.state === 'pending' || (attempt.state === 'failed' && isLimit(attempt.failure))) return;
    const what = { ...whatOf(attempt), milliseconds };
    switch (attempt.state) {
      case 'waiting':
      case 'returned':
      case 'authenticated':
      case 'finished':
      case 'cancelled':
        audit.record({ event: `login_${attempt.state}`, ...what });
        return;
      case 'failed':
        audit.record({ event: 'login_failed', ...what, ...attempt.failure });
        return;
      case 'pending':
      case 'starting':
        // Begun is told when the limits have let it through, and a start by what comes of it.
        return;
    }
  }
}

function whatOf({ id, clientId, flow, identifier }: Attempt) {
  return { attempt: id, client: clientId, flow, person: identifier };
}

function resultOrFailure(
  authentication: VerifiedAuthentication,
  attempt: string,
  at: number,
): VerifiedLoginResult | Failure {
  try {
    return loginResultOf(authentication, attempt, at);
  } catch (error) {
    // A verified certificate whose subject does not name a person: the answer is not one to act on.
    if (!(error instanceof IdentityError)) throw error;
    return { code: 'response_refused', detail: error.code };
  }
}

/** Whether the session of one flow serves the other too: a page with a QR code can go on with the link to the app. */
function sharesSession(one: Flow, other: Flow): boolean {
  return FLOW_TRAITS[one].sessionKind === FLOW_TRAITS[other].sessionKind;
}

/** What the store finds a callback by; its value is worth stealing. */
function hashOf(value: string): string {
  return createHash('sha256').update(value).digest('base64url');
}

/** How an attempt has ended, or `undefined` while it goes on. */
function outcomeOf(attempt: Attempt): string | undefined {
  if (isLive(attempt)) return undefined;
  return attempt.state === 'failed' ? attempt.failure.code : attempt.state;
}
