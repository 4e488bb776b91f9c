/**
 * The session state of connections to PostgreSQL. All of it is here, since a pooler in transaction mode (PgBouncer) gives each
 * transaction another session of the server:
 *
 *   time limit            a start-up parameter; through such a pooler, each transaction sets it for itself
 *   prepared statements   named, so that the server parses and plans each once a connection; through such a pooler none: the
 *                         driver's unnamed ones end with their statement
 *   locks                 only those that end with their transaction (`pg_advisory_xact_lock`)
 *   LISTEN, temporary tables, `set` without `local`   none
 *
 * `application_name` and the encoding are start-up parameters too, which PgBouncer keeps for each client.
 */
import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  PostgresDialect,
  type PostgresPool,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';

/** What is between Sild and PostgreSQL. `transaction`: a pooler in transaction mode. */
export type Pooler = 'none' | 'transaction';

export interface Session {
  readonly pooler: Pooler;
  /** A statement that takes longer is cancelled by the server, in milliseconds. */
  readonly statementMs: number;
}

/** The start-up parameters. PgBouncer refuses a connection with one that it does not know. */
export function startupParameters({ pooler, statementMs }: Session): { readonly statement_timeout?: number } {
  switch (pooler) {
    case 'none':
      return { statement_timeout: statementMs };
    case 'transaction':
      return {};
  }
}

/** Whether statements can be prepared once for a connection. */
export function keepsStatements({ pooler }: Session): boolean {
  return pooler === 'none';
}

export function sessionDialect(pool: PostgresPool, { pooler, statementMs }: Session): Dialect {
  const dialect = new PostgresDialect({ pool });
  return {
    createAdapter: () => dialect.createAdapter(),
    createIntrospector: (db) => dialect.createIntrospector(db),
    createQueryCompiler: () => dialect.createQueryCompiler(),
    createDriver() {
      const driver = dialect.createDriver();
      switch (pooler) {
        case 'none':
          return driver;
        case 'transaction':
          return new TransactionDriver(driver, statementMs);
      }
    },
  };
}

/** Runs each statement in a transaction that sets its own time limit. Costs two more round trips for a single statement. */
class TransactionDriver implements Driver {
  readonly #driver: Driver;
  readonly #setLimit: string;

  constructor(driver: Driver, statementMs: number) {
    this.#driver = driver;
    this.#setLimit = `set local statement_timeout = ${statementMs}`;
  }

  init(): Promise<void> {
    return this.#driver.init();
  }

  async acquireConnection(): Promise<TransactionConnection> {
    return new TransactionConnection(await this.#driver.acquireConnection(), this.#setLimit);
  }

  async beginTransaction(connection: TransactionConnection, settings: TransactionSettings): Promise<void> {
    connection.inTransaction = true;
    await this.#driver.beginTransaction(connection.inner, settings);
    await connection.inner.executeQuery(CompiledQuery.raw(this.#setLimit));
  }

  async commitTransaction(connection: TransactionConnection): Promise<void> {
    connection.inTransaction = false;
    await this.#driver.commitTransaction(connection.inner);
  }

  async rollbackTransaction(connection: TransactionConnection): Promise<void> {
    connection.inTransaction = false;
    await this.#driver.rollbackTransaction(connection.inner);
  }

  releaseConnection(connection: TransactionConnection): Promise<void> {
    return this.#driver.releaseConnection(connection.inner);
  }

  destroy(): Promise<void> {
    return this.#driver.destroy();
  }
}

class TransactionConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection;
  inTransaction = false;
  readonly #begin: CompiledQuery;

  constructor(inner: DatabaseConnection, setLimit: string) {
    this.inner = inner;
    this.#begin = CompiledQuery.raw(`begin; ${setLimit}`);
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.inTransaction) return this.inner.executeQuery<R>(query);
    try {
      await this.inner.executeQuery(this.#begin);
      const result = await this.inner.executeQuery<R>(query);
      await this.inner.executeQuery(CompiledQuery.raw('commit'));
      return result;
    } catch (error) {
      // The first error is the one to report: on a lost connection the rollback fails too.
      await this.inner.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined);
      throw error;
    }
  }

  streamQuery(): never {
    throw new Error('results are not streamed');
  }
}
