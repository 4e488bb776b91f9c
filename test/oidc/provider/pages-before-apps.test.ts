/** A redirect to an app leaves the browser's tab as it is: a page comes before it. (RFC 8252 7.1, B.2) */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  authorizationRequest,
  type Bridge,
  logIn,
  personAt,
  relyingParty,
  startBridge,
} from '../../support/oidc-bridge.ts';

const CALLBACK = 'ee.example.app:/callback';
const AFTER_LOGOUT = 'ee.example.app:/bye';

let store: Store;
let bridge: Bridge;
let config: openid.Configuration;

before(async () => {
  store = await openTestStore();
  const app = aClient({
    application_type: 'native',
    redirect_uris: [CALLBACK],
    post_logout_redirect_uris: [AFTER_LOGOUT],
    remember_login: 900,
  });
  bridge = await startBridge({ stores: store, clients: [app] });
  config = await relyingParty(bridge);
});
after(async () => {
  await bridge.close();
  await store.close();
});

function request(parameters: Record<string, string> = {}) {
  return authorizationRequest(config, { redirect_uri: CALLBACK, ...parameters });
}

async function loggedIn() {
  const person = personAt(bridge);
  const { url, checks } = await request();
  const callback = await logIn(person, url);
  return { person, tokens: await openid.authorizationCodeGrant(config, callback, checks) };
}

interface OnwardPage {
  readonly page: string;
  readonly client: string;
  readonly done: string;
  readonly href: string;
}

describe('the answer to an app', () => {
  it('with a remembered login is a link of a page, which says that the person is logged in', async () => {
    const { person, tokens } = await loggedIn();
    const { url, checks } = await request();
    const answer = await person.get(url);
    assert.equal(answer.status, 200);
    const { href, ...page } = JSON.parse(answer.text) as OnwardPage;
    assert.deepEqual(page, { page: 'onward', client: 'A client', done: 'login' });
    const again = await openid.authorizationCodeGrant(config, new URL(href), checks);
    assert.equal(again.claims()?.sid, tokens.claims()?.sid);
  });

  it('is a redirect where no page may be shown, or one has come before', async () => {
    const { person } = await loggedIn();
    const silent = await person.get((await request({ prompt: 'none' })).url);
    assert.equal(`${silent.url.protocol}${silent.url.pathname}`, CALLBACK);
    const refused = await personAt(bridge).get((await request({ prompt: 'none' })).url);
    assert.equal(refused.url.searchParams.get('error'), 'login_required');
  });

  it('after a logout is a link of a page, which says that the person is logged out', async () => {
    const { person, tokens } = await loggedIn();
    const url = openid.buildEndSessionUrl(config, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: AFTER_LOGOUT,
      state: 'a state',
    });
    const form = await person.get(url);
    const xsrf = /name="xsrf" value="(\w+)"/.exec(form.text)?.[1] ?? '';
    const action = / action="([^"]+)"/.exec(form.text)?.[1] ?? '';
    const expected = {
      page: 'onward',
      client: 'A client',
      done: 'logout',
      href: `${AFTER_LOGOUT}?state=a+state`,
    };
    assert.deepEqual(JSON.parse((await person.post(action, { xsrf, logout: 'yes' })).text), expected);
    assert.equal((await openid.tokenIntrospection(config, tokens.access_token)).active, false);
    assert.deepEqual(
      JSON.parse((await person.get(url)).text),
      expected,
      'where nobody is logged in any more',
    );
  });
});
