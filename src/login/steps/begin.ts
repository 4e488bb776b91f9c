/** Begins attempts, within the limits. */
import { type Flow, FLOW_TRAITS } from '../../flows/flows.ts';
import { type Attempt, isLive, type PendingAttempt, refusedAttempt } from '../attempt.ts';
import type { AttemptStore } from '../attempt-store.ts';
import type { Failure } from '../failure.ts';
import type { Limited } from '../limits/limit-store.ts';
import { failureOf, type StartLimits } from '../limits/start-limits.ts';
import type { WaitingPlaces } from '../limits/waiting-places.ts';
import type { LoginReport } from '../login-report.ts';
import type { LoginRequest } from '../login-request.ts';
import { newAttempt, type NewAttemptDependencies, refusedIdOf } from '../new-attempt.ts';
import type { AttemptChanges } from './changes.ts';

export interface BeginDependencies extends NewAttemptDependencies {
  readonly attempts: AttemptStore;
  readonly limits: Pick<StartLimits, 'admitAttempt'>;
  readonly places: WaitingPlaces;
  readonly report: Pick<LoginReport, 'asked' | 'limited' | 'changed'>;
  readonly changes: AttemptChanges;
}

/** Begins an attempt, or returns the live one of this interaction (a double submit, another tab). */
export function createBegin(dependencies: BeginDependencies): (request: LoginRequest) => Promise<Attempt> {
  const { attempts, limits, places, report, changes, now } = dependencies;
  return async (request) => {
    const attempt = newAttempt(request, dependencies);
    const limited = (await noPlaceFor(attempt)) ?? (await limits.admitAttempt(attempt));
    if (limited) return refuse(attempt, limited);
    return add(attempt);
  };

  /** Asked before the other limits, so that no allowance is used up. A person who already waits may choose another flow. */
  async function noPlaceFor({ interactionUid }: PendingAttempt): Promise<Limited | undefined> {
    const limited = places.take(interactionUid);
    const latest = limited && (await attempts.latest(interactionUid));
    return latest && isLive(latest) ? undefined : limited;
  }

  /**
   * A second click gets the attempt of the first one. Whatever else is asked for in this interaction gets its one refused attempt,
   * which is written again only once its wait is over: no row is added, and no place is taken.
   */
  async function refuse(attempt: PendingAttempt, limited: Limited): Promise<Attempt> {
    const latest = await attempts.latest(attempt.interactionUid);
    if (latest && isLive(latest) && isSameRequest(latest, attempt)) return latest;
    const failure = failureOf(limited);
    places.leave(attempt.interactionUid);
    if (latest?.state === 'failed' && isStillLimited(latest.failure, failure)) {
      if (!isSameRequest(latest, attempt))
        report.limited({ ...attempt, id: latest.id }, limited, attempt.address);
      return latest;
    }
    const done = latest && isLive(latest) ? await cancelReplaced(latest) : undefined;
    if (done) return done;
    const asked = { ...attempt, id: refusedIdOf(attempt.interactionUid) };
    const refused = refusedAttempt(asked, failure);
    const stored = await attempts.putRefused(refused);
    if (stored.id !== refused.id) return stored;
    report.asked(asked);
    report.limited(asked, limited, attempt.address);
    report.changed(asked, refused);
    return refused;
  }

  function isStillLimited({ code, retryAt = 0 }: Failure, by: Failure): boolean {
    return code === by.code && retryAt > now();
  }

  async function add(attempt: PendingAttempt): Promise<Attempt> {
    let live = await attempts.add(attempt);
    if (live.id !== attempt.id && !isSameRequest(live, attempt)) {
      const done = await cancelReplaced(live);
      if (done) return done;
      live = await attempts.add(attempt);
    }
    if (live.id === attempt.id) report.asked(attempt);
    return live;
  }

  /**
   * The person went back and chose another flow, or typed another code: cancels the earlier attempt. Returns it where another tab has
   * completed its login just before.
   */
  async function cancelReplaced(live: Attempt): Promise<Attempt | undefined> {
    const ended = await changes.apply(live, { type: 'cancel' });
    return ended.state === 'finished' ? ended : undefined;
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
