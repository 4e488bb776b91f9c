/**
 * Somebody reads and writes the database, a backup or a replica of it, and does not have SECRET_KEY. He learns of nobody
 * who logged in, and can make nobody of himself: what he moves, copies or changes does not open.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import { authorizationRequest } from '../../e2e/support/http/client.ts';
import { createHttpBrowser, type HttpBrowser } from '../support/servers/http-browser.ts';
import {
  AUTOMATED,
  beginLogin,
  type BegunLogin,
  confirmOnPhone,
  goOn,
  logInByPush,
  qrLinkOf,
  VICTIM,
  whoIsLoggedIn,
} from '../support/attack-actors.ts';
import { execute, startTestPostgres, type TestPostgres } from '../support/servers/postgres.ts';
import { findSpelled, type Secret } from '../support/secret-search.ts';
import { startWholeSild, type WholeSild } from '../support/whole-sild.ts';

const SECRET_KEY = 'a SECRET_KEY of the tests that nobody inside has';
const OTHER = { country: 'EE', personal_code: '40504040001' };

let database: TestPostgres;
let sild: WholeSild;
let client: openid.Configuration;
const run = (statement: string) => execute(database.url, statement);

before(async () => {
  database = await startTestPostgres();
  sild = await startWholeSild({ DATABASE_URL: database.url, SECRET_KEY });
  client = await openid.discovery(
    new URL(sild.issuer),
    'sample-app',
    undefined,
    openid.ClientSecretBasic('sample-app-secret'),
    { execute: [openid.allowInsecureRequests] },
  );
});
after(async () => {
  await sild.stop();
  await database.stop();
});

describe('who reads the database', () => {
  it('finds no person, no credential and nothing of a login that runs', async () => {
    const browsers: HttpBrowser[] = [];
    const secrets: Secret[] = [];
    const keep = (what: string, ...values: (string | undefined)[]) => {
      for (const value of values) if (value) secrets.push({ what, value });
    };
    const { tokens, code, browser } = await tokensOf(AUTOMATED);
    browsers.push(browser);
    keep('token', tokens.access_token, tokens.id_token?.split('.')[2]);
    keep('code', code);
    const known = await beginLogin(sild);
    const link = await qrLinkOf(known);
    await confirmOnPhone(link);
    await goOn(known);
    assert.equal(await whoIsLoggedIn(sild, known.browser), VICTIM.name);
    const waiting = await beginLogin(sild);
    keep('session token', new URL(await qrLinkOf(waiting)).searchParams.get('sessionToken') ?? '');
    const unanswered = await beginLogin(sild);
    await unanswered.browser.post(`${unanswered.ways.url.href}/code`, {
      country: 'EE',
      personal_code: '47101010033',
    });
    for (const login of [known, waiting, unanswered]) {
      browsers.push(login.browser);
      keep('interaction', login.ways.url.pathname.split('/')[2]);
    }
    for (const { name, value } of browsers.flatMap((each) => each.cookiesEver())) {
      if (value.length > 12) keep(`cookie ${name}`, value);
    }
    keep(
      'person',
      'PNOEE-39901012239',
      'PNOEE-38001085718',
      'PNOEE-47101010033',
      'JAAK-KRISTJAN',
      'QUALIFIED OK1',
    );
    keep('client secret', 'sample-app-secret');
    keep('SECRET_KEY', SECRET_KEY);

    const dump = await everything();
    assert.ok(dump.length > 20, `${dump.length} rows`);
    assert.deepEqual(findSpelled(dump, secrets), []);
    for (const word of ['39901012239', '38001085718', '47101010033', 'JÕEORG', 'TESTNUMBER']) {
      assert.ok(!dump.some((row) => row.includes(word)), word);
    }
  });
});

describe('who writes to the database', () => {
  it('does not get another one’s completed login by moving it to his own', async () => {
    for (const move of [moveRow, copySealed]) {
      const [victim, insider] = [await completedOnPhone(), await beginLogin(sild)];
      await qrLinkOf(insider);
      await move(hashOf(victim), hashOf(insider));
      const page = await insider.browser.get(`${insider.ways.url.href}/wait?poll`);
      assert.equal(page.status, 500);
      assert.equal(await whoIsLoggedIn(sild, insider.browser), undefined, move.name);
    }
  });

  it('does not complete a login by saying so', async () => {
    const insider = await beginLogin(sild);
    await qrLinkOf(insider);
    await run(
      `update login_attempt set state = 'authenticated' where interaction_hash = '${hashOf(insider)}'`,
    );
    await insider.browser.get(`${insider.ways.url.href}/wait?poll`);
    assert.equal(await whoIsLoggedIn(sild, insider.browser), undefined);
  });

  it('does not make a token tell of another person', async () => {
    const [mine, theirs] = [await tokensOf(AUTOMATED), await tokensOf(OTHER)];
    const [first, second] = (await run(
      'select grant_hash, sealed from login_result order by expires_at desc limit 2',
    )) as { grant_hash: string; sealed: string }[];
    assert.ok(first && second);
    await run(`update login_result set sealed = '${second.sealed}' where grant_hash = '${first.grant_hash}'`);
    await run(`update login_result set sealed = '${first.sealed}' where grant_hash = '${second.grant_hash}'`);
    for (const { tokens } of [mine, theirs]) {
      await assertTellsNothing(tokens.access_token);
    }
    // Exchanged as whole rows they stay whose they were.
    await run(`update login_result set sealed = '${first.sealed}' where grant_hash = '${first.grant_hash}'`);
    await run(
      `update login_result set sealed = '${second.sealed}' where grant_hash = '${second.grant_hash}'`,
    );
    await run(`update login_result set grant_hash = 'x' where grant_hash = '${first.grant_hash}'`);
    await run(
      `update login_result set grant_hash = '${first.grant_hash}' where grant_hash = '${second.grant_hash}'`,
    );
    for (const { tokens } of [mine, theirs]) {
      await assertTellsNothing(tokens.access_token);
    }
  });

  it('does not use another one’s token or interaction by giving it the key of his own', async () => {
    const [mine, theirs] = [await tokensOf(AUTOMATED), await tokensOf(OTHER)];
    await exchangeKeys(lookupHash(mine.tokens.access_token), lookupHash(theirs.tokens.access_token));
    for (const { tokens } of [mine, theirs]) {
      await assertTellsNothing(tokens.access_token);
    }
    const logins = [await beginLogin(sild), await beginLogin(sild)] as const;
    await exchangeKeys(hashOf(logins[0]), hashOf(logins[1]));
    for (const { browser, ways } of logins) assert.equal((await browser.get(ways.url)).status, 500);
  });

  it('gets nothing out of a record that he has changed in any part', async () => {
    for (const change of [
      `overlay(sealed placing 'AAAA' from length(sealed) - 4)`,
      `overlay(sealed placing 'AAAA' from 20)`,
      `left(sealed, length(sealed) / 2)`,
      `'v1.00000000.AAAA'`,
      `''`,
      `'{"id":"x","payload":{}}'`,
    ]) {
      const { tokens } = await tokensOf(AUTOMATED);
      await run(`update oidc_record set sealed = ${change} where model = 'AccessToken'`);
      await assertTellsNothing(tokens.access_token);
      await run(`delete from oidc_record where model = 'AccessToken'`);
    }
  });

  it('registers no client, and makes no browser a known one', async () => {
    await run(
      `insert into oidc_record (model, id_hash, sealed) values ('Client', '${lookupHash('evil')}', '{"id":"evil","payload":{"client_id":"evil"}}')`,
    );
    const { url } = await authorizationRequest(
      client,
      { redirectUri: 'https://evil.example/callback' } as never,
      { client_id: 'evil' },
    );
    const answer = await createHttpBrowser().get(url);
    assert.ok(answer.status >= 400 && answer.url.origin === sild.issuer);
    await run(`delete from oidc_record where model = 'Client'`);

    const token = 'i'.repeat(43);
    await run(
      `insert into known_browser (token_hash, person_hash, sealed, created_at, used_at, expires_at)
       select '${lookupHash(token)}', person_hash, sealed, created_at, used_at, expires_at from known_browser limit 1`,
    );
    const insider = createHttpBrowser();
    insider.setCookie(`sild_browser=${token}; path=/`, sild.issuer);
    const login = await beginLogin(sild, insider);
    assert.equal(login.ways.status, 500);
    const page = await logInByPush(login, { country: 'EE', personal_code: VICTIM.identifier.slice(6) });
    assert.equal(page.status, 500);
  });
});

/** Both browsers' logins are at the waiting page, and this one's phone has confirmed. */
async function completedOnPhone(): Promise<BegunLogin> {
  const login = await beginLogin(sild);
  await confirmOnPhone(await qrLinkOf(login));
  // Smart-ID is asked, and the page that would go on is not.
  const { text } = await login.browser.get(`${login.ways.url.href}/status?show=qr`);
  assert.match(text, /"state":"authenticated"/);
  return login;
}

async function moveRow(from: string, to: string): Promise<void> {
  await run(`delete from login_attempt where interaction_hash = '${to}'`);
  await run(`update login_attempt set interaction_hash = '${to}' where interaction_hash = '${from}'`);
}

async function copySealed(from: string, to: string): Promise<void> {
  await run(
    `update login_attempt set (state, sealed) =
     (select state, sealed from login_attempt where interaction_hash = '${from}') where interaction_hash = '${to}'`,
  );
}

async function assertTellsNothing(token: string): Promise<void> {
  const answer = await fetch(`${sild.issuer}/userinfo`, { headers: { authorization: `Bearer ${token}` } });
  assert.ok(answer.status >= 400, String(answer.status));
  assert.ok(!(await answer.text()).includes('PNO'));
}

async function exchangeKeys(one: string, other: string): Promise<void> {
  for (const [from, to] of [
    [one, 'aside'],
    [other, one],
    ['aside', other],
  ] as const) {
    const { length } = await run(
      `update oidc_record set id_hash = '${to}' where id_hash = '${from}' returning model`,
    );
    assert.equal(length, 1);
  }
}

/** A whole login of openid-client's, with its tokens. */
async function tokensOf(fields: typeof AUTOMATED) {
  const { url, checks } = await authorizationRequest(client, sild as never);
  const browser = createHttpBrowser({ stopAt: ({ href }) => href.startsWith(`${sild.redirectUri}?`) });
  const end = await logInByPush({ browser, ways: await browser.get(url) }, fields);
  const code = end.url.searchParams.get('code') ?? '';
  return { browser, code, tokens: await openid.authorizationCodeGrant(client, end.url, checks) };
}

/** Every row of every table, as text. */
async function everything(): Promise<string[]> {
  const tables = await run(`select table_name from information_schema.tables where table_schema = 'public'`);
  const rows = await Promise.all(
    tables.map(({ table_name }) => run(`select to_jsonb(t)::text as row from "${String(table_name)}" t`)),
  );
  return rows.flat().map(({ row }) => String(row));
}

/** What a login's rows are found by. */
function hashOf({ ways }: BegunLogin): string {
  return lookupHash(ways.url.pathname.split('/')[2] ?? '');
}

function lookupHash(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
