import { Socket } from 'node:net';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Logger } from '../../log/logger.ts';
import type { Database, Tables } from '../database.ts';
import { StoreError } from '../errors.ts';

const CONNECTIONS = 10;
const CONNECT_MS = 5_000;
/** Each statement touches a few rows through an index; one that takes longer is stuck. */
const STATEMENT_MS = 10_000;
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
export function openPostgres(databaseUrl: string, log: Logger): Database {
  const location = locationOf(databaseUrl);
  const sockets = new Set<Socket>();
  const db = connect({
    connectionString: databaseUrl,
    max: CONNECTIONS,
    idleTimeoutMillis: UNUSED_MS,
    maxLifetimeSeconds: LIFETIME_SECONDS,
    statement_timeout: STATEMENT_MS,
    stream: openSocketWithTimeout,
  });
  return {
    db,
    async runLong(use) {
      const withoutTimeout = connect({ connectionString: databaseUrl, max: 1, stream: openSocket });
      try {
        return await use(withoutTimeout);
      } finally {
        await withoutTimeout.destroy();
      }
    },
    // PostgreSQL runs autovacuum and the checkpointer itself.
    tidy: () => Promise.resolve(),
    explain: (cause) => explain(cause, location),
    async close() {
      await db.destroy();
      // The driver does not close connections that failed before authentication (e.g. no password); they would keep the
      // process alive until the server times out.
      for (const socket of sockets) socket.destroy();
    },
  };

  function connect(config: pg.PoolConfig): Kysely<Tables> {
    const pool = new pg.Pool({
      ...config,
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: PROBE_MS,
      application_name: 'sild',
    });
    // The server closed an idle connection (restart, failover). Without a listener, this event ends the process.
    pool.on('error', (err) => {
      log.warn({ event: 'database_connection_lost', err }, 'a database connection was lost');
    });
    // The connection ended between two statements of a transaction; the next statement reports the failure.
    pool.on('connect', (client) => client.on('error', () => undefined));
    return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
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

interface Location {
  /** `db.internal:5432` */
  readonly server: string;
  readonly database: string;
}

/** Server and database of DATABASE_URL, without user and password. */
function locationOf(databaseUrl: string): Location {
  const url = new URL(databaseUrl);
  const host = url.hostname || (url.searchParams.get('host') ?? 'localhost');
  const path = decodeURIComponent(url.pathname.slice(1));
  return { server: `${host}:${url.port || '5432'}`, database: path || decodeURIComponent(url.username) };
}

/** Codes are SQLSTATEs (PostgreSQL manual, appendix A) or error codes of Node's sockets. */
function explain(cause: unknown, { server, database }: Location): StoreError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  const message = cause instanceof Error ? cause.message : '';
  // The driver's own error about a missing password has no code.
  if (code === '28P01' || code === '28000' || message.startsWith('SASL')) {
    return new StoreError(
      'authentication_failed',
      `The database server at ${server} does not accept the user or the password of DATABASE_URL.`,
      { cause },
    );
  }
  if (code === '3D000') {
    return new StoreError(
      'database_missing',
      `The database server at ${server} has no database "${database}": create it, or correct DATABASE_URL.`,
      { cause },
    );
  }
  if (code === '42501') {
    return new StoreError(
      'permission_denied',
      `The user of DATABASE_URL may not create tables in the database "${database}" at ${server}.`,
      { cause },
    );
  }
  // Class 08: connection exceptions; 57P03: starting up; 53300: too many connections.
  if (code === undefined || !/^[0-9A-Z]{5}$/.test(code) || /^(08...|57P0.|53300)$/.test(code)) {
    return new StoreError(
      'database_unreachable',
      `The database server at ${server} cannot be reached (${code ?? message}).`,
      { cause },
    );
  }
  return new StoreError(
    'database_refused',
    `The database "${database}" at ${server} refused to be brought up to this release (SQLSTATE ${code}).`,
    { cause },
  );
}
