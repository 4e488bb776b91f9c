/** The databases that Sild supports, for test suites that run on each of them. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Kysely, sql } from 'kysely';
import { PGliteDialect } from 'kysely-pglite-dialect';
import { createLogger, type Logger } from '../../src/log/logger.ts';
import { createSecrets, type Secrets } from '../../src/secrets/secrets.ts';
import type { Database, Tables } from '../../src/store/database.ts';
import { StoreError } from '../../src/store/errors.ts';
import { migrate } from '../../src/store/migrate.ts';
import { openStore, type Store, storeOf, type StoreOptions } from '../../src/store/store.ts';
import { storedPairwiseKey } from '../../src/store/tables/pairwise-key.ts';
import { openPglite } from '../../src/store/drivers/pglite.ts';
import type { SharedClock } from '../../src/store/drivers/shared-clock.ts';
import { copyMigratedDatabase } from './templates.ts';
import { installedPgBouncer, startPgBouncer } from './servers/pgbouncer.ts';
import { execute, startTestPostgres } from './servers/postgres.ts';

export interface TestStoreOptions {
  readonly secrets?: Secrets;
  /** The clock of the store, shared by all instances. By default each has its own. */
  readonly now?: () => number;
  readonly log?: Logger;
}

export interface TestDatabase {
  /** Opens a store on the database. Only a server can have several open at once. */
  open(options?: TestStoreOptions): Promise<Store>;
  /** Runs one statement without the store; with PGlite only while no store is open. */
  execute(statement: string): Promise<Record<string, unknown>[]>;
  stop(): Promise<void>;
}

export interface TestStores {
  readonly name: 'PGlite' | 'PostgreSQL' | 'PostgreSQL through PgBouncer';
  /** Why its tests cannot run here. */
  readonly skip?: string;
  /** Starts with a database that no store has been opened on: PGlite’s is migrated already, PostgreSQL’s has no tables. */
  readonly start: () => Promise<TestDatabase>;
}

/** Both databases: `for (const { name, start } of testStores()) describe(name, …)`. */
export function testStores(): readonly TestStores[] {
  return [
    { name: 'PGlite', start: startEmbedded },
    { name: 'PostgreSQL', start: startServer },
  ];
}

/**
 * Both, and PostgreSQL behind a pooler in transaction mode, which is skipped where PgBouncer is not installed.
 *
 * @param embedded how PGlite is opened: by `openStore`, in a thread of its own, or `here`, which is cheaper
 */
export function testStoresWithPooler(embedded: 'as served' | 'here'): readonly TestStores[] {
  const missing = installedPgBouncer() === undefined;
  return [
    { name: 'PGlite', start: embedded === 'here' ? startEmbedded : startEmbeddedAsServed },
    { name: 'PostgreSQL', start: startServer },
    {
      name: 'PostgreSQL through PgBouncer',
      start: startPooledServer,
      ...(missing && { skip: 'PgBouncer is not installed: apt-get install pgbouncer' }),
    },
  ];
}

/** A store on its own empty PGlite, for tests that do not depend on the database. */
export async function openTestStore(options?: TestStoreOptions): Promise<Store> {
  const database = await startEmbedded();
  const store = await database.open(options);
  return {
    ...store,
    async close() {
      await store.close();
      await database.stop();
    },
  };
}

/** One PGlite in this thread for all stores and statements: opening one takes longer than most tests. */
async function startEmbedded(): Promise<TestDatabase> {
  const dataDir = await temporaryDirectory();
  await copyMigratedDatabase(dataDir);
  const secrets = createSecrets(randomBytes(48).toString('base64url'));
  const pglite = await openPglite(join(dataDir, 'db'));
  const db = new Kysely<Tables>({ dialect: new PGliteDialect(pglite) });
  const database: Database = {
    db,
    runLong: (use) => use(db),
    tidy: () => Promise.resolve(),
    explain: (cause) => new StoreError('embedded_database_stopped', 'the database of a test', { cause }),
    close: () => Promise.resolve(),
  };
  return {
    async open(options) {
      const complete = completed(secrets, options);
      await migrate(database, complete.log);
      return storeOf(database, await storedPairwiseKey(db, complete.secrets, complete.now), complete);
    },
    async execute(statement) {
      const { rows } = await pglite.query<Record<string, unknown>>(statement);
      return rows;
    },
    async stop() {
      await db.destroy();
      await rm(dataDir, { recursive: true });
    },
  };
}

async function startEmbeddedAsServed(): Promise<TestDatabase> {
  const dataDir = await temporaryDirectory();
  await copyMigratedDatabase(dataDir);
  const secrets = createSecrets(randomBytes(48).toString('base64url'));
  return {
    open: (options) => openStore({ databaseUrl: undefined, dataDir, ...completed(secrets, options) }),
    async execute(statement) {
      const database = await openPglite(join(dataDir, 'db'));
      try {
        const { rows } = await database.query<Record<string, unknown>>(statement);
        return rows;
      } finally {
        await database.close();
      }
    },
    stop: () => rm(dataDir, { recursive: true }),
  };
}

async function startServer(): Promise<TestDatabase> {
  const server = await startTestPostgres();
  const secrets = createSecrets(randomBytes(48).toString('base64url'));
  return {
    open: (options) =>
      openStore({ databaseUrl: server.url, dataDir: '/nowhere', ...completed(secrets, options) }),
    execute: (statement) => execute(server.url, statement),
    stop: () => server.stop(),
  };
}

async function startPooledServer(): Promise<TestDatabase> {
  const server = await startTestPostgres();
  const pooler = await startPgBouncer(server.url);
  const secrets = createSecrets(randomBytes(48).toString('base64url'));
  const [databaseUrl, databasePooler] = [pooler.url, 'transaction'] as const;
  return {
    open: (options) =>
      openStore({ databaseUrl, databasePooler, dataDir: '/nowhere', ...completed(secrets, options) }),
    execute: (statement) => execute(server.url, statement),
    async stop() {
      await pooler.stop();
      await server.stop();
    },
  };
}

/** An empty directory in the system's temporary directory. */
export function temporaryDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'sild-test-'));
}

function completed(
  secrets: Secrets,
  options: TestStoreOptions = {},
): Omit<StoreOptions, 'databaseUrl' | 'databasePooler' | 'dataDir'> {
  const { now } = options;
  const defaults = { secrets, now: Date.now, log: createLogger({ level: 'silent' }) };
  return { ...defaults, ...options, ...(now && { sharedClock: clockOf(now) }) };
}

function clockOf(now: () => number): SharedClock {
  return (laterMs = 0) => sql`${new Date(now() + laterMs)}::timestamptz`;
}
