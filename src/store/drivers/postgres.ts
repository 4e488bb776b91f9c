import { Socket } from 'node:net';
import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { Logger } from '../../log/logger.ts';
import type { Database, Tables } from '../database.ts';
import { StoreError } from '../errors.ts';

const CONNECTIONS = 10;
const CONNECT_MS = 5_000;
/** Every statement of ours touches a few rows by an index. One that takes longer is stuck. */
const STATEMENT_MS = 10_000;
/**
 * A connection on which nothing has come or gone for so long is ended: the server has gone without a word (a failover, a
 * firewall that forgot it). The server itself ends a slow statement before, and an unused connection is closed before.
 */
const SILENCE_MS = 15_000;
/** Where a statement may take long, the kernel asks after the server from then on, every second, ten times. */
const PROBE_MS = 10_000;
/** An unused connection is closed after this. */
const UNUSED_MS = 10_000;
/** A connection is replaced after this, so that all come to a server that has taken over while the old one still answers. */
const LIFETIME_SECONDS = 300;

/** Connects when first used. */
export function openPostgres(databaseUrl: string, log: Logger): Database {
  const location = locationOf(databaseUrl);
  const sockets = new Set<Socket>();
  const db = connect({
    connectionString: databaseUrl,
    max: CONNECTIONS,
    idleTimeoutMillis: UNUSED_MS,
    maxLifetimeSeconds: LIFETIME_SECONDS,
    statement_timeout: STATEMENT_MS,
    stream: openHeardSocket,
  });
  return {
    db,
    async runLong(use) {
      const patient = connect({ connectionString: databaseUrl, max: 1, stream: openSocket });
      try {
        return await use(patient);
      } finally {
        await patient.destroy();
      }
    },
    // Autovacuum and the checkpointer are at work.
    tidy: () => Promise.resolve(),
    explain: (cause) => explain(cause, location),
    async close() {
      await db.destroy();
      // The driver forgets a connection on which it gave up itself, e.g. for want of a password; it would keep the
      // process from ending until the server loses patience.
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
    // An idle connection that the server ends (a restart, a failover). Unheard, this event would end the process.
    pool.on('error', (err) => {
      log.warn({ event: 'database_connection_lost', err }, 'a database connection was lost');
    });
    // One that ends between two statements of a transaction; the next one fails, and says so.
    pool.on('connect', (client) => client.on('error', () => undefined));
    return new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  }

  /**
   * The driver's own `query_timeout` would give up the statement alone and keep the connection, for the next to wait on in
   * vain. The socket ends it, over TLS as well, and the pool opens another one.
   */
  function openHeardSocket(): Socket {
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

/** Where DATABASE_URL points, without its user and password. */
function locationOf(databaseUrl: string): Location {
  const url = new URL(databaseUrl);
  const host = url.hostname || (url.searchParams.get('host') ?? 'localhost');
  const path = decodeURIComponent(url.pathname.slice(1));
  return { server: `${host}:${url.port || '5432'}`, database: path || decodeURIComponent(url.username) };
}

/** SQLSTATE, appendix A of PostgreSQL's manual, or a code of Node's sockets. */
function explain(cause: unknown, { server, database }: Location): StoreError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined;
  const message = cause instanceof Error ? cause.message : '';
  // The driver's own complaint about a password that is missing has no code.
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
