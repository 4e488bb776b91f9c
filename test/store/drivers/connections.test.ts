/** The ways to a PostgreSQL server that operators have: poolers, TLS, sockets, schemas, proxies. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { sql } from 'kysely';
import { loadDatabaseConfig } from '../../../src/config/config.ts';
import { createLogger } from '../../../src/log/logger.ts';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import { openPostgres } from '../../../src/store/drivers/postgres.ts';
import { StoreError } from '../../../src/store/errors.ts';
import { openStore, type Store } from '../../../src/store/store.ts';
import { selfSigned } from '../../support/certificates/self-signed.ts';
import { installedPgBouncer, type PgBouncer, startPgBouncer } from '../../support/servers/pgbouncer.ts';
import { removableFront, socketFront, tlsFront } from '../../support/servers/postgres-front.ts';
import { withProxyInEnvironment } from '../../support/servers/proxy-in-environment.ts';
import { execute, startTestPostgres, type TestPostgres } from '../../support/servers/postgres.ts';

const log = createLogger({ level: 'silent' });
let server: TestPostgres;
let directory: string;
before(async () => {
  server = await startTestPostgres();
  directory = await mkdtemp(join(tmpdir(), 'sild-connections-'));
});
after(async () => {
  await server.stop();
  await rm(directory, { recursive: true });
});

/** Opens the store with what the configuration makes of the environment. */
function open(url: string, DATABASE_POOLER?: string): Promise<Store> {
  const { databaseUrl, databasePooler } = loadDatabaseConfig({ DATABASE_URL: url, DATABASE_POOLER });
  const secrets = createSecrets('the same SECRET_KEY on every instance of Sild');
  return openStore({ databaseUrl, databasePooler, dataDir: '/nowhere', secrets, now: Date.now, log });
}

async function opens(url: string): Promise<void> {
  const store = await open(url);
  await store.ping();
  await store.close();
}

function refused(code: StoreError['code'], message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof StoreError, String(error));
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}

const skip = installedPgBouncer() === undefined && 'PgBouncer is not installed: apt-get install pgbouncer';

describe('through PgBouncer in transaction mode', { skip }, () => {
  let pooler: PgBouncer;
  before(async () => {
    // One connection of the server for all: state that stayed in its session would be seen.
    pooler = await startPgBouncer(server.url, 'default_pool_size = 1');
  });
  after(() => pooler.stop());

  it('a start without DATABASE_POOLER names that variable and what the pooler says', async () => {
    await assert.rejects(
      open(pooler.url),
      refused(
        'startup_parameter_refused',
        /DATABASE_POOLER=transaction.* says: unsupported startup parameter: statement_timeout \(SQLSTATE 08P01\)\.$/,
      ),
    );
  });

  it('four instances start at once on an empty database', async () => {
    const stores = await Promise.all(Array.from({ length: 4 }, () => open(pooler.url, 'transaction')));
    const keys = new Set(stores.map(({ pairwiseKey }) => pairwiseKey.toString('hex')));
    assert.equal(keys.size, 1);
    await Promise.all(stores.map((store) => store.close()));
    const locks = await execute(server.url, `select 1 from pg_locks where locktype = 'advisory'`);
    assert.deepEqual(locks, []);
  });

  it('every statement has its time limit, which stays in no session', async () => {
    const database = openPostgres(pooler.url, 'transaction', log);
    const limit = sql<{ limit: string }>`select current_setting('statement_timeout') as limit`;
    try {
      const single = await limit.execute(database.db);
      const inTransaction = await database.db.transaction().execute(async (transaction) => {
        await sql`select 1`.execute(transaction);
        return limit.execute(transaction);
      });
      const long = await database.runLong((db) => limit.execute(db));
      assert.deepEqual(
        [single, inTransaction, long].map(({ rows }) => rows[0]?.limit),
        ['10s', '10s', '1d'],
      );
      const cancelled = database.db.transaction().execute(async (transaction) => {
        await sql`set local statement_timeout = 50`.execute(transaction);
        await sql`select pg_sleep(60)`.execute(transaction);
      });
      await assert.rejects(cancelled, { code: 'database_busy' });
      const [other] = await execute(pooler.url, `select current_setting('statement_timeout') as limit`);
      assert.equal(other?.limit, '0');
    } finally {
      await database.close();
    }
  });

  it('a refused statement leaves no open transaction behind', async () => {
    const database = openPostgres(pooler.url, 'transaction', log);
    try {
      await assert.rejects(sql`select 1 / 0`.execute(database.db), { code: '22012' });
      const { rows } = await sql<{ one: number }>`select ${1}::int as one`.execute(database.db);
      assert.deepEqual(rows, [{ one: 1 }]);
      await assert.rejects(
        database.db.transaction().execute((transaction) => sql`select 1 / 0`.execute(transaction)),
        { code: '22012' },
      );
      const [idle] = await execute(
        server.url,
        `select count(*)::int as count from pg_stat_activity where state like 'idle in transaction%'`,
      );
      assert.equal(idle?.count, 0);
    } finally {
      await database.close();
    }
  });

  it('the search path is that of the role', async () => {
    const { pathname, username } = new URL(server.url);
    const database = pathname.slice(1);
    await execute(
      server.url,
      `create schema pooled; alter role ${username} in database ${database} set search_path = pooled`,
    );
    const own = await startPgBouncer(server.url);
    try {
      await (await open(own.url, 'transaction')).close();
      const found = await execute(server.url, `select 1 from pg_tables where schemaname = 'pooled'`);
      assert.ok(found.length > 10);
    } finally {
      await own.stop();
      await execute(server.url, `alter role ${username} in database ${database} reset search_path`);
    }
  });

  it('reports what the pooler says about the server behind it', async () => {
    const missing = new URL(pooler.url);
    missing.pathname = '/no-such-database';
    await assert.rejects(open(missing.href, 'transaction'), (error) => {
      assert.ok(error instanceof StoreError);
      assert.match(error.message, /says: .*no-such-database.* \(SQLSTATE \w{5}\)\.$/);
      return true;
    });
  });
});

describe('a direct connection', () => {
  it('is counted, and so are statements that wait for one', async () => {
    const database = openPostgres(server.url, 'none', log);
    const pool = () => database.connections?.();
    try {
      const held = Array.from({ length: 12 }, () => sql`select pg_sleep(0.3)`.execute(database.db));
      while (pool()?.waiting === 0) await nextTurn();
      assert.deepEqual(pool(), { inUse: 10, idle: 0, waiting: 2 });
      await Promise.all(held);
      assert.deepEqual(pool(), { inUse: 0, idle: 10, waiting: 0 });
    } finally {
      await database.close();
    }
  });

  it('is away for now where a statement is cancelled, waits for a lock, or is in a deadlock', async () => {
    const database = openPostgres(server.url, 'none', log);
    const busy = (words: RegExp) => refused('database_busy', words);
    const within = (setting: string, statement: string) =>
      database.db.transaction().execute(async (transaction) => {
        await sql.raw(`set local ${setting}`).execute(transaction);
        await sql.raw(statement).execute(transaction);
      });
    try {
      await sql.raw('create table busy (id int)').execute(database.db);
      await sql.raw('insert into busy values (1), (2)').execute(database.db);
      await assert.rejects(within('statement_timeout = 50', 'select pg_sleep(60)'), busy(/57014/));
      const update = (id: number) => sql.raw(`update busy set id = id where id = ${id}`);
      const held = database.db.transaction().execute(async (transaction) => {
        await update(1).execute(transaction);
        await assert.rejects(within('lock_timeout = 50', 'lock table busy'), busy(/55P03/));
      });
      await held;
      const { promise: bothHold, resolve } = Promise.withResolvers<undefined>();
      let holding = 0;
      const crossing = [1, 2].map((first) =>
        database.db.transaction().execute(async (transaction) => {
          await update(first).execute(transaction);
          holding += 1;
          if (holding === 2) resolve(undefined);
          await bothHold;
          await update(3 - first).execute(transaction);
        }),
      );
      const [failed, ...others] = (await Promise.allSettled(crossing)).filter(
        (each) => each.status === 'rejected',
      );
      assert.ok(failed && others.length === 0);
      busy(/40P01/)(failed.reason);
    } finally {
      await database.close();
    }
  });

  it('has Sild’s time limits, not those of the role', async () => {
    const database = openPostgres(server.url, 'none', log);
    const limit = sql<{ limit: string }>`select current_setting('statement_timeout') as limit`;
    try {
      const limits = [await limit.execute(database.db), await database.runLong((db) => limit.execute(db))];
      assert.deepEqual(
        limits.map(({ rows }) => rows[0]?.limit),
        ['10s', '1d'],
      );
    } finally {
      await database.close();
    }
  });
});

describe('TLS to the database', () => {
  const identity = selfSigned('localhost');
  const withMode = (url: string, parameters: string) => `${url}?${parameters}`;

  it('with require or verify-full needs a valid certificate, whose CA sslrootcert names', async (test) => {
    const url = await tlsFront(test, server.url, identity);
    const ca = join(directory, 'ca.pem');
    await writeFile(ca, identity.cert);
    for (const mode of ['require', 'verify-full']) {
      await opens(withMode(url, `sslmode=${mode}&sslrootcert=${ca}`));
      await assert.rejects(
        open(withMode(url, `sslmode=${mode}`)),
        refused('certificate_refused', /sslrootcert.* The cause: self-signed certificate/),
      );
    }
    await opens(withMode(url, 'sslmode=no-verify'));
  });

  it('is for the host that the URL names', async (test) => {
    const other = selfSigned('other.example');
    const ca = join(directory, 'other.pem');
    await writeFile(ca, other.cert);
    const url = await tlsFront(test, server.url, other);
    await assert.rejects(
      open(withMode(url, `sslmode=verify-full&sslrootcert=${ca}`)),
      refused('certificate_refused', /ERR_TLS_CERT_ALTNAME_INVALID/),
    );
  });

  it('is validated, also with NODE_TLS_REJECT_UNAUTHORIZED=0', async (test) => {
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    test.after(() => {
      if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
    });
    const url = await tlsFront(test, server.url, identity);
    await assert.rejects(open(withMode(url, 'sslmode=verify-full')), { code: 'certificate_refused' });
  });

  it('is not used with disable, and required of a server without it otherwise', async () => {
    await opens(withMode(server.url, 'sslmode=disable'));
    await assert.rejects(
      open(withMode(server.url, 'sslmode=require')),
      refused('database_unreachable', /The server does not support SSL connections\.$/),
    );
  });
});

describe('other ways to the database', () => {
  it('a socket, named as host or as parameter', async (test) => {
    await socketFront(test, server.url, directory);
    const { username, password, pathname } = new URL(server.url);
    await opens(`postgres://${username}:${password}@${pathname}?host=${directory}`);
    await opens(`postgres://${username}:${password}@${encodeURIComponent(directory)}${pathname}`);
    const wrong = `postgres://${username}:wrong@${pathname}?host=${directory}`;
    await assert.rejects(
      open(wrong),
      refused('authentication_failed', new RegExp(`the socket in ${directory} .* says: password`)),
    );
  });

  it('a schema of search_path, beside another Sild in the same database', async () => {
    await execute(server.url, 'create schema first; create schema second');
    for (const schema of ['first', 'second']) {
      const store = await open(`${server.url}?options=-c search_path=${schema}`);
      await store.records.put('AccessToken', 'a-token', { schema }, {}, undefined);
      await store.close();
    }
    for (const schema of ['first', 'second']) {
      const store = await open(`${server.url}?options=-c%20search_path%3D${schema}`);
      assert.deepEqual((await store.records.find('AccessToken', 'a-token'))?.payload, { schema });
      await store.close();
      const [tables] = await execute(
        server.url,
        `select count(*)::int as count from pg_tables
          where schemaname = '${schema}' and tablename in ('kysely_migration', 'oidc_record')`,
      );
      assert.equal(tables?.count, 2);
    }
    await assert.rejects(
      open(`${server.url}?options=-c search_path=missing`),
      refused('database_refused', /says: no schema has been selected to create in \(SQLSTATE 3F000\)\.$/),
    );
  });

  it('no proxy: HTTPS_PROXY and its like are ignored', async (test) => {
    const connections = await withProxyInEnvironment(test);
    await opens(server.url);
    assert.equal(connections(), 0);
  });
});

describe('what the driver observes', () => {
  it('is each statement, and each connection that it does not get', async (test) => {
    const front = await removableFront(test, server.url);
    const outcomes: string[] = [];
    const database = openPostgres(front.url, 'none', log, ({ outcome }) => outcomes.push(outcome));
    const read = () => sql`select 1`.execute(database.db);
    await read();
    await assert.rejects(sql`select no_column`.execute(database.db));
    assert.deepEqual(outcomes, ['done', 'failed']);
    front.takeAway();
    // The first one may still find its old connection.
    for (let each = 0; each < 2; each++) await assert.rejects(read(), { code: 'database_unreachable' });
    assert.deepEqual(outcomes, ['done', 'failed', 'failed', 'failed']);
    await database.close();
  });
});
