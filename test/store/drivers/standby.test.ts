/** The product on a server with a streaming standby, through a fail-over to it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { codeForm } from '../../../e2e/support/http/http-login.ts';
import { AUTOMATED, loggedInName, startLogin } from '../../support/attack-actors.ts';
import { throughOutages } from '../../support/outages.ts';
import { removableFront } from '../../support/servers/postgres-front.ts';
import { type PostgresPair, startPostgresPair } from '../../support/servers/postgres-pair.ts';
import { execute } from '../../support/servers/postgres.ts';
import { startWholeSild, type WholeSild } from '../../support/whole-sild.ts';

const SECRET_KEY = 'the SECRET_KEY of all instances in these tests';
const NAME = 'QUALIFIED OK1';

const readiness = async ({ issuer }: WholeSild) => (await fetch(`${issuer}/readyz`)).status;

async function until(sild: WholeSild, status: number): Promise<void> {
  const patience = AbortSignal.timeout(15_000);
  while ((await readiness(sild)) !== status) {
    patience.throwIfAborted();
    await delay(20);
  }
}

/** Backends of Sild. */
async function connections(url: string): Promise<number> {
  const rows = await execute(
    url,
    "select 1 from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
  );
  return rows.length;
}

describe('Sild on a server that fails over to its standby', () => {
  let pair: PostgresPair;
  before(async () => {
    pair = await startPostgresPair();
  });
  after(() => pair.stop());

  it('is not ready while its address leads to a standby, and goes on with all logins once it leads to the new primary', async (test) => {
    const front = await removableFront(test, pair.first);
    const sild = await startWholeSild({ DATABASE_URL: front.url, SECRET_KEY, RATE_PUSH: 'off' });
    try {
      assert.equal(await readiness(sild), 200);
      const [login, afterwards] = [await startLogin(sild), await startLogin(sild)];

      await pair.failOver();
      await until(sild, 503);
      assert.deepEqual(await execute(front.url, 'select pg_is_in_recovery() as standby'), [
        { standby: true },
      ]);
      const refused = await login.browser.post(codeForm(login.firstPage), AUTOMATED);
      assert.equal(refused.status, 503);
      assert.match(refused.text, /<meta http-equiv="refresh"/);
      assert.equal((await login.browser.get(`${sild.sampleAppUrl}login`)).status, 503);
      assert.ok(sild.log.some(({ event }) => event === 'database_read_only'));

      // Reads go on, and leave a connection that the fail-over does not end.
      // A write of the audit, which is repeated meanwhile, closes it.
      const leaving = AbortSignal.timeout(10_000);
      do {
        leaving.throwIfAborted();
        assert.equal((await login.browser.get(login.firstPage.url)).status, 200);
      } while ((await connections(pair.first)) === 0);

      front.leadTo(pair.second);
      await until(sild, 200);
      for (const { browser, firstPage } of [login, afterwards]) {
        const first = browser.post(codeForm(firstPage), AUTOMATED);
        const { statuses } = await throughOutages(browser, first, { firstPage });
        assert.ok(!statuses.includes(500));
        assert.equal(await loggedInName(sild, browser), NAME);
      }
      const patience = AbortSignal.timeout(10_000);
      while ((await connections(pair.first)) > 0) {
        patience.throwIfAborted();
        await readiness(sild);
      }
    } finally {
      await sild.stop();
    }
  });
});
