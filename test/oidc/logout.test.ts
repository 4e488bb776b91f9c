import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import type { HttpBrowser, HttpPage } from '../support/http-browser.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from '../support/database.ts';
import {
  authorizationRequest,
  type Bridge,
  HOME,
  logIn,
  personAt,
  relyingParty,
  startBridge,
} from '../support/oidc-bridge.ts';

let store: Store;
let bridge: Bridge;
let config: openid.Configuration;

before(async () => {
  store = await openTestStore();
  bridge = await startBridge({ stores: store });
  config = await relyingParty(bridge);
});
after(async () => {
  await bridge.close();
  await store.close();
});

describe('logout', () => {
  it('asks, revokes what the login gave, and returns to the client', async () => {
    const { person, tokens } = await loggedIn();
    const asked = await person.get(
      openid.buildEndSessionUrl(config, {
        id_token_hint: tokens.id_token ?? '',
        post_logout_redirect_uri: HOME,
        state: 'a state',
      }),
    );
    assert.equal(pageOf(asked), 'logout');
    const back = await confirm(person, asked);
    assert.equal(back.url.href, `${HOME}?state=a+state`);
    assert.equal((await openid.tokenIntrospection(config, tokens.access_token)).active, false);
  });

  it('without a login in this browser asks nothing', async () => {
    const { tokens } = await loggedIn();
    const person = personAt(bridge);
    const page = await person.get(
      openid.buildEndSessionUrl(config, {
        id_token_hint: tokens.id_token ?? '',
        post_logout_redirect_uri: HOME,
      }),
    );
    const back = await confirm(person, page);
    assert.equal(back.url.href, HOME);
    assert.equal((await openid.tokenIntrospection(config, tokens.access_token)).active, true);
  });

  it('ends on our own page when the client names none', async () => {
    const { person } = await loggedIn();
    const end = await confirm(person, await person.get(`${bridge.issuer}/logout`));
    assert.equal(pageOf(end), 'logged out');
  });

  it('does not return to an address that is not registered', async () => {
    const { person, tokens } = await loggedIn();
    const answer = await person.get(
      openid.buildEndSessionUrl(config, {
        id_token_hint: tokens.id_token ?? '',
        post_logout_redirect_uri: 'https://evil.example/',
      }),
    );
    assert.deepEqual([answer.status, pageOf(answer)], [400, 'error']);
  });

  it('is not done by a form of another site', async () => {
    const { person, tokens } = await loggedIn();
    const answer = await person.post(`${bridge.issuer}/logout/confirm`, { logout: 'yes', xsrf: 'guessed' });
    assert.deepEqual([answer.status, pageOf(answer)], [400, 'error']);
    assert.equal((await openid.tokenIntrospection(config, tokens.access_token)).active, true);
  });

  it('is all that the session’s cookie is for', async () => {
    const { person } = await loggedIn();
    const seenAt = (path: string) => Object.keys(person.cookiesFor(`${bridge.issuer}${path}`));
    assert.deepEqual(seenAt('/logout').sort(), ['sild_session', 'sild_session.sig']);
    assert.deepEqual(seenAt('/authorize'), []);
    assert.deepEqual(seenAt('/login/x'), []);
  });
});

async function loggedIn() {
  const person = personAt(bridge);
  const { url, checks } = await authorizationRequest(config);
  const callback = await logIn(person, url);
  return { person, tokens: await openid.authorizationCodeGrant(config, callback, checks) };
}

/** Presses the button of whatever page carries oidc-provider's logout form. */
function confirm(person: HttpBrowser, page: HttpPage): Promise<HttpPage> {
  const xsrf = /name=\\?"xsrf\\?" value=\\?"(\w+)/.exec(page.text)?.[1];
  if (xsrf === undefined) throw new Error(`no logout form in ${page.text}`);
  return person.post(`${bridge.issuer}/logout/confirm`, { xsrf, logout: 'yes' });
}

function pageOf({ text }: HttpPage): string {
  return (JSON.parse(text) as { page: string }).page;
}
