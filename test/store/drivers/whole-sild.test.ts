/** The product itself on databases as operators have them: a primary that is demoted, and PgBouncer in transaction mode. */
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { codeForm } from '../../../e2e/support/http/http-login.ts';
import { AUTOMATED, loggedInName, logInByPush, startLogin } from '../../support/attack-actors.ts';
import { throughOutages, untilAvailable } from '../../support/outages.ts';
import { createHttpBrowser } from '../../support/servers/http-browser.ts';
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

/** Starts a login for an application that repeats its own requests while Sild's database is away; the sample app does not. */
async function startOwnLogin({ issuer, redirectUri }: WholeSild) {
  const verifier = randomBytes(32).toString('base64url');
  const browser = createHttpBrowser({ stopAt: ({ href }) => href.startsWith(redirectUri) });
  const parameters = new URLSearchParams({
    client_id: 'sample-app',
    response_type: 'code',
    scope: 'openid',
    redirect_uri: redirectUri,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  const firstPage = await browser.get(`${issuer}/authorize?${parameters.toString()}`);
  assert.equal(firstPage.status, 200);
  return { browser, firstPage, verifier };
}

function redeem({ issuer, redirectUri }: WholeSild, code: string, verifier: string): Promise<Response> {
  return fetch(`${issuer}/token`, {
    method: 'POST',
    headers: { authorization: `Basic ${btoa('sample-app:sample-app-secret')}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code,
      redirect_uri: redirectUri,
      code_verifier: verifier,
    }),
  });
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

  it('loses no login at any step while the server is away, and shows no incident', async (test) => {
    const front = await removableFront(test, server.url);
    const sild = await startWholeSild({ DATABASE_URL: front.url, SECRET_KEY, RATE_PUSH: 'off' });
    try {
      const logins = await Promise.all(Array.from({ length: 12 }, () => startOwnLogin(sild)));
      // The logins are at different steps when the server goes.
      const ends = logins.map(async (login, index) => {
        await delay(index * 60);
        const { browser, firstPage } = login;
        const first = browser.post(codeForm(firstPage), AUTOMATED);
        const { statuses, last } = await throughOutages(browser, first, login);
        const code = last.url.searchParams.get('code');
        assert.ok(code, last.url.href);
        const answer = await untilAvailable(() => redeem(sild, code, login.verifier));
        return { statuses, answer };
      });
      await delay(300);
      for (let outage = 0; outage < 3; outage += 1) {
        front.takeAway();
        await delay(400);
        await front.bringBack();
        await delay(200);
      }
      const ended = await Promise.all(ends);
      const statuses = ended.flatMap((end) => end.statuses);
      assert.ok(statuses.includes(503), 'the outage was noticed');
      assert.deepEqual(
        [...new Set(statuses)].filter((status) => ![200, 303, 503].includes(status)),
        [],
      );
      for (const { answer } of ended) {
        const body = await answer.text();
        assert.equal(answer.status, 200, body);
        assert.ok('id_token' in (JSON.parse(body) as object));
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
