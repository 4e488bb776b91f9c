/**
 * All of Sild's state, in PostgreSQL or in the embedded PGlite: it implements what `login/` and `oidc/` declare.
 *
 * openStore: database (postgres.ts or embedded.ts) → migrate.ts → one file a table. One dialect, one set of migrations.
 *
 * At rest: whatever a row says of a person, and whatever lets its holder act (a code, a token, a private key), is sealed
 * with a key of SECRET_KEY and bound to its row. Rows are found by the SHA-256 of their identifier, since the identifier
 * of an opaque token is the token: who reads the database, or a backup of it, can neither redeem nor learn anything.
 * Hash and seal hold for every model of oidc-provider alike, so that no list of "secret" models can be out of date.
 */
import type { AuditStore } from '../audit/audit-store.ts';
import type { AttemptStore } from '../login/attempt-store.ts';
import type { KnownBrowserStore } from '../login/known-browser-store.ts';
import type { LimitStore } from '../login/limit-store.ts';
import type { Logger } from '../log/logger.ts';
import { INTERACTION_SECONDS } from '../oidc/lifetimes.ts';
import type { LoginResultStore, RecordStore, SigningKeyStore } from '../oidc/stores.ts';
import { SealError, type Secrets } from '../secrets/secrets.ts';
import { sql } from 'kysely';
import { createAttemptStore } from './tables/attempts.ts';
import { createAuditStore } from './tables/audit-events.ts';
import type { Database } from './database.ts';
import { createKnownBrowserStore, removeExpiredKnownBrowsers } from './tables/known-browsers.ts';
import { createLimitStore, removeExpiredLimits } from './tables/limits.ts';
import { createLoginResultStore, removeExpiredLoginResults } from './tables/login-results.ts';
import { migrate } from './migrate.ts';
import { keptPairwiseKey } from './tables/pairwise-key.ts';
import { createRecordStore } from './tables/records.ts';
import { countSealed, reencrypt, type ReencryptedTable } from './encryption/reencrypt.ts';
import { databaseClock, type SharedClock } from './drivers/shared-clock.ts';
import { createSigningKeyStore } from './tables/signing-keys.ts';
import { StoreError } from './errors.ts';

/** How long an attempt is kept, in milliseconds: longer than an authorization request waits for its person. */
export const ATTEMPT_KEPT_MS = 3_600_000;

/**
 * How long an answer is kept whose browser never came for it: by then its authorization request is over, and nothing could
 * come of it.
 */
const ANSWER_KEPT_MS = INTERACTION_SECONDS * 1000;

export interface StoreOptions {
  /** PostgreSQL; undefined: PGlite in `dataDir`. */
  readonly databaseUrl: string | undefined;
  readonly dataDir: string;
  readonly secrets: Secrets;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** The database's clock by default. */
  readonly sharedClock?: SharedClock;
  readonly log: Logger;
}

export interface Store {
  readonly attempts: AttemptStore;
  readonly records: RecordStore;
  readonly loginResults: LoginResultStore;
  readonly signingKeys: SigningKeyStore;
  readonly knownBrowsers: KnownBrowserStore;
  readonly audit: AuditStore;
  readonly limits: LimitStore;
  /** The key of pairwise subjects, the same as long as the database lives. */
  readonly pairwiseKey: Buffer;
  /** How many rows each value of SECRET_KEY seals, by its id. */
  sealedRows(): Promise<Readonly<Record<string, number>>>;
  /** Seals every row anew that is not sealed with the first SECRET_KEY. Instances may run meanwhile. */
  reencrypt(): Promise<readonly ReencryptedTable[]>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** Removes what is over: to be called every few minutes, by any number of instances. Answers how many rows. */
  removeExpired(keep: { readonly auditDays: number }): Promise<RemovedRows>;
  /** Lets running statements finish and gives the database back. */
  close(): Promise<void>;
}

export interface RemovedRows {
  readonly attempts: number;
  readonly records: number;
  readonly loginResults: number;
  readonly knownBrowsers: number;
  readonly limits: number;
  readonly auditEvents: number;
}

/**
 * Opens the database and brings it up to this release, unless a later one has gone further. Any number of instances may do
 * so at the same time. With another SECRET_KEY than that of the database nothing is written: what one instance seals, all
 * others have to open.
 *
 * @throws {StoreError} with one sentence for the operator
 * @throws {SealError} where the database is not of this SECRET_KEY
 */
export async function openStore(options: StoreOptions): Promise<Store> {
  const { secrets, now, log, sharedClock = databaseClock } = options;
  const database = await openDatabase(options);
  let pairwiseKey: Buffer;
  try {
    await migrate(database, log);
    pairwiseKey = await keptPairwiseKey(database.db, secrets, now);
  } catch (error) {
    await database.close();
    throw error instanceof StoreError || error instanceof SealError ? error : database.explain(error);
  }

  const { db } = database;
  const attempts = createAttemptStore(db, secrets);
  const records = createRecordStore(db, secrets, now);
  const audit = createAuditStore(database, secrets, now, sharedClock);
  return {
    attempts,
    records,
    loginResults: createLoginResultStore(db, secrets, now),
    signingKeys: createSigningKeyStore(db, secrets, now),
    knownBrowsers: createKnownBrowserStore(db, secrets, now),
    audit,
    limits: createLimitStore(db, secrets, now, sharedClock),
    pairwiseKey,
    sealedRows: () => database.runLong(countSealed),
    reencrypt: () => database.runLong((patient) => reencrypt(patient, secrets)),
    async ping() {
      await sql`select 1`.execute(db);
    },
    async removeExpired({ auditDays }) {
      const removed = {
        attempts:
          (await attempts.removeCreatedBefore(now() - ATTEMPT_KEPT_MS)) +
          (await attempts.removeCreatedBefore(now() - ANSWER_KEPT_MS, 'authenticated')),
        records: await records.removeExpired(),
        loginResults: await removeExpiredLoginResults(db, now),
        knownBrowsers: await removeExpiredKnownBrowsers(db, now),
        limits: await removeExpiredLimits(db, sharedClock),
        auditEvents: await audit.removeOlderThan(auditDays),
      };
      await database.tidy();
      return removed;
    },
    close: () => database.close(),
  };
}

/** Loads only the database that is used: PGlite alone is 16 MB of WebAssembly. */
export async function openDatabase({
  databaseUrl,
  dataDir,
  log,
}: Pick<StoreOptions, 'databaseUrl' | 'dataDir' | 'log'>): Promise<Database> {
  if (databaseUrl === undefined) {
    const { openEmbedded } = await import('./drivers/embedded.ts');
    return openEmbedded(dataDir);
  }
  const { openPostgres } = await import('./drivers/postgres.ts');
  return openPostgres(databaseUrl, log);
}
