import { Socket } from 'node:net';
import { Kysely } from 'kysely';
import pg from 'pg';
import { parseIntoClientConfig } from 'pg-connection-string';
import type { Logger } from '../../log/logger.ts';
import { type Database, type ObserveStatement, statementLog, type Tables } from '../database.ts';
import { explain, type Location } from './explanation.ts';
import { withoutReadOnlyConnections } from './pool.ts';
import { createStatementNames } from './prepared-statements.ts';
import { keepsStatements, type Pooler, sessionDialect, startupParameters } from './session.ts';

const CONNECTIONS = 10;
const CONNECT_MS = 5_000;
/** Each statement touches a few rows through an index; one that takes longer is stuck. */
const STATEMENT_MS = 10_000;
/** For statements that change a large table, or wait for an instance that changes it. */
const LONG_STATEMENT_MS = 24 * 3_600_000;
/**
 * A connection without any traffic for this long is closed: the server disappeared without closing it (failover, or a
 * firewall dropped its state). Slow statements and unused connections end earlier, by their own limits.
 */
const SILENCE_MS = 15_000;
/** For long statements, TCP keep-alive probes start after this time. */
const PROBE_MS = 10_000;
/** An unused connection is closed after this. */
const UNUSED_MS = 10_000;
/** A connection is replaced after this, so that all move to the new primary even while the old one still answers. */
const LIFETIME_SECONDS = 300;

/** Connects on first use. */
export function openPostgres(
  databaseUrl: string,
  pooler: Pooler,
  log: Logger,
  observe?: ObserveStatement,
): Database {
  const server = serverOf(databaseUrl);
  const location = locationOf(server);
  const sockets = new Set<Socket>();
  const { db, pool } = connect(STATEMENT_MS, {
    max: CONNECTIONS,
    idleTimeoutMillis: UNUSED_MS,
    maxLifetimeSeconds: LIFETIME_SECONDS,
    stream: openSocketWithTimeout,
  });
  return {
    db,
    async runLong(use) {
      const { db: withoutTimeout } = connect(LONG_STATEMENT_MS, { max: 1, stream: openSocket });
      try {
        return await use(withoutTimeout);
      } finally {
        await withoutTimeout.destroy();
      }
    },
    // PostgreSQL runs autovacuum and the checkpointer itself.
    tidy: () => Promise.resolve(),
    explain: (cause) => explain(cause, location),
    connections: () => ({
      inUse: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
    }),
    async close() {
      await db.destroy();
      // The driver does not close connections that failed before authentication (e.g. no password); they would keep the
      // process alive until the server times out.
      for (const socket of sockets) socket.destroy();
    },
  };

  function connect(statementMs: number, config: pg.PoolConfig): { db: Kysely<Tables>; pool: pg.Pool } {
    const session = { pooler, statementMs };
    const pool = new pg.Pool({
      ...server,
      ...config,
      ...startupParameters(session),
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: PROBE_MS,
    });
    // The server closed an idle connection (restart, failover). Without a listener, this event ends the process.
    pool.on('error', (err) => {
      log.warn({ event: 'database_connection_lost', err }, 'a database connection was lost');
    });
    // The connection ended between two statements of a transaction; the next statement reports the failure.
    pool.on('connect', (client) => client.on('error', () => undefined));
    const writable = withoutReadOnlyConnections(pool, {
      explain: (error) => explain(error, location),
      onReadOnly: (err) => {
        log.error(
          { event: 'database_read_only', err },
          'the database takes no writes: its connections are closed, and new ones look for the primary',
        );
      },
      onRefused: (seconds) => observe?.({ outcome: 'failed', seconds }),
      nameOf: keepsStatements(session) ? createStatementNames() : () => undefined,
    });
    const dialect = sessionDialect(writable, session);
    return { db: new Kysely<Tables>({ dialect, ...statementLog(observe) }), pool };
  }

  /**
   * The driver's `query_timeout` would abandon only the statement and put the dead connection back into the pool. A socket
   * timeout closes the connection, over TLS too, and the pool opens another one.
   */
  function openSocketWithTimeout(): Socket {
    const socket = openSocket();
    socket.setTimeout(SILENCE_MS, () => {
      socket.destroy(new Error(`the database server has not answered for ${SILENCE_MS / 1000} seconds`));
    });
    return socket;
  }

  function openSocket(): Socket {
    const socket = new Socket();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    return socket;
  }
}

/**
 * DATABASE_URL as the driver reads it. Other parameters of the URL would be options of the pool. Set `rejectUnauthorized`, so
 * that NODE_TLS_REJECT_UNAUTHORIZED cannot turn the validation of the certificate off.
 */
function serverOf(databaseUrl: string): pg.ClientConfig {
  const { user, password, host, port, database, ssl, sslnegotiation, options, application_name } =
    parseIntoClientConfig(databaseUrl);
  return {
    user,
    password,
    host,
    port,
    database,
    ssl: ssl === true ? { rejectUnauthorized: true } : ssl && { rejectUnauthorized: true, ...ssl },
    sslnegotiation,
    options,
    application_name: application_name ?? 'sild',
  };
}

/** Server and database without user and password. The driver takes what the URL omits from `PGHOST` and its like. */
function locationOf(config: pg.ClientConfig): Location {
  const { host, port, database, user } = new pg.Client(config);
  return {
    server: host.startsWith('/') ? `the socket in ${host}` : `${host}:${port}`,
    database: database ?? user ?? '',
  };
}
