import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { sql } from 'kysely';
import type { Pace } from '../../../src/store/clean-up/pace.ts';
import { expiredRows, removeRows, type Removal } from '../../../src/store/clean-up/remove-rows.ts';
import type { Database } from '../../../src/store/database.ts';
import { openPostgres } from '../../../src/store/drivers/postgres.ts';
import { migrate } from '../../../src/store/migrate.ts';
import { createLogger } from '../../../src/log/logger.ts';
import { execute, startTestPostgres, type TestPostgres } from '../../support/servers/postgres.ts';

const ROWS = 50;
const log = createLogger({ level: 'silent' });
const EXPIRED = expiredRows('login_result', Date.now);
const KEYED: Removal = {
  table: 'rate_limit',
  by: { column: 'key_hash', type: 'text' },
  among: sql`true`,
  due: sql`spent_until <= now()`,
};

/** Always as many rows, without pauses. `batches` has how many rows there were before each. */
function pace(remaining: () => Promise<number> = () => Promise.resolve(0), stopAfter = Infinity) {
  const batches: number[] = [];
  const each: Pace = {
    rows: ROWS,
    get stopped() {
      return batches.length >= stopAfter;
    },
    async step(run) {
      batches.push(await remaining());
      return run(ROWS);
    },
  };
  return { batches, each };
}

describe('the removal of rows', () => {
  let server: TestPostgres;
  let database: Database;
  before(async () => {
    server = await startTestPostgres();
    database = openPostgres(server.url, 'none', log);
    await migrate(database, log);
  });
  after(async () => {
    await database.close();
    await server.stop();
  });
  beforeEach(() => execute(server.url, 'truncate login_result, rate_limit'));

  const addResults = (count: number, expires = `now() - interval '1 hour' + n * interval '1 millisecond'`) =>
    execute(
      server.url,
      `insert into login_result (grant_hash, sealed, expires_at)
       select md5(n::text || random()), 'x', ${expires} from generate_series(1, ${count}) as n`,
    );
  const count = async (table: string) => {
    const [row] = await execute(server.url, `select count(*)::int as rows from ${table}`);
    return Number(row?.rows);
  };

  it('removes no more rows at once than the pace says, and all of them', async () => {
    await addResults(173);
    await addResults(7, `now() + interval '1 hour'`);
    const { batches, each } = pace(() => count('login_result'));
    assert.equal(await removeRows(database.db, EXPIRED, each), 173);
    assert.deepEqual(batches, [180, 130, 80, 30]);
    assert.equal(await count('login_result'), 7);
  });

  it('removes rows that have expired at the same moment, also more than a batch', async () => {
    await addResults(3 * ROWS + 1, `now() - interval '1 hour'`);
    assert.equal(await removeRows(database.db, EXPIRED, pace().each), 3 * ROWS + 1);
  });

  it('finds the rows that are due among any number that are not', async () => {
    await execute(
      server.url,
      `insert into rate_limit (key_hash, spent_until)
       select md5(n::text), case when n % 4 = 0 then now() else now() + interval '1 hour' end
       from generate_series(1, 1000) as n`,
    );
    const { batches, each } = pace();
    assert.equal(await removeRows(database.db, KEYED, each), 250);
    assert.ok(batches.length >= 1000 / ROWS, `${batches.length}`);
    assert.equal(await count('rate_limit'), 750);
  });

  for (const [what, removal, table] of [
    ['by time', EXPIRED, 'login_result'],
    ['by key', KEYED, 'rate_limit'],
  ] as const) {
    it(`leaves locked rows, and ends (${what})`, async () => {
      await addResults(120);
      await execute(
        server.url,
        `insert into rate_limit (key_hash, spent_until) select md5(n::text), now() from generate_series(1, 120) as n`,
      );
      await database.db.transaction().execute(async (transaction) => {
        await sql`select from ${sql.table(table)} limit 70 for update`.execute(transaction);
        assert.equal(await removeRows(database.db, removal, pace().each), 50);
      });
      assert.equal(await removeRows(database.db, removal, pace().each), 70);
    });
  }

  it('ends after a batch when it is stopped, and goes on the next time', async () => {
    await addResults(173);
    assert.equal(await removeRows(database.db, EXPIRED, pace(undefined, 1).each), ROWS);
    assert.equal(await removeRows(database.db, EXPIRED, pace().each), 173 - ROWS);
  });

  it('reads no row twice that it has removed or passed over', async () => {
    await addResults(5_000);
    await execute(server.url, 'analyze login_result');
    const read = async () => {
      const [row] = await execute(
        server.url,
        `select pg_stat_force_next_flush(), idx_tup_read::int as rows from pg_stat_user_indexes
         where indexrelname = 'login_result_expiry'`,
      );
      return Number(row?.rows);
    };
    const before = await read();
    assert.equal(await removeRows(database.db, EXPIRED, pace().each), 5_000);
    await database.db.destroy();
    const rows = (await read()) - before;
    assert.ok(rows > 0 && rows < 2 * 5_000, `${rows} entries of the index`);
    database = openPostgres(server.url, 'none', log);
  });
});
