/** The databases that Sild supports, for test suites that run on each of them. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { createLogger, type Logger } from '../../src/log/logger.ts';
import { createSecrets, type Secrets } from '../../src/secrets/secrets.ts';
import { openStore, type Store, type StoreOptions } from '../../src/store/store.ts';
import { openPglite } from '../../src/store/drivers/embedded.ts';
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

/** Both, and PostgreSQL behind a pooler in transaction mode, which is skipped where PgBouncer is not installed. */
export function testStoresWithPooler(): readonly TestStores[] {
  const missing = installedPgBouncer() === undefined;
  return [
    ...testStores(),
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

async function startEmbedded(): Promise<TestDatabase> {
  const dataDir = await temporaryDirectory();
  await copyMigratedDatabase(dataDir);
  const secrets = createSecrets(randomBytes(48).toString('base64url'));
  return {
    open: (options) => openStore({ databaseUrl: undefined, dataDir, ...complete(secrets, options) }),
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
      openStore({ databaseUrl: server.url, dataDir: '/nowhere', ...complete(secrets, options) }),
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
      openStore({ databaseUrl, databasePooler, dataDir: '/nowhere', ...complete(secrets, options) }),
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

function complete(
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
