/** What `sild doctor` says about a PostgreSQL server on which the next start, or a login, would fail. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { parse } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { checkDatabase } from '../../src/doctor/database.ts';
import { type Finding, linesOf } from '../../src/doctor/finding.ts';
import { createLogger } from '../../src/log/logger.ts';
import { createSecrets } from '../../src/secrets/secrets.ts';
import type { Pooler } from '../../src/store/drivers/session.ts';
import { openStore } from '../../src/store/store.ts';
import { installedPgBouncer, startPgBouncer } from '../support/servers/pgbouncer.ts';
import { execute, startTestPostgres, type TestPostgres } from '../support/servers/postgres.ts';

const SECRET_KEY = '1bN4dQ7fT0hW3kZ6mC9pF2rJ5tM8vP1x';
const log = createLogger({ level: 'silent' });
const ROLE = 'sild_with_few_rights';

describe('sild doctor and a PostgreSQL server', () => {
  let server: TestPostgres;
  const name = () => new URL(server.url).pathname.slice(1);
  const limited = () => server.urlWith({ user: ROLE, password: 'secret' });
  const administer = (statement: string) => execute(server.urlWith({ database: 'postgres' }), statement);

  before(async () => {
    server = await startTestPostgres();
    await execute(server.url, `create role ${ROLE} login password 'secret'`);
    await execute(server.url, 'revoke create on schema public from public');
  });
  after(async () => {
    await execute(server.url, `drop owned by ${ROLE}; drop role ${ROLE}`);
    await server.stop();
  });

  async function findings(url: string, level: Finding['level'], pooler: Pooler = 'none'): Promise<string[]> {
    const config = {
      databaseUrl: url,
      databasePooler: pooler,
      dataDir: '/nowhere',
      secretKeys: [SECRET_KEY],
    } as const;
    const found = await checkDatabase(config, log);
    return found.filter((each) => each.level === level).flatMap(linesOf);
  }

  const problems = (url: string) => findings(url, 'problem');

  async function start(url: string): Promise<void> {
    const secrets = createSecrets(SECRET_KEY);
    const store = await openStore({ databaseUrl: url, dataDir: '/nowhere', secrets, now: Date.now, log });
    await store.close();
  }

  /** The doctor's problems, which are those of a start. */
  async function problemsOfStart(url: string): Promise<string[]> {
    const found = await problems(url);
    await assert.rejects(start(url), { name: 'StoreError' });
    return found;
  }

  it('names the right to create in the schema, where migrations are pending', async () => {
    const [problem] = await problemsOfStart(limited());
    assert.match(
      problem ?? '',
      /^problem {2}database: .*grant create on schema "public" to "sild_with_few_rights"$/,
    );
  });

  it('names the search path where it has no schema', async () => {
    const [problem] = await problemsOfStart(`${server.url}?options=-c%20search_path%3Dmissing`);
    assert.match(problem ?? '', /no schema of the search path exists/);
  });

  it('names a server that takes no writes, where migrations are pending', async () => {
    await administer(`alter database ${name()} set default_transaction_read_only = on`);
    try {
      const [problem] = await problemsOfStart(server.url);
      assert.match(problem ?? '', /takes no writes/);
    } finally {
      await administer(`alter database ${name()} reset default_transaction_read_only`);
    }
  });

  it('finds no problem where the next start succeeds, or has', async () => {
    assert.deepEqual(await problems(server.url), []);
    await start(server.url);
    assert.deepEqual(await problems(server.url), []);
  });

  it('names the tables that belong to another role, where migrations are pending', async () => {
    await execute(
      server.url,
      `grant create on schema public to ${ROLE};
        grant select, insert, update, delete on all tables in schema public to ${ROLE};
        delete from kysely_migration where name = '${lastMigration()}'`,
    );
    const [problem] = await problemsOfStart(limited());
    assert.match(problem ?? '', /does not own .*audit_event, .*login_attempt/);
  });

  it('names the table on which logins lack a right', async () => {
    await execute(
      server.url,
      `insert into kysely_migration values ('${lastMigration()}', '') on conflict do nothing`,
    );
    assert.deepEqual(await problems(limited()), []);
    await start(limited());
    await execute(server.url, `revoke insert on oidc_record from ${ROLE}`);
    const [problem] = await problems(limited());
    assert.match(
      problem ?? '',
      /lacks a right .* says: permission denied for table oidc_record \(SQLSTATE 42501\)\.$/,
    );
  });

  const skip = installedPgBouncer() === undefined && 'PgBouncer is not installed: apt-get install pgbouncer';
  it('warns of a pooler that drops the time limit of statements', { skip }, async () => {
    const pooler = await startPgBouncer(server.url, 'ignore_startup_parameters = statement_timeout');
    try {
      const [warning] = await findings(pooler.url, 'warning');
      assert.match(warning ?? '', /^warning {2}database: statements have no time limit/);
      assert.deepEqual(await findings(pooler.url, 'warning', 'transaction'), []);
      assert.deepEqual(await findings(server.url, 'warning'), []);
    } finally {
      await pooler.stop();
    }
  });

  it('names a server that takes no writes, as a standby', async () => {
    await administer(`alter database ${name()} set default_transaction_read_only = on`);
    try {
      const [problem] = await problems(server.url);
      assert.match(problem ?? '', /takes no writes.* read-only transaction \(SQLSTATE 25006\)\.$/);
    } finally {
      await administer(`alter database ${name()} reset default_transaction_read_only`);
    }
  });
});

/** The name of the newest file in migrations/. */
function lastMigration(): string {
  const files = readdirSync(new URL('../../migrations/', import.meta.url));
  return parse(files.sort().at(-1) ?? '').name;
}
