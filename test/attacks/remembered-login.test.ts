/**
 * Somebody tries to use the remembered login of a person: another client in the same browser, another browser, a copy of the cookie
 * after a logout, or a client whose setting the operator has taken back.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import { transition } from '../../src/login/attempt.ts';
import type { Store } from '../../src/store/store.ts';
import { forgetPerson } from '../../src/oidc/remembered/forget-person.ts';
import { createRememberedCookie } from '../../src/oidc/remembered/remembered-cookie.ts';
import { authenticatedAttempt } from '../store/suite/samples.ts';
import { openTestStore } from '../support/database.ts';
import { createHttpBrowser, type HttpBrowser } from '../support/servers/http-browser.ts';
import {
  aClient,
  aLoginOf,
  authorizationRequest,
  type Bridge,
  CLIENT_SECRET,
  finishLogin,
  logIn,
  oauthErrorOf,
  personAt,
  REDIRECT_URI,
  relyingParty,
  startBridge,
  tokensOf,
  toLoginPage,
} from '../support/oidc-bridge.ts';

const SETTING = { remember_login: 3_600 };
const SERVICES = [
  { id: 'library', name: 'City Library' },
  { id: 'tax', name: 'Tax Office' },
];

let store: Store;
let bridge: Bridge;
let config: openid.Configuration;
let evil: openid.Configuration;

before(async () => {
  store = await openTestStore();
  bridge = await startBridge({
    stores: store,
    clients: [
      aClient(SETTING),
      aClient({ client_id: 'evil', ...SETTING }),
      aClient({ client_id: 'broker', services: SERVICES, ...SETTING }),
    ],
  });
  config = await relyingParty(bridge);
  evil = await relyingParty(bridge, 'evil');
});
after(async () => {
  await bridge.close();
  await store.close();
});

describe('a remembered login', () => {
  it('is not given to another client, even if its cookie has the session', async () => {
    const person = await loggedIn();
    await loggedIn(person, evil);
    const [ofClient, ofEvil] = [cookieOf('client'), cookieOf('evil')];
    const { [ofClient]: session = '' } = person.cookiesFor(bridge.issuer);
    person.setCookie(`${ofEvil}=${session}; path=/`, bridge.issuer);
    assert.equal(await silently(person, evil), 'login_required');
    assert.equal(await silently(person, config), undefined);
  });

  it('is not given to another service of the same broker, nor to the broker itself', async () => {
    const broker = await relyingParty(bridge, 'broker');
    const person = personAt(bridge);
    const { url, checks } = await authorizationRequest(broker, { service: 'library' });
    await openid.authorizationCodeGrant(broker, await logIn(person, url), checks);
    for (const service of [{ service: 'tax' }, {}])
      assert.equal(await silently(person, broker, service), 'login_required');
    assert.equal(await silently(person, broker, { service: 'library' }), undefined);
  });

  it('is not given for only the cookies of the logout, sent to another path', async () => {
    const person = await loggedIn();
    const attacker = personAt(bridge);
    for (const [name, value] of Object.entries(person.cookiesFor(`${bridge.issuer}/logout`))) {
      if (!name.startsWith('sild_remembered')) attacker.setCookie(`${name}=${value}; path=/`, bridge.issuer);
    }
    assert.equal(await silently(attacker, config), 'login_required');
  });

  it('does not continue a login page of another browser', async () => {
    const { url } = await authorizationRequest(config);
    const started = await personAt(bridge).get(url);
    const person = await loggedIn();
    assert.equal((await person.get(started.url)).status, 404);
  });

  it('is not given for a copy of the cookie after the logout', async () => {
    const person = await loggedIn();
    const { [cookieOf('client')]: session = '' } = person.cookiesFor(bridge.issuer);
    const asked = await person.get(`${bridge.issuer}/logout?client_id=client`);
    const [, action = ''] = /action=\\"([^"\\]*)\\"/.exec(asked.text) ?? [];
    const [, xsrf = ''] = /value=\\"([^"\\]*)\\"/.exec(asked.text) ?? [];
    await person.post(new URL(action, bridge.issuer), { xsrf, logout: 'yes' });
    const attacker = personAt(bridge);
    attacker.setCookie(`${cookieOf('client')}=${session}; path=/`, bridge.issuer);
    assert.equal(await silently(attacker, config), 'login_required');
  });

  it('ends at once where the client loses the setting, or is removed', async () => {
    const { client_id: id } = await bridge.clients.add({
      client_secret: CLIENT_SECRET,
      redirect_uris: [REDIRECT_URI],
      remember_login: '1h',
    });
    const party = await relyingParty(bridge, id);
    const person = await loggedIn(personAt(bridge), party);
    assert.equal(await silently(person, party), undefined);
    await bridge.clients.update(id, { remember_login: null });
    assert.equal(await silently(person, party), 'login_required');
    await bridge.clients.update(id, { remember_login: 60 });
    assert.equal(await silently(person, party), undefined);
    await bridge.clients.remove(id);
    assert.equal((await person.get((await authorizationRequest(party)).url)).status, 400);
  });

  it('ends when the operator ends the logins of the person, in every browser, and its tokens with it', async () => {
    const [first, second] = [await loggedIn(), await loggedIn()];
    const before = await authorizationRequest(config, { prompt: 'none' });
    const answer = (await first.get(before.url)).url;
    const { access_token: token } = await openid.authorizationCodeGrant(config, answer, before.checks);
    const { logins } = await forgetPerson(store, 'PNOEE-40504040001');
    assert.ok(logins >= 2);
    for (const person of [first, second]) assert.equal(await silently(person, config), 'login_required');
    assert.equal((await openid.tokenIntrospection(config, token)).active, false);
  });

  it('is not got by a browser that has taken a confirmed login to its client only after the person had it ended', async () => {
    const isResumed = ({ pathname }: URL) => pathname.startsWith('/authorize/');
    const attacker = createHttpBrowser({ stopAt: (url) => url.origin !== bridge.issuer || isResumed(url) });
    const { url, checks } = await authorizationRequest(config);
    const waiting = await finishLogin(attacker, await toLoginPage(attacker, url));
    assert.ok(isResumed(waiting.url));
    assert.ok((await forgetPerson(store, 'PNOEE-40504040001')).logins >= 1);
    for (let times = 0; times < 2; times += 1) {
      const cookie = Object.entries(attacker.cookiesFor(waiting.url)).map((pair) => pair.join('='));
      const answer = await fetch(waiting.url, { redirect: 'manual', headers: { cookie: cookie.join('; ') } });
      assert.equal(
        answer.headers.getSetCookie().filter((each) => each.startsWith(cookieOf('client'))).length,
        0,
      );
      const location = new URL(answer.headers.get('location') ?? '');
      const refused = openid.authorizationCodeGrant(config, location, checks);
      assert.equal(await oauthErrorOf(refused), 'access_denied');
    }
  });

  it('is not got by a browser that completes a confirmed login only after the person had it ended', async () => {
    // As it is stored for a page that only asks how far the login is.
    const confirmed = authenticatedAttempt();
    await store.attempts.add(confirmed);
    assert.ok((await forgetPerson(store, 'PNOEE-40504040001')).logins >= 1);
    const finished = transition(confirmed, { type: 'finish' }, Date.now());
    assert.ok(finished);
    assert.equal(await store.attempts.replace(confirmed, finished), false);
    assert.equal(await store.attempts.find(confirmed.id), undefined);
  });

  it('is not ended by a page that has an ID token of another person, but by an earlier one of the same person', async () => {
    const victim = personAt(bridge);
    const earlier = await tokensOf(bridge, config);
    const other = aLoginOf('PNOEE-50001029996');
    const foreign = await tokensOf(bridge, config, {}, other);
    await loggedIn(victim);
    const logout = (hint = '') => victim.get(`${bridge.issuer}/logout?id_token_hint=${hint}`);
    await logout(foreign.id_token);
    assert.equal(await silently(victim, config), undefined);
    await logout(earlier.id_token);
    assert.equal(await silently(victim, config), 'login_required');
  });

  it('cannot be requested by others: a value that is not a session gets nothing', async () => {
    for (const value of ['x', '../../x', '%00', 'x'.repeat(3_000)]) {
      const attacker = personAt(bridge);
      attacker.setCookie(`${cookieOf('client')}=${value}; path=/`, bridge.issuer);
      assert.equal(await silently(attacker, config), 'login_required');
    }
  });
});

describe('the cookie of a remembered login', () => {
  it('can be set over https by no other host, and read by no page', () => {
    const set: unknown[][] = [];
    const ctx = { cookies: { set: (...args: unknown[]) => set.push(args) } };
    createRememberedCookie(true).set(ctx as never, 'a client', 'session', 60);
    const [[name, value, attributes] = []] = set;
    assert.match(String(name), /^__Host-sild_remembered_[\w-]{22}$/);
    assert.equal(value, 'session');
    assert.partialDeepStrictEqual(attributes, {
      path: '/',
      httpOnly: true,
      secure: true,
      sameSite: 'lax',
      maxAge: 60_000,
    });
    assert.ok(!Object.hasOwn(attributes as object, 'domain'));
  });
});

/** The name of the cookie of a client. */
function cookieOf(clientId: string): string {
  const set: string[] = [];
  const ctx = { cookies: { set: (name: string) => set.push(name) } };
  createRememberedCookie(false).set(ctx as never, clientId, 'session', 60);
  return set[0] ?? '';
}

async function loggedIn(person = personAt(bridge), party = config): Promise<HttpBrowser> {
  const { url, checks } = await authorizationRequest(party);
  await openid.authorizationCodeGrant(party, await logIn(person, url), checks);
  return person;
}

/** The error of a request with prompt=none; undefined if it gets tokens. */
async function silently(
  person: HttpBrowser,
  party: openid.Configuration,
  parameters: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  const { url, checks } = await authorizationRequest(party, { prompt: 'none', ...parameters });
  const { url: answer } = await person.get(url);
  const grant = openid.authorizationCodeGrant(party, answer, checks);
  return answer.searchParams.has('error') ? oauthErrorOf(grant) : grant.then(() => undefined);
}
