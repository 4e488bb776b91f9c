/** Logins as the audit tells them: its events, put together by attempt. */
import type { AuditRow } from './audit-store.ts';

/** How far a login has come. `open`: no end is recorded. */
export type LoginOutcome = 'finished' | 'failed' | 'cancelled' | 'open';

/** The parts of a login’s time, in milliseconds; absent if the login did not get that far. */
export interface LoginLegs {
  /** Until Smart-ID had created the session. */
  readonly smartId?: number | undefined;
  /** Until the person had confirmed and the answer was verified. */
  readonly person?: number | undefined;
  /** Until the browser had collected it. */
  readonly completion?: number | undefined;
}

export interface LoginOfAudit {
  readonly attempt: string;
  readonly reference: string | undefined;
  readonly client: string;
  readonly flow: string;
  /** Whether a client asked without a browser. */
  readonly backchannel: boolean;
  /** Milliseconds since the epoch: of the first event that is there. */
  readonly at: number;
  /** Whether its beginning is there. */
  readonly begun: boolean;
  /** Whether a limit refused it, so that it never began. */
  readonly limited: boolean;
  readonly outcome: LoginOutcome;
  /** Of a failure, or of the limit that refused it. */
  readonly code: string | undefined;
  readonly detail: string | undefined;
  /** From the creation of the attempt to its end. */
  readonly milliseconds: number | undefined;
  readonly legs: LoginLegs;
  /** Pseudonym. */
  readonly network: string | undefined;
  /** Family and system of the browser; undefined if unknown, or recorded by an earlier release. */
  readonly browser: string | undefined;
  /** Whether the client has redeemed its code. */
  readonly redeemed: boolean;
}

/** What is kept of the events of a login: a report may read millions. */
interface Collected {
  readonly at: number;
  /** Milliseconds since the creation of the attempt, by event; undefined of an event without them. */
  readonly events: Map<string, number | undefined>;
  readonly texts: Map<string, string>;
}

const TEXTS = ['reference', 'client', 'flow', 'channel', 'code', 'detail', 'by', 'address', 'browser'];

/** Collects logins from events in their order. Events without an attempt are ignored. */
export function createLoginCollector() {
  const found = new Map<string, Collected>();
  return {
    add({ at, event, data }: Pick<AuditRow, 'at' | 'event' | 'data'>): void {
      const { attempt, milliseconds } = data;
      if (typeof attempt !== 'string') return;
      const login = found.get(attempt) ?? { at, events: new Map(), texts: new Map() };
      found.set(attempt, login);
      login.events.set(event, typeof milliseconds === 'number' ? milliseconds : undefined);
      for (const name of TEXTS) {
        const value = data[name];
        if (typeof value === 'string' && !login.texts.has(name)) login.texts.set(name, value);
      }
    },
    logins: (): readonly LoginOfAudit[] => [...found].map(([attempt, login]) => loginOf(attempt, login)),
  };
}

function loginOf(attempt: string, { at, events, texts }: Collected): LoginOfAudit {
  const [outcome, end] = outcomeOf(events);
  const waiting = events.get('login_waiting');
  const authenticated = events.get('login_authenticated');
  const limit = texts.get('by');
  return {
    attempt,
    reference: texts.get('reference'),
    client: texts.get('client') ?? '',
    flow: texts.get('flow') ?? '',
    backchannel: texts.get('channel') === 'backchannel',
    at,
    begun: events.has('login_begun'),
    limited: events.has('login_limited'),
    outcome,
    code: texts.get('code') ?? (limit === undefined ? undefined : `limit: ${limit}`),
    detail: texts.get('detail'),
    milliseconds: end === undefined ? undefined : events.get(end),
    legs: {
      smartId: waiting,
      person: difference(waiting, authenticated),
      completion: difference(authenticated, events.get('login_finished')),
    },
    network: texts.get('address'),
    browser: texts.get('browser'),
    redeemed: events.has('tokens_issued'),
  };
}

function outcomeOf(events: ReadonlyMap<string, unknown>): readonly [LoginOutcome, string?] {
  if (events.has('login_finished')) return ['finished', 'login_finished'];
  if (events.has('login_failed')) return ['failed', 'login_failed'];
  if (events.has('login_cancelled')) return ['cancelled', 'login_cancelled'];
  return events.has('login_limited') ? ['failed'] : ['open'];
}

function difference(from: number | undefined, to: number | undefined): number | undefined {
  return from === undefined || to === undefined ? undefined : Math.max(0, to - from);
}
