/**
 * An insider reads and writes the database, a backup or a replica, but does not have SECRET_KEY. They learn no identities
 * and cannot impersonate a person: a record that was moved, copied or changed cannot be decrypted.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import { authorizationRequest } from '../../e2e/support/http/client.ts';
import { createHttpBrowser, type HttpBrowser } from '../support/servers/http-browser.ts';
import {
  AUTOMATED,
  startLogin,
  type StartedLogin,
  confirmOnPhone,
  pollUntilEnd,
  logInByPush,
  qrLinkOf,
  VICTIM,
  loggedInName,
} from '../support/attack-actors.ts';
import { execute, startTestPostgres, type TestPostgres } from '../support/servers/postgres.ts';
import { findSecrets, type Secret } from '../support/outputs/secret-search.ts';
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

describe('an insider who reads the database', () => {
  it('finds no personal data, no credentials and no secrets of a pending login', async () => {
    const browsers: HttpBrowser[] = [];
    const secrets: Secret[] = [];
    const keep = (what: string, ...values: (string | undefined)[]) => {
      for (const value of values) if (value) secrets.push({ what, value });
    };
    const { tokens, code, browser } = await tokensOf(AUTOMATED);
    browsers.push(browser);
    keep('token', tokens.access_token, tokens.id_token?.split('.')[2]);
    keep('code', code);
    const known = await startLogin(sild);
    const link = await qrLinkOf(known);
    await confirmOnPhone(link);
    await pollUntilEnd(known);
    assert.equal(await loggedInName(sild, known.browser), VICTIM.name);
    const waiting = await startLogin(sild);
    keep('session token', new URL(await qrLinkOf(waiting)).searchParams.get('sessionToken') ?? '');
    const unanswered = await startLogin(sild);
    await unanswered.browser.post(`${unanswered.firstPage.url.href}/code`, {
      country: 'EE',
      personal_code: '47101010033',
    });
    for (const login of [known, waiting, unanswered]) {
      browsers.push(login.browser);
      keep('interaction', login.firstPage.url.pathname.split('/')[2]);
    }
    for (const { name, value } of browsers.flatMap((each) => each.cookiesEver())) {
      // What is sealed begins alike, in cookies and in the database: with the version and the ID of the key.
      if (value.length > 12) keep(`cookie ${name}`, value.replace(/^v1\.\w+\./, ''));
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
    assert.deepEqual(findSecrets(dump, secrets), []);
    for (const word of ['39901012239', '38001085718', '47101010033', 'JÕEORG', 'TESTNUMBER']) {
      assert.ok(!dump.some((row) => row.includes(word)), word);
    }
  });
});

describe('an insider who writes to the database', () => {
  it('cannot take over a completed login by moving it to another interaction', async () => {
    for (const move of [moveRow, copySealed]) {
      const [victim, insider] = [await completedOnPhone(), await startLogin(sild)];
      await qrLinkOf(insider);
      await move(hashOf(victim), hashOf(insider));
      const page = await insider.browser.get(`${insider.firstPage.url.href}/wait?poll`);
      assert.equal(page.status, 500);
      assert.equal(await loggedInName(sild, insider.browser), undefined, move.name);
    }
  });

  it('cannot complete a login by changing its state', async () => {
    const insider = await startLogin(sild);
    await qrLinkOf(insider);
    await run(
      `update login_attempt set state = 'authenticated' where interaction_hash = '${hashOf(insider)}'`,
    );
    await insider.browser.get(`${insider.firstPage.url.href}/wait?poll`);
    assert.equal(await loggedInName(sild, insider.browser), undefined);
  });

  it('cannot make a token return another person’s claims', async () => {
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
    // Now exchange whole rows.
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

  it('cannot use another person’s token or interaction by exchanging record keys', async () => {
    const [mine, theirs] = [await tokensOf(AUTOMATED), await tokensOf(OTHER)];
    await exchangeKeys(lookupHash(mine.tokens.access_token), lookupHash(theirs.tokens.access_token));
    for (const { tokens } of [mine, theirs]) {
      await assertTellsNothing(tokens.access_token);
    }
    const logins = [await startLogin(sild), await startLogin(sild)] as const;
    await exchangeKeys(hashOf(logins[0]), hashOf(logins[1]));
    for (const { browser, firstPage } of logins) assert.equal((await browser.get(firstPage.url)).status, 500);
  });

  it('cannot use a record after changing any part of it', async () => {
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

  it('cannot register a client or a known browser', async () => {
    await run(
      `insert into oidc_record (model, id_hash, sealed) values ('Client', '${lookupHash('evil')}', '{"id":"evil","payload":{"client_id":"evil"}}')`,
    );
    const { url } = await authorizationRequest(
      client,
      { redirectUri: 'https://evil.example/callback' },
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
    const login = await startLogin(sild, insider);
    assert.equal(login.firstPage.status, 500);
    const page = await logInByPush(login, { country: 'EE', personal_code: VICTIM.identifier.slice(6) });
    assert.equal(page.status, 500);
  });
});

/** A login that was confirmed on the phone but not completed in the browser. */
async function completedOnPhone(): Promise<StartedLogin> {
  const login = await startLogin(sild);
  await confirmOnPhone(await qrLinkOf(login));
  // Poll Smart-ID without requesting the page that would complete the login.
  const { text } = await login.browser.get(`${login.firstPage.url.href}/status?show=qr`);
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

/** A complete login with openid-client, with its tokens. */
async function tokensOf(fields: typeof AUTOMATED) {
  const { url, checks } = await authorizationRequest(client, sild);
  const browser = createHttpBrowser({ stopAt: ({ href }) => href.startsWith(`${sild.redirectUri}?`) });
  const end = await logInByPush({ browser, firstPage: await browser.get(url) }, fields);
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

/** The key of a login's rows. */
function hashOf({ firstPage }: StartedLogin): string {
  return lookupHash(firstPage.url.pathname.split('/')[2] ?? '');
}

function lookupHash(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}
