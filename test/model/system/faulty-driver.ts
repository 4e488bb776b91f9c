/** One PGlite for several instances, each of which can lose it at a chosen statement. */
import type { PGlite } from '@electric-sql/pglite';
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Driver,
  Kysely,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import { PGliteDialect } from 'kysely-pglite-dialect';
import type { Database, Tables } from '../../../src/store/database.ts';
import { StoreError } from '../../../src/store/errors.ts';

/** Called around each statement, `commit` among them. What it throws is what the caller of the statement gets. */
export interface Faults {
  before(): void;
  after(): void;
}

/** The instance was killed: nothing that it still does has an effect. No outage, so that nothing is tried again. */
export class KilledError extends Error {}

export function outage(): StoreError {
  return new StoreError('database_unreachable', 'the database is away');
}

/** Opens the database for instances. @returns a function that makes the database of one instance */
export function sharedDatabase(pglite: PGlite): (faults: Faults) => Database {
  const dialect = new PGliteDialect(pglite);
  // The driver hands out the one connection of PGlite in turn.
  const driver = dialect.createDriver();
  return (faults) => {
    const db = new Kysely<Tables>({
      dialect: {
        createAdapter: () => dialect.createAdapter(),
        createIntrospector: (instance) => dialect.createIntrospector(instance),
        createQueryCompiler: () => dialect.createQueryCompiler(),
        createDriver: () => new FaultyDriver(driver, faults),
      },
    });
    return {
      db,
      runLong: (use) => use(db),
      tidy: () => Promise.resolve(),
      explain: outage,
      close: () => Promise.resolve(),
    };
  };
}

class FaultyDriver implements Driver {
  readonly #driver: Driver;
  readonly #faults: Faults;

  constructor(driver: Driver, faults: Faults) {
    this.#driver = driver;
    this.#faults = faults;
  }

  init(): Promise<void> {
    return this.#driver.init();
  }

  async acquireConnection(): Promise<FaultyConnection> {
    return new FaultyConnection(await this.#driver.acquireConnection(), this.#faults);
  }

  beginTransaction(connection: FaultyConnection, settings: TransactionSettings): Promise<void> {
    return this.#driver.beginTransaction(connection.inner, settings);
  }

  async commitTransaction(connection: FaultyConnection): Promise<void> {
    this.#faults.before();
    await this.#driver.commitTransaction(connection.inner);
    this.#faults.after();
  }

  rollbackTransaction(connection: FaultyConnection): Promise<void> {
    return this.#driver.rollbackTransaction(connection.inner);
  }

  releaseConnection(connection: FaultyConnection): Promise<void> {
    return this.#driver.releaseConnection(connection.inner);
  }

  destroy(): Promise<void> {
    return Promise.resolve();
  }
}

class FaultyConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection;
  readonly #faults: Faults;

  constructor(inner: DatabaseConnection, faults: Faults) {
    this.inner = inner;
    this.#faults = faults;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    this.#faults.before();
    const result = await this.inner.executeQuery<R>(query);
    this.#faults.after();
    return result;
  }

  streamQuery(): never {
    throw new Error('results are not streamed');
  }
}
