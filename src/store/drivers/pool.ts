import type { PostgresPool, PostgresPoolClient } from 'kysely';
import type { Pool, PoolClient } from 'pg';
import type { StoreError } from '../errors.ts';
import { outageOf, sqlStateOf } from './explanation.ts';

/** PostgreSQL refuses a write: the server is a standby, or was made read-only. */
const READ_ONLY = '25006';

/** A statement was prepared, and a migration has changed a table since then. */
const RESULT_CHANGED = '0A000';

export interface PoolOptions {
  /** Describes an error by which the database cannot be used for now. */
  readonly explain: (error: unknown) => StoreError;
  /** Called once for each set of connections that is discarded because the server takes no writes. */
  readonly onReadOnly: (error: Error) => void;
  /** Called for each connection that could not be had, also for want of a free one, with how long it was tried. */
  readonly onRefused: (seconds: number) => void;
  /** The name under which a statement is prepared; undefined for one that is not. */
  readonly nameOf: (statement: string) => string | undefined;
}

/**
 * The pool without the connections of a server that takes no more writes. After a fail-over they are still open and answer
 * reads, and would be used until the end of their lifetime. The first refused write discards all of them; new ones lead to
 * the new primary as soon as the address does.
 *
 * An error by which the database cannot be used for now is thrown as a {@link StoreError}, any other as it is.
 */
export function withoutReadOnlyConnections(
  pool: Pool,
  { explain, onReadOnly, onRefused, nameOf }: PoolOptions,
): PostgresPool {
  let generation = 0;
  const generations = new WeakMap<PoolClient, number>();
  const isCurrent = (client: PoolClient) => generations.get(client) === generation;
  pool.on('connect', (client) => {
    generations.set(client, generation);
  });
  return {
    async connect() {
      for (;;) {
        const client = await connect();
        if (isCurrent(client)) return guarded(client);
        client.release(true);
      }
    },
    end: () => pool.end(),
  };

  async function connect(): Promise<PoolClient> {
    const begun = performance.now();
    try {
      return await pool.connect();
    } catch (error) {
      onRefused((performance.now() - begun) / 1000);
      throw explain(error);
    }
  }

  function guarded(client: PoolClient): PostgresPoolClient {
    const query = async (text: string, parameters: readonly unknown[]) => {
      const [name, values] = [nameOf(text), [...parameters]];
      try {
        return await client.query({ name, text, values }).catch((error: unknown) => {
          if (name === undefined || sqlStateOf(error) !== RESULT_CHANGED) throw error;
          // Nothing was done. New connections prepare the statement again; in a transaction, which has failed, this one is refused.
          generation += 1;
          return client.query(text, values);
        });
      } catch (error) {
        if (isReadOnly(error) && isCurrent(client)) {
          generation += 1;
          onReadOnly(error);
        }
        throw outageOf(error) ? explain(error) : error;
      }
    };
    return {
      // The other signature is for cursors, which Sild does not use.
      query: query as unknown as PostgresPoolClient['query'],
      release: () => {
        client.release(!isCurrent(client));
      },
    };
  }
}

function isReadOnly(error: unknown): error is Error {
  return sqlStateOf(error) === READ_ONLY;
}
