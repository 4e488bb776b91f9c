/**
 * The circuit breaker on the creation of sessions: while Smart-ID fails, people are told so at once instead of waiting
 * for a time-out, and Smart-ID is left in peace.
 *
 *   closed ──5 failures in a row──▶ open ──the pause is over──▶ half_open: one request ──answered──▶ closed
 *                                     ▲──────────── it failed: a longer pause ────────────┘
 *
 * A failure is no answer, a 5xx (580, maintenance, among them) or a 429. Any other status is an answer, whatever it says
 * of the request. One breaker a process: each instance has connections of its own, and learns of an outage in five
 * requests. Looks at sessions pass it by: they belong to people who wait already, and have pauses of their own.
 */
import type { Logger } from '../../log/logger.ts';
import type { CircuitState } from '../../metrics/metrics.ts';
import type { Failure } from '../../login/failure.ts';
import { type HttpAnswer, TransportError, type TransportErrorCode } from './http.ts';

/** Failures in a row after which it opens. */
const FAILURES = 5;
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 60_000;
/** Until somebody who came during the probe should try again, at least. */
const PROBE_MS = 5_000;

const NO_ANSWER: readonly TransportErrorCode[] = ['connection_failed', 'connection_lost', 'timed_out'];

export interface Circuit {
  readonly state: () => CircuitState;
  /** Sends one request, or refuses at once. @throws {CircuitOpenError} without sending; whatever `send` throws */
  guard(send: () => Promise<HttpAnswer>): Promise<HttpAnswer>;
}

export interface CircuitOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Logger;
  /** Told each state that it goes into. */
  readonly onChange?: ((state: CircuitState) => void) | undefined;
}

/** Nothing was sent, since Smart-ID has been failing. */
export class CircuitOpenError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.detail);
    this.name = 'CircuitOpenError';
    this.failure = failure;
  }
}

/** What the failure that opened it was, as people are told. */
type Reason = 'service_failed' | 'maintenance';

type State =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly until: number; readonly pauseMs: number; readonly reason: Reason }
  | { readonly kind: 'half_open'; readonly pauseMs: number; readonly reason: Reason };

export function createCircuit({ now, log, onChange }: CircuitOptions): Circuit {
  let state: State = { kind: 'closed', failures: 0 };
  return { state: () => state.kind, guard };

  async function guard(send: () => Promise<HttpAnswer>): Promise<HttpAnswer> {
    const isProbe = admit();
    let failure: Reason | undefined = 'service_failed';
    try {
      const answer = await send();
      failure = failureOfStatus(answer.status);
      return answer;
    } catch (error) {
      if (error instanceof TransportError && !NO_ANSWER.includes(error.code)) failure = undefined;
      throw error;
    } finally {
      settle(isProbe, failure);
    }
  }

  /** Answers whether the request that may go is the one that tries the connection. */
  function admit(): boolean {
    switch (state.kind) {
      case 'closed':
        return false;
      case 'open': {
        const left = state.until - now();
        // More than any pause is left only where the clock was set back.
        if (left > 0 && left <= LONGEST_PAUSE_MS) throw refusal(state.reason, state.until);
        become({ kind: 'half_open', pauseMs: state.pauseMs, reason: state.reason });
        return true;
      }
      case 'half_open':
        throw refusal(state.reason, now() + PROBE_MS);
    }
  }

  function settle(isProbe: boolean, failure: Reason | undefined): void {
    if (state.kind === 'half_open' && isProbe) {
      if (failure === undefined) become({ kind: 'closed', failures: 0 });
      else open(Math.min(state.pauseMs * 2, LONGEST_PAUSE_MS), failure);
      return;
    }
    // What was on its way when it opened tells nothing new.
    if (state.kind !== 'closed') return;
    const failures = failure === undefined ? 0 : state.failures + 1;
    if (failure !== undefined && failures >= FAILURES) open(FIRST_PAUSE_MS, failure);
    else state = { kind: 'closed', failures };
  }

  function open(pauseMs: number, reason: Reason): void {
    become({ kind: 'open', until: now() + pauseMs, pauseMs, reason });
  }

  function become(next: State): void {
    state = next;
    const line = { event: 'smart_id_circuit', state: next.kind };
    if (next.kind === 'open') {
      const { pauseMs: milliseconds, reason } = next;
      log.warn(
        { ...line, reason, milliseconds },
        'Smart-ID keeps failing: nothing is asked of it for a while',
      );
    } else {
      log.info(line, next.kind === 'closed' ? 'Smart-ID answers again' : 'Smart-ID is tried again');
    }
    onChange?.(next.kind);
  }
}

function failureOfStatus(status: number): Reason | undefined {
  if (status === 580) return 'maintenance';
  return status >= 500 || status === 429 ? 'service_failed' : undefined;
}

function refusal(code: Reason, retryAt: number): CircuitOpenError {
  return new CircuitOpenError({ code, detail: 'not asked: Smart-ID has been failing', retryAt });
}
