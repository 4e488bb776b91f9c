/** What an event says of itself: words, numbers, lists of words. */
export type AuditData = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** An event as it is kept, before it has its place in the chain. */
export interface AuditEntry {
  /** When it happened, milliseconds since the epoch. */
  readonly at: number;
  /** Names the process that recorded it. */
  readonly instance: string;
  /** Counts the events of that process from 1. A number that is missing is an event that was lost. */
  readonly number: number;
  readonly event: string;
  readonly data: AuditData;
}

/** Where the chain ends: what an auditor notes down, and what the next row is linked to. */
export interface ChainHead {
  readonly position: number;
  readonly hash: string;
}

/** An event in the chain. */
export interface AuditRow extends AuditEntry, ChainHead {
  /** The SECRET_KEY whose keys made its pseudonyms and its hash. */
  readonly keyId: string;
}

/** Stands for the rows up to a position, which retention has removed. */
export interface Checkpoint extends ChainHead {
  readonly at: number;
  readonly keyId: string;
  /** Nobody without the key makes one. */
  readonly signature: string;
}

/** The keys of the audit that come from one SECRET_KEY; kept, so that it verifies after that one is gone. */
export interface AuditKeys {
  readonly keyId: string;
  readonly chain: Uint8Array;
  readonly pseudonym: Uint8Array;
}

/** The whole audit as it stands at one moment. */
export interface AuditView {
  readonly checkpoint: Checkpoint | undefined;
  /** By key id. */
  readonly keys: ReadonlyMap<string, AuditKeys>;
  /** In the order of their positions. */
  readonly rows: (filter?: RowFilter) => AsyncIterable<AuditRow>;
}

/** Which rows; times are milliseconds since the epoch. */
export interface RowFilter {
  readonly from?: number | undefined;
  /** Not included. */
  readonly to?: number | undefined;
  /** Pseudonyms. */
  readonly persons?: readonly string[] | undefined;
}

/**
 * Keeps the audit for all instances. Nothing in it is ever changed, and rows go from its beginning alone.
 *
 * Promises: `append` adds all of the entries or none, at the end of the one chain that all instances write. Entries that
 * an earlier call has written, although it failed, are not written again.
 */
export interface AuditStore {
  /** @param entries of one instance, in the order of their numbers. Answers where the chain ends then. */
  append(entries: readonly AuditEntry[]): Promise<ChainHead>;
  /** Shows the audit as it stands, for as long as `use` takes. */
  view<T>(use: (view: AuditView) => Promise<T>): Promise<T>;
  /**
   * Removes the oldest rows, as far as they were written before the day (UTC) so many days ago; answers how many. Days are
   * counted by a clock that all instances share: neither the time of an event nor the clock of an instance has a say.
   */
  removeOlderThan(days: number): Promise<number>;
}
