/** Figures by hour, counted from the audit when it is written: what a page can show without reading the audit. */
import type { AuditRow, ChainHead } from './audit-store.ts';

/**
 * The upper bounds of the buckets of times, in milliseconds; a last bucket has what is longer. The function
 * `audit_time_bucket` of the database has the same ones, since it counts.
 */
export const TIME_BUCKETS = [
  50, 100, 150, 200, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 4000, 5000, 6000, 8000, 10000, 12000, 15000,
  20000, 25000, 30000, 40000, 50000, 60000, 75000, 90000, 120000,
] as const;

/** The legs of a login, and the whole of a finished one. */
export const LEGS = ['smartId', 'person', 'completion', 'whole'] as const;
export type Leg = (typeof LEGS)[number];

/** For the operator. */
export const LEG_NAMES: Readonly<Record<Leg, string>> = {
  smartId: 'Smart-ID creates the session',
  person: 'The person confirms',
  completion: 'The browser collects it',
  whole: 'The whole login',
};

/** The number of events of one kind in a period. Members that an event does not have are empty. */
export interface EventCount {
  readonly event: string;
  /** The code of a failure or refusal, or the limit that struck. */
  readonly code: string;
  readonly client: string;
  readonly flow: string;
  /** Of `audit_events_lost` and `refusals_omitted`: how many events they stand for. */
  readonly events: number;
}

/** The number of events of one name in an hour or a day (UTC). */
export interface SlotCount {
  /** Its beginning, in milliseconds since the epoch. */
  readonly slot: number;
  readonly event: string;
  readonly events: number;
}

/** The number of durations of a leg in a bucket. */
export interface TimeCount {
  readonly leg: string;
  /** Index into `TIME_BUCKETS`, or its length for longer times. */
  readonly bucket: number;
  readonly events: number;
}

/** The ends of the audit and of the figures; times in milliseconds since the epoch. */
export interface AuditExtent {
  /** The oldest event that is kept; undefined: there are none. */
  readonly oldestAt: number | undefined;
  readonly head: (ChainHead & { readonly at: number; readonly writtenAt: number }) | undefined;
  /** Whether retention has removed older events. */
  readonly hasRemoved: boolean;
  /** Earlier events may not be counted, until the figures are rebuilt; undefined: all are. */
  readonly completeSince: number | undefined;
}

/** No function but `rebuild` reads the whole audit. Times are milliseconds since the epoch; `to` is exclusive. */
export interface AuditFigures {
  counts(from: number, to: number): Promise<readonly EventCount[]>;
  slots(from: number, to: number, unit: 'hour' | 'day'): Promise<readonly SlotCount[]>;
  times(from: number, to: number): Promise<readonly TimeCount[]>;
  extent(): Promise<AuditExtent>;
  /** The newest events of some names among the last `among` events, the newest first. */
  newest(names: readonly string[], among: number, limit: number): Promise<readonly AuditRow[]>;
  /** The events of a period with this reference, of a login or of a request, in their order. */
  referred(reference: string, from: number, to: number): Promise<readonly AuditRow[]>;
  /** Counts all events of the audit again, in one transaction. Events that come meanwhile wait. @returns the number of events */
  rebuild(): Promise<number>;
}

/**
 * Estimates a quantile from the counts of buckets, as if times were spread evenly within a bucket.
 *
 * @param share 0.5 for the median
 * @returns milliseconds; undefined without times. Of the last bucket, which has no end, its beginning
 */
export function quantileOf(counts: readonly TimeCount[], share: number): number | undefined {
  const total = counts.reduce((sum, { events }) => sum + events, 0);
  if (total === 0) return undefined;
  const wanted = share * total;
  let before = 0;
  for (const { bucket, events } of [...counts].sort((a, b) => a.bucket - b.bucket)) {
    if (before + events >= wanted) {
      const from = TIME_BUCKETS[bucket - 1] ?? 0;
      const to = TIME_BUCKETS[bucket] ?? from;
      return from + ((wanted - before) / events) * (to - from);
    }
    before += events;
  }
  return undefined;
}
