/** The product itself on databases as operators have them: a primary that is demoted, and PgBouncer in transaction mode. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { loggedInName, logInByPush, startLogin } from '../../support/attack-actors.ts';
import { installedPgBouncer, startPgBouncer } from '../../support/servers/pgbouncer.ts';
import { execute, startTestPostgres, type TestPostgres } from '../../support/servers/postgres.ts';
import { startWholeSild, type WholeSild } from '../../support/whole-sild.ts';

const SECRET_KEY = 'the SECRET_KEY of all instances in these tests';
const NAME = 'QUALIFIED OK1';

const readiness = async ({ issuer }: WholeSild) => (await fetch(`${issuer}/readyz`)).status;

async function nameAfterLogin(sild: WholeSild): Promise<string | undefined> {
  const login = await startLogin(sild);
  await logInByPush(login);
  return loggedInName(sild, login.browser);
}

describe('Sild on PostgreSQL', () => {
  let server: TestPostgres;
  before(async () => {
    server = await startTestPostgres();
  });
  after(() => server.stop());

  const shared =
    process.env.DATABASE_URL !== undefined && 'it would make the server of DATABASE_URL read-only';
  it(
    'is not ready while the server takes no writes, and logs people in afterwards',
    { skip: shared },
    async () => {
      const administer = async (statement: string) => {
        await execute(server.url, statement);
        await execute(server.url, 'select pg_reload_conf()');
      };
      const until = async (sild: WholeSild, status: number) => {
        const patience = AbortSignal.timeout(10_000);
        while ((await readiness(sild)) !== status) patience.throwIfAborted();
      };
      const sild = await startWholeSild({ DATABASE_URL: server.url, SECRET_KEY });
      try {
        assert.equal(await nameAfterLogin(sild), NAME);
        await administer('alter system set default_transaction_read_only = on');
        await until(sild, 503);
        await execute(
          `${server.url}?options=-c%20default_transaction_read_only%3Doff`,
          'alter system reset default_transaction_read_only',
        );
        await execute(server.url, 'select pg_reload_conf()');
        await until(sild, 200);
        assert.equal(await nameAfterLogin(sild), NAME);
      } finally {
        await sild.stop();
      }
    },
  );

  const skip = installedPgBouncer() === undefined && 'PgBouncer is not installed: apt-get install pgbouncer';
  it('logs people in through PgBouncer in transaction mode', { skip }, async () => {
    const pooler = await startPgBouncer(server.url);
    try {
      const sild = await startWholeSild({
        DATABASE_URL: pooler.url,
        DATABASE_POOLER: 'transaction',
        SECRET_KEY,
      });
      try {
        assert.equal(await readiness(sild), 200);
        assert.equal(await nameAfterLogin(sild), NAME);
      } finally {
        await sild.stop();
      }
    } finally {
      await pooler.stop();
    }
  });
});
