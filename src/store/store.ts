/**
 * All of Sild's state, in PostgreSQL or in the embedded PGlite. Implements the store interfaces of `login/`, `oidc/` and
 * `audit/`.
 *
 * openStore: database (postgres.ts or embedded.ts) → migrate.ts → one file per table. One SQL dialect, one set of migrations.
 *
 * Encryption at rest: personal data and credentials (codes, tokens, private keys) are sealed with a key derived from
 * SECRET_KEY and bound to their row. Rows are looked up by the SHA-256 of their identifier, because the identifier of an
 * opaque token is the token itself. A reader of the database or of a backup can neither redeem a token nor read a person.
 * All models of oidc-provider are hashed and sealed, so there is no list of secret models that could be incomplete.
 */
import type { AuditFigures } from '../audit/figures.ts';
import type { AttemptStore } from '../login/attempt-store.ts';
import type { KnownBrowserStore } from '../login/known-browser-store.ts';
import type { LimitStore } from '../login/limits/limit-store.ts';
import type { Logger } from '../log/logger.ts';
import { INTERACTION_SECONDS } from '../oidc/lifetimes.ts';
import type { LoginResultStore, SigningKeyStore } from '../oidc/stores.ts';
import { SealError, type Secrets } from '../secrets/secrets.ts';
import { createAttemptStore } from './tables/attempts.ts';
import { createAuditFigures } from './tables/audit/figures.ts';
import { type AuditTable, createAuditStore } from './tables/audit/events.ts';
import type { Database, DatabaseConnections, ObserveStatement } from './database.ts';
import { createInstanceStore } from './tables/instances.ts';
import type { InstanceStore } from '../ops/instance-store.ts';
import { createKnownBrowserStore, removeExpiredKnownBrowsers } from './tables/known-browsers.ts';
import { createLeaseStore, type LeaseStore } from './tables/leases.ts';
import { createLimitStore, removeExpiredLimits } from './tables/limits.ts';
import { createLoginAhead } from './tables/login-ahead.ts';
import { createLoginResultStore, removeExpiredLoginResults } from './tables/login-results.ts';
import { migrate } from './migrate.ts';
import { storedPairwiseKey } from './tables/pairwise-key.ts';
import { createRecordStore, type RecordTable } from './tables/records.ts';
import { countSealed, reencrypt, type ReencryptedTable } from './encryption/reencrypt.ts';
import { databaseClock, type SharedClock } from './drivers/shared-clock.ts';
import { createSigningKeyStore } from './tables/signing-keys.ts';
import type { Pooler } from './drivers/session.ts';
import { isOutage, StoreError } from './errors.ts';
import { createPace } from './clean-up/pace.ts';
import { tryWrites } from './writes.ts';

/** Retention of an attempt, in milliseconds: longer than the lifetime of an authorization request. */
export const ATTEMPT_KEPT_MS = 3_600_000;

/** Retention of a verified answer that no interaction has: by then its authorization request has expired. */
const ANSWER_KEPT_MS = INTERACTION_SECONDS * 1000;

export interface StoreOptions {
  /** PostgreSQL; undefined: PGlite in `dataDir`. */
  readonly databaseUrl: string | undefined;
  /** What is between Sild and PostgreSQL: nothing by default. */
  readonly databasePooler?: Pooler;
  readonly dataDir: string;
  readonly secrets: Secrets;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The database's clock by default. */
  readonly sharedClock?: SharedClock;
  readonly log: Logger;
  /** Called after each statement. Default: not called. */
  readonly observe?: ObserveStatement | undefined;
}

export interface Store {
  readonly attempts: AttemptStore;
  readonly records: RecordTable;
  readonly loginResults: LoginResultStore;
  readonly signingKeys: SigningKeyStore;
  readonly knownBrowsers: KnownBrowserStore;
  readonly audit: AuditTable;
  readonly figures: AuditFigures;
  readonly instances: InstanceStore;
  readonly limits: LimitStore;
  /** Runs `read`; in it, an interaction and its newest attempt are read for the first time by one statement. */
  lookUpLogin<T>(interactionUid: string, read: () => Promise<T>): Promise<T>;
  /** The key of pairwise subjects; it never changes for a database. */
  readonly pairwiseKey: Buffer;
  /** Number of rows sealed with each value of SECRET_KEY, by key ID. */
  sealedRows(): Promise<Readonly<Record<string, number>>>;
  /** Re-encrypts every row that is not sealed with the first SECRET_KEY. Instances may run meanwhile. */
  reencrypt(): Promise<readonly ReencryptedTable[]>;
  /** The connections to a server, now. Undefined for the embedded database. */
  readonly connections?: () => DatabaseConnections;
  /** Resolves when every write of a login would be accepted; writes nothing. */
  ping(): Promise<void>;
  readonly leases: LeaseStore;
  /**
   * Removes expired rows, in batches with pauses between them; returns their numbers. To be called every minute or so, by the instance
   * that holds the lease; several at once remove each row once.
   *
   * @throws the first error, after all tables; an outage ends it at once
   */
  removeExpired(options: CleanUpOptions): Promise<RemovedRows>;
  /** Waits for running statements and closes the database. */
  close(): Promise<void>;
}

export interface CleanUpOptions {
  readonly auditDays: number;
  /** Ends it between two batches. The rest is removed the next time. */
  readonly signal?: AbortSignal;
}

export interface RemovedRows {
  readonly attempts: number;
  readonly records: number;
  readonly loginResults: number;
  readonly knownBrowsers: number;
  readonly limits: number;
  readonly auditEvents: number;
  readonly instances: number;
}

/**
 * Opens the database and runs pending migrations. Any number of instances may call this at the same time. With a wrong
 * SECRET_KEY nothing is sealed: every instance must be able to decrypt the rows of all others.
 *
 * @throws {StoreError} with one sentence for the operator
 * @throws {SealError} when the database was sealed with another SECRET_KEY
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { secrets, now, log } = options;
  const database = await openDatabase(options);
  try {
    await migrate(database, log);
    return storeOf(database, await storedPairwiseKey(database.db, secrets, now), options);
  } catch (error) {
    await database.close();
    throw error instanceof StoreError || error instanceof SealError ? error : await database.explain(error);
  }
}

/** The store on an open, migrated database. */
export function storeOf(
  database: Database,
  pairwiseKey: Buffer,
  { secrets, now, sharedClock = databaseClock }: Pick<StoreOptions, 'secrets' | 'now' | 'sharedClock'>,
): Store {
  const { db } = database;
  const ahead = createLoginAhead(db, now);
  const attempts = createAttemptStore(db, secrets, sharedClock, ahead);
  const records = createRecordStore(db, secrets, now, ahead);
  const audit = createAuditStore(database, secrets, now, sharedClock);
  const instances = createInstanceStore(db, sharedClock);
  return {
    attempts,
    records,
    loginResults: createLoginResultStore(db, secrets, now),
    signingKeys: createSigningKeyStore(db, secrets, now),
    knownBrowsers: createKnownBrowserStore(db, secrets, now),
    audit,
    figures: createAuditFigures(database),
    instances,
    lookUpLogin: (interactionUid, read) => ahead.run(interactionUid, read),
    limits: createLimitStore(db, secrets, now, sharedClock),
    leases: createLeaseStore(db, sharedClock),
    pairwiseKey,
    sealedRows: () => database.runLong(countSealed),
    reencrypt: () => database.runLong((connection) => reencrypt(connection, secrets)),
    ...(database.connections && { connections: database.connections }),
    ping: () => tryWrites(db),
    async removeExpired({ auditDays, signal }) {
      const pace = createPace({ signal });
      const removed = await removeFromEach({
        attempts: async () =>
          (await attempts.removeCreatedBefore(now() - ATTEMPT_KEPT_MS, undefined, pace)) +
          (await attempts.removeCreatedBefore(now() - ANSWER_KEPT_MS, 'authenticated', pace)),
        records: () => records.removeExpired(pace),
        loginResults: () => removeExpiredLoginResults(db, now, pace),
        knownBrowsers: () => removeExpiredKnownBrowsers(db, now, pace),
        limits: () => removeExpiredLimits(db, sharedClock, pace),
        auditEvents: () => audit.removeOlderThan(auditDays, pace),
        instances: () => instances.removeGone(pace),
      });
      await database.tidy();
      return removed;
    },
    close: () => database.close(),
  };
}

/** Removes rows from each table, even if another table fails. @throws the first error; an outage ends it at once */
async function removeFromEach(
  steps: Readonly<Record<keyof RemovedRows, () => Promise<number>>>,
): Promise<RemovedRows> {
  const errors: unknown[] = [];
  const removed: [string, number][] = [];
  for (const [name, remove] of Object.entries(steps)) {
    try {
      removed.push([name, await remove()]);
    } catch (error) {
      if (isOutage(error)) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw errors[0];
  return Object.fromEntries(removed) as unknown as RemovedRows;
}

/** Imports only the driver that is used: PGlite alone is 16 MB of WebAssembly. */
export async function openDatabase({
  databaseUrl,
  databasePooler = 'none',
  dataDir,
  log,
  observe,
}: Pick<StoreOptions, 'databaseUrl' | 'databasePooler' | 'dataDir' | 'log' | 'observe'>): Promise<Database> {
  if (databaseUrl === undefined) {
    const { openEmbedded } = await import('./drivers/embedded.ts');
    return openEmbedded(dataDir, { observe });
  }
  const { openPostgres } = await import('./drivers/postgres.ts');
  return openPostgres(databaseUrl, databasePooler, log, observe);
}
