/** The product itself on databases as operators have them: a primary that is demoted, and PgBouncer in transaction mode. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { codeForm } from '../../../e2e/support/http/http-login.ts';
import {
  AUTOMATED,
  loggedInName,
  logInByPush,
  type StartedLogin,
  startLogin,
} from '../../support/attack-actors.ts';
import type { HttpBrowser, HttpPage } from '../../support/servers/http-browser.ts';
import { installedPgBouncer, startPgBouncer } from '../../support/servers/pgbouncer.ts';
import { removableFront } from '../../support/servers/postgres-front.ts';
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

/**
 * Does what a browser without JavaScript does, without the waits: it follows each page that goes on by itself, and types the
 * code again where it is back at the beginning. @returns the statuses of the pages on the way, and the last page
 */
async function throughOutages(
  browser: HttpBrowser,
  first: Promise<HttpPage>,
  { firstPage }: StartedLogin,
): Promise<{ readonly statuses: readonly number[]; readonly last: HttpPage }> {
  const patience = AbortSignal.timeout(60_000);
  const statuses: number[] = [];
  for (let page = await first; ;) {
    patience.throwIfAborted();
    statuses.push(page.status);
    const refresh = /<meta http-equiv="refresh" content="(?<seconds>\d+)(?:; url=(?<url>[^"]+))?">/.exec(
      page.text,
    );
    if (refresh?.groups) {
      await delay(100);
      page = await browser.get(new URL(refresh.groups.url ?? page.url, page.url));
    } else if (page.url.href === firstPage.url.href)
      page = await browser.post(codeForm(firstPage), AUTOMATED);
    else return { statuses, last: page };
  }
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

  it('loses no login while the server is away, whatever a login does then', async (test) => {
    const front = await removableFront(test, server.url);
    const sild = await startWholeSild({ DATABASE_URL: front.url, SECRET_KEY, RATE_PUSH: 'off' });
    try {
      const logins = await Promise.all(Array.from({ length: 12 }, () => startLogin(sild)));
      // The logins are at different steps when the server goes.
      const pages = logins.map(async (login, index) => {
        await delay(index * 60);
        return throughOutages(login.browser, login.browser.post(codeForm(login.firstPage), AUTOMATED), login);
      });
      await delay(300);
      for (let outage = 0; outage < 3; outage += 1) {
        front.takeAway();
        await delay(400);
        await front.bringBack();
        await delay(200);
      }
      const ends = await Promise.all(pages);
      const statuses = ends.flatMap((end) => end.statuses);
      assert.ok(statuses.includes(503), 'the outage was noticed');
      assert.ok(
        !ends.some(({ statuses: each, last }) => each.includes(500) && last.url.href.startsWith(sild.issuer)),
        'nobody saw an incident',
      );
      // What the application does when the server goes away under its own requests is not Sild's.
      for (const { last } of ends) {
        assert.ok(
          last.way.some(({ searchParams }) => searchParams.has('code')),
          last.url.href,
        );
      }
    } finally {
      await sild.stop();
    }
  });

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
