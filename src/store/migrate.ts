import { type Kysely, type Migration, Migrator } from 'kysely';
import * as firstLogin from '../../migrations/0001-first-login.ts';
import * as deviceLinks from '../../migrations/0002-device-links.ts';
import * as knownBrowsers from '../../migrations/0003-known-browsers.ts';
import * as audit from '../../migrations/0006-audit.ts';
import * as limits from '../../migrations/0007-limits.ts';
import * as keys from '../../migrations/0008-keys.ts';
import * as auditWrittenAt from '../../migrations/0009-audit-written-at.ts';
import type { Logger } from '../log/logger.ts';
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

/** How far a database is, by the names of migrations, in order. */
export interface MigrationState {
  /** Those that have yet to run. */
  readonly pending: readonly string[];
  /** Those that a later release has run: there are none pending then. */
  readonly newer: readonly string[];
}

/**
 * Brings the database up to this release, or does nothing when it is, or when a later release has gone further: during
 * an update instances of this one still start. Instances that start together do this one after the other: Kysely's
 * migrator holds an advisory lock on PostgreSQL, and runs all that is pending in one transaction.
 *
 * @throws {StoreError} `migrations_differ`; whatever else the database throws
 */
export async function migrate(database: Database, log: Logger): Promise<void> {
  const { pending, newer } = await migrationState(database);
  if (newer.length > 0) {
    log.warn(
      { event: 'database_is_newer', migrations: newer },
      'the database belongs to a newer release of Sild, which this one may be one release behind',
    );
  }
  // The migrator refuses a database with migrations that it does not know.
  if (pending.length === 0) return;
  const provider = { getMigrations: () => Promise.resolve({ ...MIGRATIONS }) };
  const { error } = await database.runLong((db) => new Migrator({ db, provider }).migrateToLatest());
  if (error !== undefined) throw error as Error;
}

/** @throws {StoreError} `migrations_differ`; whatever else the database throws */
export async function migrationState(database: Database): Promise<MigrationState> {
  const applied = (await appliedMigrations(database.db)).sort();
  const ours = Object.keys(MIGRATIONS);
  const last = ours.at(-1) ?? '';
  const stranger = applied.find((name) => name <= last && !ours.includes(name));
  if (stranger !== undefined) {
    throw differ(`it has the migration "${stranger}", which is not known and comes before others that are`);
  }
  const pending = ours.filter((name) => !applied.includes(name));
  const [missing] = pending;
  if (missing !== undefined && missing < (applied.at(-1) ?? '')) {
    throw differ(`it lacks the migration "${missing}", and has later ones`);
  }
  const newer = applied.filter((name) => name > last);
  return { pending, newer };
}

function differ(how: string): StoreError {
  return new StoreError(
    'migrations_differ',
    `The database is not one that this release of Sild can go on with (${how}): start the release that it belongs to.`,
  );
}

async function appliedMigrations(db: Kysely<Tables>): Promise<string[]> {
  try {
    const rows = await db
      .withTables<{ kysely_migration: { name: string } }>()
      .selectFrom('kysely_migration')
      .select('name')
      .execute();
    return rows.map(({ name }) => name);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === UNDEFINED_TABLE) return [];
    throw error;
  }
}
