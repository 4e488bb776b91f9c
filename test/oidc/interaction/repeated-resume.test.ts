/** An instance is killed, or the database is away, while a browser resumes its authorization request. */
import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import * as openid from 'openid-client';
import type { Store } from '../../../src/store/store.ts';
import { aroundStatements } from '../../support/around-statements.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  aLogin,
  authorizationRequest,
  type Bridge,
  CLIENT_SECRET,
  finishLogin,
  oauthErrorOf,
  personAt,
  relyingParty,
  startBridge,
  toLoginPage,
} from '../../support/oidc-bridge.ts';
import type { HttpBrowser } from '../../support/servers/http-browser.ts';

const APP = 'ee.example.app:/callback';
const AWAY = new Error('the database is away');

let ahead = 0;
/** Aborted when an instance is killed, which then answers nothing. */
let killed = new AbortController();
const now = () => Date.now() + ahead * 1000;
/** Instead of a statement: it fails, or it is never answered, before or after the database has done it. */
let fault:
  | {
      readonly at: string | readonly string[];
      readonly how: 'away' | 'killed';
      readonly when: 'before' | 'after';
    }
  | undefined;
/** What another request does just before a batch is written. */
let meanwhile: (() => Promise<unknown>) | undefined;
let store: Store;
let bridge: Bridge;
let config: openid.Configuration;

async function withFault(statement: string, execute: () => Promise<unknown>): Promise<unknown> {
  if (statement.startsWith('write ')) {
    await meanwhile?.();
    meanwhile = undefined;
  }
  const strike = fault && [fault.at].flat().includes(statement) ? fault : undefined;
  const fail = () => {
    if (strike?.how === 'away') return Promise.reject(AWAY);
    killed.abort();
    return new Promise(() => undefined);
  };
  if (strike?.when === 'before') return fail();
  const result = await execute();
  return strike ? fail() : result;
}

before(async () => {
  store = await openTestStore({ now });
  bridge = await startBridge({
    stores: { ...store, records: aroundStatements(store.records, withFault) },
    clients: [aClient(), aClient({ client_id: 'app', application_type: 'native', redirect_uris: [APP] })],
    isOutage: (error) => error === AWAY,
    now,
  });
  config = await relyingParty(bridge);
});
afterEach(() => {
  fault = undefined;
  killed = new AbortController();
  ahead = 0;
});
after(async () => {
  await bridge.close();
  await store.close();
});

/** A browser whose login is complete, and the address at which it goes on. */
async function completed(parameters: Record<string, string> = {}) {
  const person = personAt(bridge);
  const { url, checks } = await authorizationRequest(config, parameters);
  const loginPage = await toLoginPage(person, url);
  return { person, checks, loginPage, onward: await complete(person, loginPage) };
}

/** Completes a login page without following the redirect. */
async function complete(person: HttpBrowser, loginPage: URL): Promise<URL> {
  const response = await fetch(loginPage, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookieOf(person, loginPage) },
    body: new URLSearchParams({ result: JSON.stringify(aLogin()) }),
  });
  return new URL(response.headers.get('location') ?? '');
}

/** Goes back from a login page without following the redirect. */
async function abort(person: HttpBrowser, loginPage: URL): Promise<URL> {
  const response = await fetch(`${loginPage.href}/abort`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookieOf(person, loginPage) },
  });
  return new URL(response.headers.get('location') ?? '');
}

/** The stub pages have nothing there. */
async function isAtLoginPage(person: HttpBrowser, onward: URL, loginPage: URL): Promise<void> {
  const { status, url } = await person.get(onward);
  assert.deepEqual([status, url.pathname], [404, `${loginPage.pathname}/wait`]);
}

function cookieOf(person: HttpBrowser, url: URL): string {
  return Object.entries(person.cookiesFor(url))
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
}

/** A request whose answer the browser never gets. @returns its status; undefined when the instance was killed */
async function lost(person: HttpBrowser, url: URL): Promise<number | undefined> {
  const headers = { cookie: cookieOf(person, url), accept: 'text/html' };
  const options = { headers, redirect: 'manual', signal: killed.signal } as const;
  return fetch(url, options).then(
    ({ status }) => status,
    () => undefined,
  );
}

function answerAt(person: HttpBrowser, url: URL): Promise<Response> {
  const headers = { cookie: cookieOf(person, url), accept: 'text/html' };
  return fetch(url, { headers, redirect: 'manual' });
}

const codeIn = (url: URL) => url.searchParams.get('code') ?? undefined;
const codesOf = async () => (await store.records.list('AuthorizationCode')).length;

describe('a resumption', () => {
  it('whose answer was lost is repeated for a minute, with the same code', async () => {
    const { person, onward, checks } = await completed({ scope: 'openid profile' });
    const before = await codesOf();
    await lost(person, onward);
    assert.equal((await codesOf()) - before, 1);
    ahead = 55;
    const sessionCookies = () => Object.keys(person.cookiesFor(`${bridge.issuer}/logout`)).length;
    const without = sessionCookies();
    const callback = await person.get(onward);
    assert.ok(codeIn(callback.url));
    assert.ok(sessionCookies() > without, 'the browser can log out');
    assert.equal((await codesOf()) - before, 1);
    assert.ok((await openid.authorizationCodeGrant(config, callback.url, checks)).id_token);
    const again = openid.authorizationCodeGrant(config, callback.url, checks);
    assert.equal(await oauthErrorOf(again), 'invalid_grant', 'the code is single-use');
  });

  it('gives every repetition the same code, also concurrently', async () => {
    const { person, onward } = await completed();
    await lost(person, onward);
    const headers = { cookie: cookieOf(person, onward) };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => fetch(onward, { headers, redirect: 'manual' })),
    );
    const codes = answers.map((answer) => codeIn(new URL(answer.headers.get('location') ?? '')));
    assert.equal(new Set(codes).size, 1);
    assert.ok(codes[0]);
  });

  it('is not repeated after a minute: the login page says that it is over', async () => {
    const { person, onward, loginPage } = await completed();
    await lost(person, onward);
    ahead = 62;
    await isAtLoginPage(person, onward, loginPage);
  });

  it('is not repeated in a browser that has had the answer: the login page says that it is over', async () => {
    const { person, onward, loginPage } = await completed();
    assert.ok(codeIn((await person.get(onward)).url));
    const audited = bridge.audited.length;
    await isAtLoginPage(person, onward, loginPage);
    assert.equal(bridge.audited.length, audited);
  });

  for (const [outcome, end] of [
    ['a code', complete],
    ['a refusal', abort],
  ] as const) {
    it(`is repeated for an app in the browser that has had the answer, which may wait for a tap: ${outcome}`, async () => {
      const person = personAt(bridge);
      const { url } = await authorizationRequest(config, { client_id: 'app', redirect_uri: APP });
      const loginPage = await toLoginPage(person, url);
      const onward = await end(person, loginPage);
      const first = await person.get(onward);
      assert.equal(`${first.url.protocol}${first.url.pathname}`, APP);
      assert.equal((await person.get(onward)).url.href, first.url.href);
      ahead = 62;
      await isAtLoginPage(person, onward, loginPage);
    });
  }

  it('is not repeated in another browser', async () => {
    const { person, onward } = await completed();
    await lost(person, onward);
    assert.equal((await personAt(bridge).get(onward)).status, 400);
    const thief = personAt(bridge);
    for (const [name, value] of Object.entries(person.cookiesFor(onward))) {
      if (!name.startsWith('sild_begun_')) thief.setCookie(`${name}=${value}; path=/`, bridge.issuer);
    }
    const answer = await thief.get(onward);
    assert.deepEqual([answer.status, codeIn(answer.url)], [400, undefined]);
    assert.equal(bridge.audited.at(-1)?.event, 'browser_refused');
  });

  it('repeats an answer that is a form', async () => {
    const { person, onward } = await completed({ response_mode: 'form_post' });
    await lost(person, onward);
    const [first, second] = [await person.get(onward), await person.get(onward)];
    assert.match(first.text, /name="code" value="[\w-]+"/);
    assert.equal(first.headers.get('content-type'), 'text/html; charset=utf-8');
    assert.equal(second.status, 404, 'the browser has its answer, and has dropped the cookie');
  });

  it('repeats a refusal that is a form, after which the login is over', async () => {
    const person = personAt(bridge);
    const { url } = await authorizationRequest(config, { response_mode: 'form_post' });
    const loginPage = await toLoginPage(person, url);
    const onward = await abort(person, loginPage);
    await lost(person, onward);
    const answer = await person.get(onward);
    assert.deepEqual(
      [answer.status, /name="error" value="(\w+)"/.exec(answer.text)?.[1]],
      [400, 'access_denied'],
    );
    await isAtLoginPage(person, onward, loginPage);
  });

  it('repeats a refusal', async () => {
    const person = personAt(bridge);
    const { url } = await authorizationRequest(config);
    const loginPage = await toLoginPage(person, url);
    const onward = await abort(person, loginPage);
    await lost(person, onward);
    assert.equal((await person.get(onward)).url.searchParams.get('error'), 'access_denied');
  });

  for (const how of ['away', 'killed'] as const) {
    for (const [at, when] of [
      ['findRelated Interaction', 'before'],
      ['find ResumptionAnswer', 'before'],
      ['write Interaction', 'before'],
      ['write Interaction', 'after'],
    ] as const) {
      it(`goes on in the same browser where the instance was ${how} ${when} it did “${at}”`, async () => {
        const { person, onward, checks, loginPage } = await completed();
        fault = { at, how, when };
        const status = await lost(person, onward);
        // Not every resumption reads an earlier answer; and what was stored is sent, though the database did not confirm it.
        const away = at === 'write Interaction' && when === 'after' ? 303 : 503;
        if (at !== 'find ResumptionAnswer') assert.equal(status, how === 'away' ? away : undefined);
        fault = undefined;
        const callback = await person.get(onward);
        assert.ok(codeIn(callback.url), `${callback.status} ${callback.text}`);
        assert.ok((await openid.authorizationCodeGrant(config, callback.url, checks)).id_token);
        await isAtLoginPage(person, onward, loginPage);
      });
    }
  }

  for (const [what, at, status] of [
    ['', 'write Interaction', 303],
    [' and cannot be asked', ['write Interaction', 'find ResumptionAnswer'], 503],
  ] as const) {
    it(`is audited once where the database does not confirm it${what}`, async () => {
      const { person, onward } = await completed();
      const audited = () => bridge.audited.filter(({ event }) => event === 'code_issued').length;
      const before = audited();
      fault = { at, how: 'away', when: 'after' };
      assert.equal(await lost(person, onward), status);
      fault = undefined;
      for (let times = 0; times < 3; times++) await lost(person, onward);
      while (audited() === before) await setTimeout(20);
      assert.equal(audited() - before, 1);
    });
  }

  it('is audited once where the database stores it after it was tried again', async () => {
    const { person, onward } = await completed();
    const audited = () => bridge.audited.filter(({ event }) => event === 'code_issued').length;
    const before = audited();
    fault = { at: 'write Interaction', how: 'away', when: 'before' };
    assert.equal(await lost(person, onward), 503);
    fault = undefined;
    for (let times = 0; times < 3; times++) await lost(person, onward);
    assert.equal(audited() - before, 1);
  });

  it('stores nothing where it fails, and is repeated at once', async () => {
    const { person, onward } = await completed();
    const before = await codesOf();
    fault = { at: 'write Interaction', how: 'away', when: 'before' };
    assert.equal((await person.get(onward)).status, 503);
    fault = undefined;
    assert.equal(await codesOf(), before);
    assert.ok(codeIn((await person.get(onward)).url));
    assert.equal(await codesOf(), before + 1);
  });

  it('sends the answer of the request that was faster, with its cookies, and no own one', async () => {
    const { person, onward } = await completed();
    let faster: Response | undefined;
    meanwhile = async () => {
      meanwhile = undefined;
      faster = await answerAt(person, onward);
    };
    const slower = await answerAt(person, onward);
    assert.ok(codeIn(new URL(faster?.headers.get('location') ?? '')));
    assert.equal(slower.headers.get('location'), faster?.headers.get('location'));
    assert.deepEqual(slower.headers.getSetCookie(), faster?.headers.getSetCookie());
    assert.equal(slower.status, faster?.status);
  });

  it('is audited once, however many requests resume it at the same time', async () => {
    const { person, onward } = await completed();
    const headers = { cookie: cookieOf(person, onward) };
    const audited = () => bridge.audited.filter(({ event }) => event === 'code_issued').length;
    const [before, stored] = [audited(), await codesOf()];
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => fetch(onward, { headers, redirect: 'manual' })),
    );
    const codes = answers.map((answer) => codeIn(new URL(answer.headers.get('location') ?? '')));
    assert.equal(new Set(codes).size, 1);
    assert.ok(codes[0]);
    assert.equal(audited() - before, 1);
    assert.equal((await codesOf()) - stored, 1);
  });

  it('goes on after an outage of ten minutes', async () => {
    const { person, onward } = await completed();
    fault = { at: 'write Interaction', how: 'away', when: 'before' };
    for (ahead = 0; ahead < 600; ahead += 60) assert.equal((await person.get(onward)).status, 503);
    fault = undefined;
    ahead = 610;
    assert.ok(codeIn((await person.get(onward)).url));
  });

  it('that is refused with a page stores nothing: the client may be registered again', async () => {
    const client_id = 'registered';
    const metadata = { client_id, redirect_uris: ['https://app.example/callback'] };
    await bridge.clients.add(metadata);
    const person = personAt(bridge);
    const { url } = await authorizationRequest(config, {
      client_id,
      redirect_uri: 'https://app.example/callback',
    });
    const loginPage = await toLoginPage(person, url);
    const onward = await complete(person, loginPage);
    await bridge.clients.remove(client_id);
    assert.equal(await lost(person, onward), 400);
    const [, , uid = ''] = loginPage.pathname.split('/');
    assert.equal((await store.records.find('Interaction', uid))?.consumedAt, undefined);
    await bridge.clients.add(metadata);
    assert.ok(codeIn((await person.get(onward)).url));
  });

  /** A pushed request, as the address at which its login begins. */
  async function pushedRequest(): Promise<URL> {
    const { checks } = await authorizationRequest(config);
    const codeChallenge = await openid.calculatePKCECodeChallenge(String(checks.pkceCodeVerifier));
    return openid.buildAuthorizationUrlWithPAR(config, {
      redirect_uri: aClient().redirect_uris?.[0] ?? '',
      scope: 'openid',
      state: String(checks.expectedState),
      nonce: String(checks.expectedNonce),
      code_challenge: codeChallenge,
      code_challenge_method: 'S256',
    });
  }

  it('of a pushed request that another login uses at the same moment has no code, and keeps its interaction', async () => {
    const person = personAt(bridge);
    const onward = await complete(person, await toLoginPage(person, await pushedRequest()));
    const uid = onward.pathname.split('/').at(-1) ?? '';
    const { payload } = (await store.records.find('Interaction', uid)) ?? { payload: {} };
    const before = await codesOf();
    meanwhile = () => store.records.consume('PushedAuthorizationRequest', String(payload.parJti));
    const refused = await answerAt(person, onward);
    assert.equal(refused.status, 503);
    assert.equal(refused.headers.get('location'), null, 'what was not stored is not sent');
    assert.deepEqual(refused.headers.getSetCookie(), []);
    assert.equal((await store.records.find('Interaction', uid))?.consumedAt, undefined);
    assert.equal(codeIn((await person.get(onward)).url), undefined);
    assert.equal(await codesOf(), before);
  });

  it('of a login that is not complete leads back to its page, and keeps it', async () => {
    const person = personAt(bridge);
    const { url } = await authorizationRequest(config);
    const loginPage = await toLoginPage(person, url);
    const { continueAt } = JSON.parse((await person.get(loginPage)).text) as { continueAt: string };
    const { url: back } = await person.get(continueAt);
    assert.equal(back.pathname, `${loginPage.pathname}/wait`);
    assert.ok(codeIn((await finishLogin(person, loginPage)).url));
  });

  it('cannot be undone by a completion that comes late', async () => {
    const { person, loginPage, onward } = await completed();
    const found = await store.records.find('Interaction', loginPage.pathname.split('/')[2] ?? '');
    assert.ok(codeIn((await person.get(onward)).url));
    const uid = loginPage.pathname.split('/')[2] ?? '';
    await bridge.stores.records.put('Interaction', uid, found?.payload ?? {}, {}, Number(found?.payload.exp));
    assert.equal((await person.get(loginPage)).status, 404);
  });
});

describe('while the database is away', () => {
  const json = { authorization: `Basic ${btoa(`client:${encodeURIComponent(CLIENT_SECRET)}`)}` };

  it('an authorization request waits, and goes on at the same address', async () => {
    const person = personAt(bridge);
    const { url } = await authorizationRequest(config);
    fault = { at: 'put Interaction', how: 'away', when: 'before' };
    const answer = await person.get(url);
    assert.deepEqual([answer.status, answer.url.href], [503, url.href]);
    fault = undefined;
    assert.match((await person.get(url)).url.pathname, /^\/login\//);
  });

  it('a logout to an address that is not registered gets a page that comes back', async () => {
    const { client_id } = await bridge.clients.add({ redirect_uris: ['https://app.example/callback'] });
    const url = new URL('/logout', bridge.issuer);
    url.search = String(
      new URLSearchParams({ client_id, post_logout_redirect_uri: 'https://app.example/bye' }),
    );
    fault = { at: 'find Client', how: 'away', when: 'before' };
    const answer = await personAt(bridge).get(url);
    assert.equal(answer.status, 503);
    assert.deepEqual(JSON.parse(answer.text), { page: 'unavailable' });
  });

  it('a client gets 503 with Retry-After', async () => {
    fault = { at: 'findRelated AuthorizationCode', how: 'away', when: 'before' };
    const answer = await fetch(`${bridge.issuer}/token`, {
      method: 'POST',
      headers: json,
      body: new URLSearchParams({
        grant_type: 'authorization_code',
        code: 'a'.repeat(43),
        redirect_uri: 'http://localhost:9/callback',
        code_verifier: 'v'.repeat(43),
      }),
    });
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '5']);
    assert.equal(((await answer.json()) as { error: string }).error, 'server_error');
  });
});
