import { type Kysely, type Migration, sql, type Transaction } from 'kysely';
import * as firstLogin from '../../migrations/0001-first-login.ts';
import * as deviceLinks from '../../migrations/0002-device-links.ts';
import * as knownBrowsers from '../../migrations/0003-known-browsers.ts';
import * as audit from '../../migrations/0006-audit.ts';
import * as limits from '../../migrations/0007-limits.ts';
import * as keys from '../../migrations/0008-keys.ts';
import * as auditWrittenAt from '../../migrations/0009-audit-written-at.ts';
import * as auditOfPerson from '../../migrations/0010-audit-of-person.ts';
import * as figures from '../../migrations/0011-figures.ts';
import * as cleanUp from '../../migrations/0012-clean-up.ts';
import type { Logger } from '../log/logger.ts';
import type { Database, Tables } from './database.ts';
import { StoreError } from './errors.ts';

/**
 * In order, forward only. A released migration is never changed, and must work while the previous release still runs.
 */
const MIGRATIONS: Readonly<Record<string, Migration>> = {
  '0001-first-login': firstLogin,
  '0002-device-links': deviceLinks,
  '0003-known-browsers': knownBrowsers,
  '0006-audit': audit,
  '0007-limits': limits,
  '0008-keys': keys,
  '0009-audit-written-at': auditWrittenAt,
  '0010-audit-of-person': auditOfPerson,
  '0011-figures': figures,
  '0012-clean-up': cleanUp,
};

const UNDEFINED_TABLE = '42P01';
/** Advisory lock of the instance that runs migrations. */
const MIGRATION_LOCK = 3_853_314_791_062_309_107n;

/** Migration names, in order. */
export interface MigrationState {
  /** Migrations that have not run yet. */
  readonly pending: readonly string[];
  /** Migrations of a newer release that have run; `pending` is empty then. */
  readonly newer: readonly string[];
}

/**
 * Runs the pending migrations in one transaction. A database of a newer release is left as it is, so that instances of
 * this release can still start during an update. Concurrent starts wait for each other by an advisory lock.
 *
 * Kysely's migrator is not used: its lock belongs to a session, which a pooler in transaction mode does not keep, and it
 * takes a table of its name in any schema for its own.
 *
 * @throws {StoreError} `migrations_differ`; other errors of the database are passed on
 */
export async function migrate(database: Database, log: Logger): Promise<void> {
  const { pending, newer } = await migrationState(database.db);
  if (newer.length > 0) {
    log.warn(
      { event: 'database_is_newer', migrations: newer },
      'the database belongs to a newer release of Sild, which this one may be one release behind',
    );
  }
  if (pending.length === 0) return;
  await database.runLong((db) => db.transaction().execute(runPending));
}

async function runPending(transaction: Transaction<Tables>): Promise<void> {
  await sql`select set_config('lock_timeout', '0', true), pg_advisory_xact_lock(${MIGRATION_LOCK})`.execute(
    transaction,
  );
  const { rows } = await sql<{ exists: boolean }>`
    select to_regclass('kysely_migration') is not null as exists`.execute(transaction);
  if (!rows[0]?.exists) {
    await sql`
      create table kysely_migration (name varchar(255) primary key, timestamp varchar(255) not null)`.execute(
      transaction,
    );
  }
  // Another instance may have run them while this one waited for the lock.
  const { pending } = await migrationState(transaction);
  for (const name of pending) {
    await MIGRATIONS[name]?.up(transaction);
    await sql`
      insert into kysely_migration (name, timestamp) values (${name}, ${new Date().toISOString()})`.execute(
      transaction,
    );
  }
}

/** @throws {StoreError} `migrations_differ`; other errors of the database are passed on */
export async function migrationState(db: Kysely<Tables>): Promise<MigrationState> {
  const applied = (await appliedMigrations(db)).sort();
  const known = Object.keys(MIGRATIONS);
  const last = known.at(-1) ?? '';
  const unknown = applied.find((name) => name <= last && !known.includes(name));
  if (unknown !== undefined) {
    throw differ(`it has the migration "${unknown}", which is not known and comes before others that are`);
  }
  const pending = known.filter((name) => !applied.includes(name));
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
