/** Reports attempts: all of them to the metrics, those that reached Smart-ID to the audit. */
import type { Audit } from '../audit/audit.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { ANSWER_MS, type Attempt, isLive, type PendingAttempt, type StartingAttempt } from './attempt.ts';
import type { Limited } from './limits/limit-store.ts';
import { isLimit } from './limits/start-limits.ts';

export interface ReportDependencies {
  readonly metrics: Pick<Metrics, 'loginBegun' | 'loginEnded'>;
  readonly audit: Audit;
  readonly now: () => number;
}

export interface LoginReport {
  /** A browser has created the attempt. */
  asked(attempt: Attempt): void;
  /** The limits have admitted it. */
  begun(attempt: StartingAttempt, origin: Pick<PendingAttempt, 'address' | 'browser'>): void;
  limited(attempt: PendingAttempt | StartingAttempt, limited: Limited, address: string | undefined): void;
  changed(before: Attempt, after: Attempt): void;
  /** A callback was already used, or never existed. */
  callbackRefused(): void;
}

export function createLoginReport({ metrics, audit, now }: ReportDependencies): LoginReport {
  return {
    asked({ clientId: client, flow }) {
      metrics.loginBegun({ client, flow });
    },
    begun(attempt, { address, browser }) {
      audit.record({ event: 'login_begun', ...whatOf(attempt), address, browser });
    },
    limited(refused, { by }, address) {
      const { flow: _, ...what } = whatOf(refused);
      audit.record({ event: 'login_limited', by, ...what, address });
    },
    changed,
    callbackRefused() {
      audit.record({ event: 'callback_refused', code: 'callback_spent' });
    },
  };

  function changed(before: Attempt, attempt: Attempt): void {
    const { clientId: client, flow } = attempt;
    const milliseconds = now() - attempt.createdAt;
    const outcome = outcomeOf(attempt);
    if (outcome !== undefined) metrics.loginEnded({ client, flow, outcome, seconds: milliseconds / 1000 });
    // Attempts that never reached Smart-ID are not audited: a limit has its own event, and anybody can create the others in any number.
    if (before.state === 'pending' || (attempt.state === 'failed' && isLimit(attempt.failure))) return;
    const what = { ...whatOf(attempt), milliseconds, ...legOf(before, now()) };
    switch (attempt.state) {
      case 'waiting':
      case 'callback_received':
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
        // `begun` reports the start once the limits have admitted it.
        return;
    }
  }
}

/** How long the previous state has lasted, where that is measured: until the person's answer, or until the browser has it. */
function legOf(before: Attempt, now: number): { readonly legMilliseconds?: number } {
  const began = beginningOf(before);
  return began === undefined ? {} : { legMilliseconds: Math.max(0, now - began) };
}

function beginningOf(attempt: Attempt): number | undefined {
  switch (attempt.state) {
    case 'waiting':
    case 'callback_received':
      return attempt.answerBy - ANSWER_MS;
    case 'authenticated':
      return attempt.authenticatedAt;
    case 'pending':
    case 'starting':
    case 'finished':
    case 'failed':
    case 'cancelled':
      return undefined;
  }
}

function whatOf({ id, clientId, flow, identifier, backchannel }: Attempt) {
  const channel = backchannel ? ({ channel: 'backchannel' } as const) : {};
  return { attempt: id, client: clientId, flow, person: identifier, ...channel };
}

/** How an attempt has ended; `undefined` while it is live. */
function outcomeOf(attempt: Attempt): string | undefined {
  if (isLive(attempt)) return undefined;
  return attempt.state === 'failed' ? attempt.failure.code : attempt.state;
}
