import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import type { HttpBrowser, HttpPage } from '../../support/servers/http-browser.ts';
import type { LoginResult } from '../../../src/login/login-result.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  aLogin,
  aLoginOf,
  authorizationRequest,
  type Bridge,
  HOME,
  logIn,
  personAt,
  relyingParty,
  startBridge,
} from '../../support/oidc-bridge.ts';

const WITH_QUERY = 'http://localhost:9/?x=%20y';

let store: Store;
let bridge: Bridge;
let config: openid.Configuration;
let other: openid.Configuration;

before(async () => {
  store = await openTestStore();
  bridge = await startBridge({
    stores: store,
    clients: [
      aClient(),
      aClient({ client_id: 'other' }),
      aClient({ client_id: 'with-query', post_logout_redirect_uris: [WITH_QUERY] }),
    ],
  });
  config = await relyingParty(bridge);
  other = await relyingParty(bridge, 'other');
});
after(async () => {
  await bridge.close();
  await store.close();
});

describe('logout', () => {
  it('asks for confirmation, revokes the tokens of the login, and returns to the client', async () => {
    const { person, tokens } = await loggedIn();
    const parameters = { client_id: 'client', post_logout_redirect_uri: HOME, state: 'a state' };
    const asked = await person.get(`${bridge.issuer}/logout?${new URLSearchParams(parameters).toString()}`);
    assert.equal(pageOf(asked), 'logout');
    const back = await confirm(person, asked);
    assert.equal(back.url.href, `${HOME}?state=a+state`);
    assert.equal((await openid.tokenIntrospection(config, tokens.access_token)).active, false);
  });

  it('with the ID token of a login of this browser does not ask: the page submits the form by itself', async () => {
    const { person, tokens } = await loggedIn();
    const page = await person.get(logoutOf(tokens, config));
    const answer = /<input name="logout" value="(\w+)">/.exec(page.text)?.[1];
    assert.deepEqual([page.text.includes('op.logoutForm'), answer], [false, 'yes']);
    const back = await confirm(person, page);
    assert.equal(back.url.href, `${HOME}?state=a+state`);
    assert.equal((await openid.tokenIntrospection(config, tokens.access_token)).active, false);
  });

  it('without a login in this browser ends at once', async () => {
    const { tokens } = await loggedIn();
    const person = personAt(bridge);
    const back = await person.get(logoutOf(tokens, config));
    assert.deepEqual([back.status, back.url.href], [303, `${HOME}?state=a+state`]);
    assert.deepEqual(sessionCookiesOf(person), []);
    assert.equal((await openid.tokenIntrospection(config, tokens.access_token)).active, true);
    assert.equal(pageOf(await person.get(`${bridge.issuer}/logout`)), 'logged out');
  });

  it('without a login in this browser stores and audits nothing, whatever anybody sends', async () => {
    const stored = async () => (await store.records.list('Session')).length;
    const person = personAt(bridge);
    const { person: former } = await loggedIn();
    // With the cookie of a session that has ended, at every address.
    const stale = personAt(bridge);
    for (const [name, value] of Object.entries(former.cookiesFor(`${bridge.issuer}/logout`)))
      stale.setCookie(`${name}=${value}; path=/`, bridge.issuer);
    await confirm(former, await former.get(`${bridge.issuer}/logout`));
    const [before, audited] = [await stored(), bridge.audited.length];
    const state = 'x'.repeat(10_000);
    for (const query of ['', `?state=${state}`, `?client_id=client&state=${state}`, `?client_id=client`]) {
      for (const browser of [person, former]) {
        const end = await browser.get(`${bridge.issuer}/logout${query}`);
        assert.equal(pageOf(end), 'logged out', query.slice(0, 20));
      }
    }
    assert.deepEqual([await stored(), bridge.audited.length], [before, audited]);
    for (const path of ['/authorize/x', '/authorize?client_id=client', '/logout/success'])
      await stale.get(`${bridge.issuer}${path}`);
    assert.equal(await stored(), before);
  });

  it('keeps the query of a registered address where there is no login', async () => {
    const query = new URLSearchParams({ client_id: 'with-query', post_logout_redirect_uri: WITH_QUERY });
    const back = await personAt(bridge).get(`${bridge.issuer}/logout?${query.toString()}&state=s`);
    assert.equal(back.url.href, `${WITH_QUERY}&state=s`);
  });

  it('ends on Sild’s own page without a post_logout_redirect_uri', async () => {
    const { person } = await loggedIn();
    const end = await confirm(person, await person.get(`${bridge.issuer}/logout`));
    assert.equal(pageOf(end), 'logged out');
  });

  it('refuses an ID token that Sild has not signed, and ends no login', async () => {
    const { person, tokens } = await loggedIn();
    const [header = '', , signature = ''] = tokens.id_token?.split('.') ?? [];
    const forged = Buffer.from(JSON.stringify(tokens.claims())).toString('base64url');
    const hint = `${header}.${forged}x.${signature}`;
    const answer = await person.get(`${bridge.issuer}/logout?id_token_hint=${hint}`);
    assert.deepEqual([answer.status, pageOf(answer)], [400, 'error']);
    assert.deepEqual(await areAlive(tokens), [true]);
  });

  it('that is refused says for what the request was', async () => {
    for (const query of ['?id_token_hint=none', '?client_id=unknown']) {
      const answer = await personAt(bridge).get(`${bridge.issuer}/logout${query}`);
      assert.deepEqual(
        [answer.status, (JSON.parse(answer.text) as { purpose: string }).purpose],
        [400, 'logout'],
      );
    }
  });

  it('cannot be triggered by a form of another site', async () => {
    const { person, tokens } = await loggedIn();
    const answer = await person.post(`${bridge.issuer}/logout/confirm`, { logout: 'yes', xsrf: 'guessed' });
    assert.deepEqual([answer.status, pageOf(answer)], [400, 'error']);
    assert.equal((await openid.tokenIntrospection(config, tokens.access_token)).active, true);
  });

  it('is the only endpoint that receives the session’s cookies', async () => {
    const { person, tokens } = await loggedIn();
    const seenAt = (path: string) =>
      Object.keys(person.cookiesFor(`${bridge.issuer}${path}`)).filter((name) => name.includes('session'));
    const all = ['sild_session', 'sild_session.sig', sessionCookieOf(tokens)];
    assert.deepEqual(seenAt('/logout').sort(), all.sort());
    assert.deepEqual(seenAt('/authorize'), []);
    assert.deepEqual(seenAt('/login/x'), []);
  });
});

describe('an address to return to that is not registered', () => {
  for (const [title, hinted] of [
    ['with an ID token', true],
    ['after the question', false],
  ] as const) {
    it(`is not followed; the login ends, and the page says so: ${title}`, async () => {
      const { person, tokens } = await loggedIn();
      const end = await confirm(
        person,
        await person.get(
          openid.buildEndSessionUrl(config, {
            ...(hinted ? { id_token_hint: tokens.id_token ?? '' } : { client_id: 'client' }),
            post_logout_redirect_uri: 'https://evil.example/',
            state: 'a state',
          }),
        ),
      );
      assert.deepEqual(JSON.parse(end.text), { page: 'logged out', unregistered: 'A client' });
      assert.equal(end.url.origin, bridge.issuer);
      const recorded = bridge.audited.findLast((event) => event.event === 'oidc_refused');
      const refusal = 'post_logout_redirect_uri not registered';
      assert.partialDeepStrictEqual(recorded, { client: 'client', endpoint: 'end_session', detail: refusal });
      assert.deepEqual(await areAlive(tokens), [false]);
    });
  }

  // The browser sends the cookies of its logins to /logout and below alone.
  for (const [path, isAsked] of [
    ['/logout/', true],
    ['/Logout', false],
  ] as const) {
    it(`is not followed from ${path}`, async () => {
      const { person, tokens } = await loggedIn();
      const query = logoutOf(tokens, config).search.replace(
        encodeURIComponent(HOME),
        'https://evil.example/',
      );
      const answer = await person.get(`${bridge.issuer}${path}${query}`);
      const end = isAsked ? await confirm(person, answer) : answer;
      assert.deepEqual([end.url.origin, pageOf(end)], [bridge.issuer, 'logged out']);
    });
  }
});

describe('logout in a browser with several logins', () => {
  it('ends the login of its hint and not that of another client, which its own hint ends', async () => {
    const person = personAt(bridge);
    const first = (await loggedIn({ person })).tokens;
    const second = (await loggedIn({ person, party: other })).tokens;
    const back = await confirm(person, await person.get(logoutOf(first, config)));
    assert.equal(back.url.href, `${HOME}?state=a+state`);
    assert.deepEqual(await areAlive(first, second), [false, true]);
    await confirm(person, await person.get(logoutOf(second, other)));
    assert.deepEqual(await areAlive(first, second), [false, false]);
    assert.deepEqual(sessionCookiesOf(person), []);
  });

  it('does not end another person’s login at the same client', async () => {
    const person = personAt(bridge);
    const [one, another] = ['PNOEE-40504040001', 'PNOLV-030303-10012'] as const;
    const first = (await loggedIn({ person, login: aLoginOf(one) })).tokens;
    const second = (await loggedIn({ person, login: aLoginOf(another) })).tokens;
    await confirm(person, await person.get(logoutOf(first, config)));
    assert.deepEqual(await areAlive(first, second), [false, true]);
    const event = bridge.audited.findLast((recorded) => recorded.event === 'logged_out');
    assert.ok(event?.event === 'logged_out');
    assert.deepEqual([event.person, event.client], [one, 'client']);
  });

  it('with the hint of a login in another browser ends no login and does not ask for confirmation', async () => {
    const elsewhere = (await loggedIn()).tokens;
    const { person, tokens } = await loggedIn();
    const back = await person.get(logoutOf(elsewhere, config));
    assert.equal(back.url.href, `${HOME}?state=a+state`);
    assert.deepEqual(await areAlive(elsewhere, tokens), [true, true]);
    assert.equal(sessionCookiesOf(person).length, 1);
  });

  it('without a hint ends the newest login: at the given client, or of all', async () => {
    const person = personAt(bridge);
    const oldest = (await loggedIn({ person })).tokens;
    const middle = (await loggedIn({ person })).tokens;
    const newest = (await loggedIn({ person, party: other })).tokens;
    await confirm(person, await person.get(`${bridge.issuer}/logout?client_id=client`));
    assert.deepEqual(await areAlive(oldest, middle, newest), [true, false, true]);
    await confirm(person, await person.get(`${bridge.issuer}/logout`));
    assert.deepEqual(await areAlive(oldest, middle, newest), [true, false, false]);
    await confirm(person, await person.get(`${bridge.issuer}/logout?id_token_hint=&client_id=`));
    assert.deepEqual(await areAlive(oldest, middle, newest), [false, false, false]);
  });

  it('in two tabs ends in each tab the login that it asked about', async () => {
    const person = personAt(bridge);
    const first = (await loggedIn({ person })).tokens;
    const second = (await loggedIn({ person, party: other })).tokens;
    const firstPage = await person.get(logoutOf(first, config));
    const secondPage = await person.get(logoutOf(second, other));
    await confirm(person, firstPage);
    assert.deepEqual(await areAlive(first, second), [false, true]);
    await confirm(person, secondPage);
    assert.deepEqual(await areAlive(first, second), [false, false]);
    const again = await confirm(person, firstPage);
    assert.deepEqual([again.status, pageOf(again)], [400, 'error']);
  });

  it('ends the login that it asked about, although another login completes in another tab', async () => {
    const { person, tokens } = await loggedIn();
    const page = await person.get(logoutOf(tokens, config));
    const later = (await loggedIn({ person })).tokens;
    await confirm(person, page);
    assert.deepEqual(await areAlive(tokens, later), [false, true]);
  });

  it('does not accept the session of another login in the cookie of a login', async () => {
    const attacker = await loggedIn();
    const { person, tokens } = await loggedIn();
    const url = `${bridge.issuer}/logout`;
    const planted = attacker.person.cookiesFor(url)[sessionCookieOf(attacker.tokens)] ?? '';
    person.setCookie(`${sessionCookieOf(tokens)}=${planted}; path=/logout`, url);
    assert.equal((await person.get(logoutOf(tokens, config))).url.href, `${HOME}?state=a+state`);
    assert.deepEqual(await areAlive(attacker.tokens, tokens), [true, true]);
  });
});

interface LoggingIn {
  readonly person?: HttpBrowser;
  readonly party?: openid.Configuration;
  readonly login?: LoginResult;
}

async function loggedIn({ person = personAt(bridge), party = config, login = aLogin() }: LoggingIn = {}) {
  const { url, checks } = await authorizationRequest(party);
  const callback = await logIn(person, url, login);
  return { person, tokens: await openid.authorizationCodeGrant(party, callback, checks) };
}

type Tokens = Awaited<ReturnType<typeof loggedIn>>['tokens'];

function logoutOf({ id_token: hint = '' }: Tokens, party: openid.Configuration): URL {
  const parameters = { id_token_hint: hint, post_logout_redirect_uri: HOME, state: 'a state' };
  return openid.buildEndSessionUrl(party, parameters);
}

/** Whether the access token of each login is still valid. */
function areAlive(...logins: readonly Tokens[]): Promise<boolean[]> {
  return Promise.all(
    logins.map(async ({ access_token }) => {
      const headers = { authorization: `Bearer ${access_token}` };
      return (await fetch(`${bridge.issuer}/userinfo`, { headers })).ok;
    }),
  );
}

function sessionCookieOf(tokens: Tokens): string {
  const sid = tokens.claims()?.sid;
  assert.ok(typeof sid === 'string');
  return `sild_session_${sid}`;
}

function sessionCookiesOf(person: HttpBrowser): readonly string[] {
  const names = Object.keys(person.cookiesFor(`${bridge.issuer}/logout`));
  return names.filter((name) => name.startsWith('sild_session_'));
}

/** Submits oidc-provider's logout form on a page. */
function confirm(person: HttpBrowser, page: HttpPage): Promise<HttpPage> {
  const xsrf = /name=\\?"xsrf\\?" value=\\?"(\w+)/.exec(page.text)?.[1];
  const action = / action=\\?"([^"\\]+)/.exec(page.text)?.[1];
  if (xsrf === undefined || action === undefined) throw new Error(`no logout form in ${page.text}`);
  return person.post(action, { xsrf, logout: 'yes' });
}

function pageOf({ text }: HttpPage): string {
  return (JSON.parse(text) as { page: string }).page;
}
