import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, before, describe, it } from 'node:test';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import * as openid from 'openid-client';
import type { HttpBrowser, HttpPage } from '../../support/servers/http-browser.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  aLogin,
  authorizationRequest,
  type Bridge,
  HOME,
  logIn,
  personAt,
  relyingParty,
  startBridge,
} from '../../support/oidc-bridge.ts';

const AWAY = new Error('the database is away');

let store: Store;
let bridge: Bridge;
let isAway = false;

before(async () => {
  store = await openTestStore();
  const remembering = aClient({ client_id: 'remembering', client_name: 'It remembers', remember_login: 900 });
  const records: Store['records'] = {
    ...store.records,
    find: (...record) => (isAway ? Promise.reject(AWAY) : store.records.find(...record)),
  };
  bridge = await startBridge({
    stores: { ...store, records },
    clients: [aClient(), remembering],
    isOutage: (error) => error === AWAY,
  });
});
after(async () => {
  await bridge.close();
  await store.close();
});

describe('staying logged in, when asked about a logout', () => {
  const back = `&post_logout_redirect_uri=${encodeURIComponent(HOME)}&state=s`;
  for (const [client, name, query] of [
    ['client', 'A client', ''],
    ['client', 'A client', '?client_id=client'],
    ['client', 'A client', `?client_id=client${back}`],
    ['remembering', 'It remembers', ''],
    ['remembering', 'It remembers', `?client_id=remembering${back}`],
  ] as const) {
    it(`changes nothing, and says so: ${client} ${query}`, async () => {
      const { config, person, tokens } = await loggedIn(client);
      const asked = formOf(await person.get(`${bridge.issuer}/logout${query}`));
      const [cookies, stored, audited] = [cookiesOf(person), await sessions(), bridge.audited.length];
      const page = await person.post(asked.action, { xsrf: asked.xsrf });
      assert.equal(page.status, 200);
      assert.deepEqual(JSON.parse(page.text), { page: 'still logged in', client: name });
      assert.equal(page.headers.get('set-cookie'), null);
      assert.deepEqual([cookiesOf(person), await sessions()], [cookies, stored]);
      assert.equal(bridge.audited.length, audited);
      assert.equal((await openid.tokenIntrospection(config, tokens.access_token)).active, true);
      const silent = await authorizationRequest(config, { prompt: 'none' });
      const { searchParams } = (await person.get(silent.url)).url;
      const isRemembered = client === 'remembering';
      assert.equal(searchParams.get('error'), isRemembered ? null : 'login_required');
      assert.equal(searchParams.has('code'), isRemembered);
    });
  }

  it('leaves the logout possible: by the same form, and by another request', async () => {
    for (const again of [true, false]) {
      const { config, person, tokens } = await loggedIn('client');
      const first = formOf(await person.get(`${bridge.issuer}/logout?client_id=client`));
      await person.post(first.action, { xsrf: first.xsrf });
      const form = again ? formOf(await person.get(`${bridge.issuer}/logout?client_id=client`)) : first;
      const end = await person.post(form.action, { xsrf: form.xsrf, logout: 'yes' });
      assert.deepEqual(JSON.parse(end.text), { page: 'logged out' });
      assert.equal((await openid.tokenIntrospection(config, tokens.access_token)).active, false);
    }
  });

  it('is possible again once the database is back', async () => {
    const { config, person, tokens } = await loggedIn('client');
    const { action, xsrf } = formOf(await person.get(`${bridge.issuer}/logout?client_id=client`));
    isAway = true;
    const answer = await person.post(action, { xsrf });
    isAway = false;
    assert.deepEqual([answer.status, JSON.parse(answer.text)], [503, { page: 'unavailable' }]);
    assert.equal((await person.post(action, { xsrf })).status, 200);
    assert.equal((await openid.tokenIntrospection(config, tokens.access_token)).active, true);
  });

  it('is said of a login that this browser has, by its own form alone', async () => {
    const { config, person, tokens } = await loggedIn('client');
    const { action, xsrf } = formOf(await person.get(`${bridge.issuer}/logout?client_id=client`));
    const confirmation = `${bridge.issuer}/logout/confirm`;
    for (const [who, address, fields] of [
      [person, action, { xsrf: 'guessed' }],
      [person, action, {}],
      [person, action, { xsrf, filler: 'x'.repeat(5_000) }],
      // oidc-provider would find the session by its cookie.
      [person, confirmation, { xsrf }],
      [person, `${confirmation}?login=unknown`, { xsrf }],
      [personAt(bridge), action, { xsrf }],
    ] as const) {
      const answer = await who.post(address, fields);
      assert.equal(answer.status, 400, JSON.stringify(fields));
      assert.partialDeepStrictEqual(JSON.parse(answer.text), { page: 'error', purpose: 'logout' });
      assert.partialDeepStrictEqual(bridge.audited.at(-1), {
        event: 'oidc_refused',
        endpoint: 'end_session_confirm',
        code: 'invalid_request',
      });
    }
    assert.equal((await openid.tokenIntrospection(config, tokens.access_token)).active, true);
    await person.post(action, { xsrf, logout: 'yes' });
    const ended = await person.post(action, { xsrf });
    assert.equal(ended.status, 400);
  });
});

describe('a form of a logout that comes in parts, as some proxies send it', () => {
  for (const [title, headers] of [
    ['with its length', (form: string) => ({ 'content-length': form.length })],
    ['without its length', () => ({})],
  ] as const) {
    it(`is read once by Sild and once by oidc-provider: ${title}`, async () => {
      const { config, person, tokens } = await loggedIn('client');
      const { action, xsrf } = formOf(await person.get(`${bridge.issuer}/logout?client_id=client`));
      const active = async () => (await openid.tokenIntrospection(config, tokens.access_token)).active;
      const stay = `xsrf=${xsrf}&logout=`;
      const stayed = await sendInParts(person, action, stay, headers(stay));
      assert.deepEqual(JSON.parse(stayed), { page: 'still logged in', client: 'A client' });
      assert.equal(await active(), true);
      const leave = `logout=yes&xsrf=${xsrf}`;
      await sendInParts(person, action, leave, headers(leave));
      assert.equal(await active(), false);
    });
  }
});

it(
  'a form of a logout that breaks off is refused, and is no failure of this server',
  { timeout: 10_000 },
  async () => {
    const { person } = await loggedIn('client');
    const { action } = formOf(await person.get(`${bridge.issuer}/logout?client_id=client`));
    const refused = () => bridge.audited.filter(({ event }) => event === 'oidc_refused').length;
    const before = refused();
    const type = 'application/x-www-form-urlencoded';
    const headers = { 'content-length': 100, 'content-type': type, expect: '100-continue' };
    const sent = request(action, { method: 'POST', headers });
    sent.on('continue', () => sent.destroy()).on('error', () => undefined);
    sent.flushHeaders();
    while (refused() === before) await setImmediate();
  },
);

async function loggedIn(client: string) {
  const person = personAt(bridge);
  const config = await relyingParty(bridge, client);
  const { url, checks } = await authorizationRequest(config);
  const tokens = await openid.authorizationCodeGrant(config, await logIn(person, url, aLogin()), checks);
  return { config, person, tokens };
}

/** oidc-provider's form on the page that asks. */
function formOf({ text: html }: HttpPage): { readonly action: string; readonly xsrf: string } {
  const xsrf = /name=\\?"xsrf\\?" value=\\?"(\w+)/.exec(html)?.[1];
  const action = / action=\\?"([^"\\]+)/.exec(html)?.[1]?.replaceAll('&amp;', '&');
  assert.ok(xsrf !== undefined && action !== undefined, html);
  return { action, xsrf };
}

function cookiesOf(person: HttpBrowser): Readonly<Record<string, string>> {
  return { ...person.cookiesFor(`${bridge.issuer}/`), ...person.cookiesFor(`${bridge.issuer}/logout`) };
}

async function sessions() {
  return (await store.records.list('Session')).map(({ id, payload }) => [id, payload]);
}

/** Sends each half once the server has seen what was before it. Resolves with the body of the answer. */
async function sendInParts(
  person: HttpBrowser,
  address: string,
  form: string,
  headers: Readonly<Record<string, number>>,
): Promise<string> {
  const cookie = Object.entries(person.cookiesFor(address))
    .map(([name, value]) => `${name}=${value}`)
    .join('; ');
  const type = 'application/x-www-form-urlencoded';
  return new Promise((resolve, reject) => {
    const sent = request(
      address,
      {
        method: 'POST',
        headers: { ...headers, 'content-type': type, cookie, accept: 'text/html', expect: '100-continue' },
      },
      (answer) => {
        text(answer).then(resolve, reject);
      },
    );
    sent.on('error', reject);
    // The server says so once it handles the request.
    sent.on('continue', () => {
      sent.write(form.slice(0, 10), () => {
        void setImmediate().then(() => sent.end(form.slice(10)));
      });
    });
    sent.flushHeaders();
  });
}
