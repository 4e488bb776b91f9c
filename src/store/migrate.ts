import { type Kysely, type Migration, Migrator } from 'kysely';
import * as firstLogin from '../../migrations/0001-first-login.ts';
import * as deviceLinks from '../../migrations/0002-device-links.ts';
import * as knownBrowsers from '../../migrations/0003-known-browsers.ts';
import * as audit from '../../migrations/0006-audit.ts';
import * as limits from '../../migrations/0007-limits.ts';
import * as keys from '../../migrations/0008-keys.ts';
import * as auditWrittenAt from '../../migrations/0009-audit-written-at.ts';
import type { Database, Tables } from './database.ts';
import { StoreError } from './errors.ts';

/** In order. Forward only: what a release has shipped is never changed, and works while the release before still runs. */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first-login': firstLogin,
  '0002-device-links': deviceLinks,
  '0003-known-browsers': knownBrowsers,
  '0006-audit': audit,
  '0007-limits': limits,
  '0008-keys': keys,
  '0009-audit-written-at': auditWrittenAt,
};

const UNDEFINED_TABLE = '42P01';

/**
 * Brings the database up to this release, or does nothing when it is. Instances that start together do this one after
 * the other: Kysely's migrator holds an advisory lock on PostgreSQL, and runs all that is pending in one transaction.
 *
 * @throws {StoreError} `database_newer`; whatever else the database throws
 */
export async function migrate(database: Database): Promise<void> {
  if ((await pendingMigrations(database)).length === 0) return;
  const provider = { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) };
  const { error } = await database.runLong((db) => new Migrator({ db, provider }).migrateToLatest());
  if (error !== undefined) throw error as Error;
}

/**
 * The names of the migrations that have yet to run, in order.
 *
 * @throws {StoreError} `database_newer`; whatever else the database throws
 */
export async function pendingMigrations(database: Database): Promise<string[]> {
  const applied = await appliedMigrations(database.db);
  const unknown = applied.find((name) => !(name in MIGRATIONS));
  if (unknown !== undefined) {
    throw new StoreError(
      'database_newer',
      `The database belongs to a newer release of Sild (it has the migration "${unknown}"): start that release.`,
    );
  }
  return Object.keys(MIGRATIONS).filter((name) => !applied.includes(name));
}

async function appliedMigrations(db: Kysely<Tables>): Promise<string[]> {
  try {
    const rows = await db
      .withTables<{ kysely_migration: { name: string } }>()
      .selectFrom('kysely_migration')
      .select('name')
      .orderBy('name')
      .execute();
    return rows.map(({ name }) => name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === UNDEFINED_TABLE) return [];
    throw error;
  }
}
