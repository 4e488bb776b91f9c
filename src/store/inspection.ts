import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'kysely';
import { SealError, type Secrets } from '../secrets/secrets.ts';
import type { Database } from './database.ts';
import { StoreError } from './errors.ts';
import { migrationState } from './migrate.ts';
import { contextOf } from './encryption/sealed-tables.ts';
import { openDatabase, type StoreOptions } from './store.ts';
import { type MigrationObstacle, migrationObstacles, tryWrites } from './writes.ts';

const FIRST_MIGRATION = '0001-first-login';
/** The migration that creates the `kept_secret` table. */
const KEPT_SECRETS = '0008-keys';

/** State of a database that has not been migrated or written. */
export type DatabaseInspection =
  /** The embedded database does not exist yet. */
  | { readonly kind: 'absent' }
  | {
      readonly kind: 'there';
      /** PostgreSQL version, e.g. `18.1`. */
      readonly version: string;
      /** Names of the migrations that the next start runs. */
      readonly pending: readonly string[];
      /** Names of the migrations that a newer release has run. */
      readonly newer: readonly string[];
      /** Whether the server cancels statements that take too long; always false for the embedded database. */
      readonly limitsStatements: boolean;
      /** Why the pending migrations would be refused. */
      readonly obstacles: readonly MigrationObstacle[];
      /** Why a write of a login would be refused; undefined when none would be, or migrations are pending. */
      readonly refusal: StoreError | undefined;
      /** Whether SECRET_KEY decrypts the sealed rows; undefined when there is no key or no row. */
      readonly opens: boolean | undefined;
    };

/**
 * Inspects the database without changing it.
 *
 * @param secrets undefined when there is no SECRET_KEY to try
 * @throws {StoreError} as `openStore` would
 */
export async function inspectDatabase(
  options: Pick<StoreOptions, 'databaseUrl' | 'databasePooler' | 'dataDir' | 'log'>,
  secrets: Pick<Secrets, 'open'> | undefined,
): Promise<DatabaseInspection> {
  if (options.databaseUrl === undefined && !existsSync(join(options.dataDir, 'db')))
    return { kind: 'absent' };
  const database = await openDatabase(options);
  try {
    const { rows } = await sql<{ version: string; limit: string }>`
      select current_setting('server_version') as version, current_setting('statement_timeout') as limit`.execute(
      database.db,
    );
    const { pending, newer } = await migrationState(database.db);
    return {
      kind: 'there',
      version: rows[0]?.version ?? 'unknown',
      limitsStatements: rows[0]?.limit !== '0',
      pending,
      newer,
      obstacles: pending.length > 0 ? await migrationObstacles(database.db) : [],
      refusal: pending.length > 0 ? undefined : await refusalOf(database),
      // Before the first migration there are no sealed rows.
      opens:
        secrets && !pending.includes(FIRST_MIGRATION) ? await opens(database, secrets, pending) : undefined,
    };
  } catch (error) {
    throw error instanceof StoreError ? error : await database.explain(error);
  } finally {
    await database.close();
  }
}

async function refusalOf(database: Database): Promise<StoreError | undefined> {
  try {
    await tryWrites(database.db);
    return undefined;
  } catch (error) {
    return database.explain(error);
  }
}

/** Decrypts the rows that a start decrypts: stored secrets, then signing keys. */
async function opens(
  { db }: Database,
  secrets: Pick<Secrets, 'open'>,
  pending: readonly string[],
): Promise<boolean | undefined> {
  const kept = pending.includes(KEPT_SECRETS)
    ? []
    : await db.selectFrom('kept_secret').select(['name', 'sealed']).execute();
  const keys = await db.selectFrom('signing_key').select(['kid', 'sealed']).execute();
  if (kept.length + keys.length === 0) return undefined;
  try {
    for (const row of kept) secrets.open(row.sealed, contextOf('kept_secret', row));
    for (const row of keys) secrets.open(row.sealed, contextOf('signing_key', row));
    return true;
  } catch (error) {
    if (error instanceof SealError) return false;
    throw error;
  }
}
