import type { KeyObject } from 'node:crypto';
import type { AuditEventName } from './events.ts';

/** The members of an event. */
export type AuditData = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** An event as it is stored, before it has a position in the chain. */
export interface AuditEntry {
  /** When it happened, milliseconds since the epoch. */
  readonly at: number;
  /** ID of the process that recorded it. */
  readonly instance: string;
  /** Number of the event in that process, from 1. A missing number is a lost event. */
  readonly number: number;
  readonly event: string;
  readonly data: AuditData;
}

/** The last row of the chain: auditors record it elsewhere, and the next row is linked to it. */
export interface ChainHead {
  readonly position: number;
  readonly hash: string;
}

/** An event in the chain. */
export interface AuditRow extends AuditEntry, ChainHead {
  /** ID of the SECRET_KEY from which the keys of its pseudonyms and its hash are derived. */
  readonly keyId: string;
}

/** Replaces the rows up to a position, which retention has removed. */
export interface Checkpoint extends ChainHead {
  readonly at: number;
  readonly keyId: string;
  /** HMAC with the chain key. */
  readonly signature: string;
}

/** The audit keys derived from one SECRET_KEY. They are stored, so that rows can be verified after that SECRET_KEY is removed. */
export interface AuditKeys {
  readonly keyId: string;
  /** A `KeyObject`: with bytes an HMAC takes five times as long. */
  readonly chain: KeyObject;
  readonly pseudonym: KeyObject;
}

/** A consistent snapshot of the audit. */
export interface AuditView {
  readonly checkpoint: Checkpoint | undefined;
  /** By key id. */
  readonly keys: ReadonlyMap<string, AuditKeys>;
  /** In order of position. */
  readonly rows: (filter?: RowFilter) => AsyncIterable<AuditRow>;
}

/** Selects rows; times are milliseconds since the epoch. */
export interface RowFilter {
  readonly from?: number | undefined;
  /** Exclusive. */
  readonly to?: number | undefined;
  /** Pseudonyms. */
  readonly persons?: readonly string[] | undefined;
  readonly attempts?: readonly string[] | undefined;
  /** Of a login or of a request. */
  readonly reference?: string | undefined;
  /** Without the events of these names. */
  readonly notEvents?: readonly AuditEventName[] | undefined;
}

/**
 * Stores the audit of all instances. Rows are never changed, and only the oldest are removed.
 *
 * `append` is atomic: it adds all entries or none, at the end of the single chain that all instances share. It is
 * idempotent: entries that were written by an earlier call which nevertheless failed are skipped.
 */
export interface AuditStore {
  /** @param entries of one instance, in order of their numbers. Returns the new head. */
  append(entries: readonly AuditEntry[]): Promise<ChainHead>;
  /** Runs `use` on a snapshot of the audit, for as long as it takes, on a connection of its own: for commands. */
  view<T>(use: (view: AuditView) => Promise<T>): Promise<T>;
  /** The same for a page, of which many may be asked for at once: on a connection of the pool, within its time for statements. */
  viewBriefly<T>(use: (view: AuditView) => Promise<T>): Promise<T>;
  /**
   * Removes rows that were written before the day (UTC) `days` ago; returns their number. The age is measured with the clock
   * that all instances share, not with the event's time or an instance's clock.
   */
  removeOlderThan(days: number): Promise<number>;
}
