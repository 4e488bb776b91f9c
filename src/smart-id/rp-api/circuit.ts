/**
 * The circuit breaker for the creation of sessions. While Smart-ID fails, logins fail at once instead of after a
 * time-out, and Smart-ID receives no load.
 *
 *   closed ──5 failures in a row──▶ open ──the pause is over──▶ half_open: one request ──success──▶ closed
 *                                     ▲────────────── failure: a longer pause ────────────┘
 *
 * A failure is a missing answer, a 5xx (including 580, maintenance) or a 429. Every other status is a success, even if
 * it refuses the request. Each process has its own breaker and detects an outage within five requests. Status polls
 * bypass it: they belong to logins that are already waiting, and back off by themselves.
 */
import type { Logger } from '../../log/logger.ts';
import type { CircuitState } from '../../metrics/metrics.ts';
import type { Failure } from '../../login/failure.ts';
import { type HttpResponse, TransportError, type TransportErrorCode } from './http.ts';

/** Consecutive failures after which the circuit opens. */
const FAILURE_THRESHOLD = 5;
const FIRST_PAUSE_MS = 10_000;
const LONGEST_PAUSE_MS = 60_000;
/** Retry time for requests that are refused during the probe. */
const PROBE_RETRY_MS = 5_000;

const NO_ANSWER: readonly TransportErrorCode[] = ['connection_failed', 'connection_lost', 'timed_out'];

export interface Circuit {
  readonly state: () => CircuitState;
  /**
   * Calls `send`, or refuses without calling it.
   *
   * @throws CircuitOpenError when the circuit is open
   * @throws every error of `send`
   */
  guard(send: () => Promise<HttpResponse>): Promise<HttpResponse>;
}

export interface CircuitOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Logger;
  /** Called with each new state. */
  readonly onChange?: ((state: CircuitState) => void) | undefined;
}

/** The circuit is open: no request was sent. */
export class CircuitOpenError extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.detail);
    this.name = 'CircuitOpenError';
    this.failure = failure;
  }
}

/** The failure that opened the circuit. It selects the text for people. */
type Reason = 'service_failed' | 'maintenance';

type State =
  | { readonly kind: 'closed'; readonly failures: number }
  | { readonly kind: 'open'; readonly until: number; readonly pauseMs: number; readonly reason: Reason }
  | { readonly kind: 'half_open'; readonly pauseMs: number; readonly reason: Reason };

export function createCircuit({ now, log, onChange }: CircuitOptions): Circuit {
  let state: State = { kind: 'closed', failures: 0 };
  return { state: () => state.kind, guard };

  async function guard(send: () => Promise<HttpResponse>): Promise<HttpResponse> {
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
      recordOutcome(isProbe, failure);
    }
  }

  /** Returns whether the admitted request is the probe. Throws CircuitOpenError for a request that is not admitted. */
  function admit(): boolean {
    switch (state.kind) {
      case 'closed':
        return false;
      case 'open': {
        const remainingMs = state.until - now();
        // A larger remainder means that the clock was set back.
        if (remainingMs > 0 && remainingMs <= LONGEST_PAUSE_MS) throw circuitOpen(state.reason, state.until);
        transitionTo({ kind: 'half_open', pauseMs: state.pauseMs, reason: state.reason });
        return true;
      }
      case 'half_open':
        throw circuitOpen(state.reason, now() + PROBE_RETRY_MS);
    }
  }

  function recordOutcome(isProbe: boolean, failure: Reason | undefined): void {
    if (state.kind === 'half_open' && isProbe) {
      if (failure === undefined) transitionTo({ kind: 'closed', failures: 0 });
      else open(Math.min(state.pauseMs * 2, LONGEST_PAUSE_MS), failure);
      return;
    }
    // Outcomes of requests sent before the circuit opened do not change its state.
    if (state.kind !== 'closed') return;
    const failures = failure === undefined ? 0 : state.failures + 1;
    if (failure !== undefined && failures >= FAILURE_THRESHOLD) open(FIRST_PAUSE_MS, failure);
    else state = { kind: 'closed', failures };
  }

  function open(pauseMs: number, reason: Reason): void {
    transitionTo({ kind: 'open', until: now() + pauseMs, pauseMs, reason });
  }

  function transitionTo(next: State): void {
    state = next;
    const line = { event: 'smart_id_circuit', state: next.kind };
    if (next.kind === 'open') {
      const { pauseMs: milliseconds, reason } = next;
      log.warn({ ...line, reason, milliseconds }, 'Smart-ID keeps failing: the circuit breaker is open');
    } else {
      log.info(line, next.kind === 'closed' ? 'Smart-ID answers again' : 'probing Smart-ID with one request');
    }
    onChange?.(next.kind);
  }
}

function failureOfStatus(status: number): Reason | undefined {
  if (status === 580) return 'maintenance';
  return status >= 500 || status === 429 ? 'service_failed' : undefined;
}

function circuitOpen(code: Reason, retryAt: number): CircuitOpenError {
  return new CircuitOpenError({ code, detail: 'not sent: the circuit breaker is open', retryAt });
}
