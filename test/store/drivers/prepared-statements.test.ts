import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { sql } from 'kysely';
import { openPostgres } from '../../../src/store/drivers/postgres.ts';
import { createStatementNames } from '../../../src/store/drivers/prepared-statements.ts';
import { createLogger } from '../../../src/log/logger.ts';
import type { Database } from '../../../src/store/database.ts';
import { execute, startTestPostgres, type TestPostgres } from '../../support/servers/postgres.ts';

describe('the names of prepared statements', () => {
  it('are given to a statement that comes for the second time, and stay the same', () => {
    const nameOf = createStatementNames();
    assert.equal(nameOf('select 1'), undefined);
    const name = nameOf('select 1');
    assert.match(name ?? '', /^[\w-]{43}$/);
    assert.equal(nameOf('select 1'), name);
    assert.equal(nameOf('select 2'), undefined);
    assert.notEqual(nameOf('select 2'), name);
  });

  it('are at most 200', () => {
    const nameOf = createStatementNames();
    const all = Array.from({ length: 500 }, (_, at) => `select ${at}`);
    const named = all.filter((statement) => {
      nameOf(statement);
      return nameOf(statement) !== undefined;
    });
    assert.equal(named.length, 200);
  });
});

describe('a prepared statement', () => {
  const log = createLogger({ level: 'silent' });
  let postgres: TestPostgres;
  let database: Database;
  before(async () => {
    postgres = await startTestPostgres();
    database = openPostgres(postgres.url, 'none', log);
  });
  after(async () => {
    await database.close();
    await postgres.stop();
  });

  it('is parsed once by a connection', async () => {
    for (let time = 0; time < 4; time++) await sql`select ${time}::int as number`.execute(database.db);
    const { rows } = await sql<{
      statement: string;
    }>`select statement from pg_prepared_statements`.execute(database.db);
    assert.deepEqual(
      rows.map(({ statement }) => statement),
      ['select $1::int as number'],
    );
  });

  it('whose table a migration has changed is prepared again, without an error', async () => {
    await execute(postgres.url, 'create table changing (a int); insert into changing values (1)');
    const read = async () => (await sql`select * from changing`.execute(database.db)).rows;
    for (let time = 0; time < 3; time++) assert.deepEqual(await read(), [{ a: 1 }]);
    await execute(postgres.url, 'alter table changing add column b int default 2');
    for (let time = 0; time < 3; time++) assert.deepEqual(await read(), [{ a: 1, b: 2 }]);
  });
});
