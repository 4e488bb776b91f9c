/**
 * A registered client, or an attacker in its place, tries to get a login that is not meant for it: with an unregistered
 * redirect URI, with weaker variants of the protocol, or with codes and tokens of other clients.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import { createSecrets } from '../../src/secrets/secrets.ts';
import type { Store } from '../../src/store/store.ts';
import { en } from '../../src/web/messages/en.ts';
import { loadPages } from '../../src/web/pages/load-pages.ts';
import { openTestStore } from '../support/database.ts';
import {
  aClient,
  aLogin,
  authorizationRequest,
  type Bridge,
  HOME,
  logIn,
  oauthErrorOf,
  personAt,
  REDIRECT_URI,
  relyingParty,
  startBridge,
  tokensOf,
  toLoginPage,
} from '../support/oidc-bridge.ts';
import { headingOf } from '../web/web-under-test.ts';

const APP = 'https://app.example/callback';
const HOSTILE_STATE = '"><script>alert(1)</script>';

let store: Store;
let bridge: Bridge;
/** The victim, and the malicious client. */
let config: openid.Configuration;
let evil: openid.Configuration;

before(async () => {
  store = await openTestStore();
  bridge = await startBridge({
    stores: store,
    pages: loadPages({
      issuer: HOME,
      environment: 'live',
      defaultLanguage: 'en',
      secrets: createSecrets('of-no-other-use-than-in-these-tests'),
    }).oidc,
    clients: [
      aClient({ redirect_uris: [REDIRECT_URI, APP] }),
      aClient({ client_id: 'evil', redirect_uris: ['https://evil.example/callback'] }),
      aClient({ client_id: 'old', require_pkce: false }),
      aClient({ client_id: 'modest', scope: 'openid' }),
      aClient({ client_id: 'spa', client_secret: undefined, token_endpoint_auth_method: 'none' }),
    ],
  });
  config = await relyingParty(bridge);
  evil = await relyingParty(bridge, 'evil');
});
after(async () => {
  await bridge.close();
  await store.close();
});

describe('an unregistered redirect URI', () => {
  for (const uri of [
    'https://app.example/callback/',
    'https://app.example/callback?x=1',
    'https://app.example/callback#part',
    'https://app.example/callback/../evil',
    'https://app.example/callback%2f..%2fevil',
    'https://app.example/CALLBACK',
    'https://app.example:8443/callback',
    'https://app.example.evil.example/callback',
    'https://app.example@evil.example/callback',
    'https://evil.example/https://app.example/callback',
    'https://evil.example\\@app.example/callback',
    'https://app.example%00.evil.example/callback',
    'https://app.example%2eevil.example/callback',
    'https://app%2eexample/callback',
    'https://аpp.example/callback',
    'http://app.example/callback',
    '//app.example/callback',
    '/callback',
    'javascript:alert(1)',
    'data:text/html,x',
    'https://*.example/callback',
    'https://evil.example/callback',
    ' https://app.example/callback',
    'https://app.example/callback\n',
    '',
  ]) {
    it(`is refused: ${JSON.stringify(uri)}`, async () => {
      const { url } = await authorizationRequest(config, { redirect_uri: uri });
      await assertPage(url);
    });
  }

  it('is refused beside a registered one', async () => {
    const { url } = await authorizationRequest(config);
    url.searchParams.append('redirect_uri', 'https://evil.example/callback');
    await assertPage(url);
  });

  it('is refused at the token endpoint too', async () => {
    const { url, checks } = await authorizationRequest(config, { redirect_uri: APP });
    const callback = await logIn(personAt(bridge), url);
    const elsewhere = new URL(callback.search, REDIRECT_URI);
    assert.equal(
      await oauthErrorOf(openid.authorizationCodeGrant(config, elsewhere, checks)),
      'invalid_grant',
    );
  });
});

describe('a weaker variant of the protocol', () => {
  for (const parameters of [
    { response_type: 'token' },
    { response_type: 'id_token' },
    { response_type: 'code id_token' },
    { response_type: 'code token' },
    { response_type: 'none' },
    { response_mode: 'web_message' },
    { response_mode: 'query.jwt' },
    { request: 'eyJhbGciOiJub25lIn0.e30.' },
    { request_uri: 'https://evil.example/request.jwt' },
    { request_uri: 'urn:ietf:params:oauth:request_uri:guessed' },
    { registration: '{}' },
    { prompt: 'none' },
    { code_challenge_method: 'plain' },
    { code_challenge: '' },
    { code_challenge: 'short' },
    { code_challenge_method: '' },
  ] as const) {
    it(`shows no login page: ${new URLSearchParams(parameters).toString()}`, async () => {
      const { url } = await authorizationRequest(config, parameters);
      const answer = await personAt(bridge).get(url);
      assert.ok(!answer.url.pathname.startsWith('/login/'), answer.url.href);
      assert.equal(answer.url.searchParams.has('code'), false);
      if (answer.url.origin !== bridge.issuer) assert.equal(answer.url.href.split(/[?#]/)[0], REDIRECT_URI);
    });
  }

  it('cannot remove PKCE: a code without a challenge is refused with a verifier', async () => {
    const old = await relyingParty(bridge, 'old');
    const { url, checks } = await authorizationRequest(old);
    url.searchParams.delete('code_challenge');
    url.searchParams.delete('code_challenge_method');
    const callback = await logIn(personAt(bridge), url);
    assert.equal(await oauthErrorOf(openid.authorizationCodeGrant(old, callback, checks)), 'invalid_grant');
  });

  it('cannot skip PKCE: a code with a challenge is refused without a verifier', async () => {
    const old = await relyingParty(bridge, 'old');
    const { url, checks } = await authorizationRequest(old);
    const callback = await logIn(personAt(bridge), url);
    const { pkceCodeVerifier: _, ...without } = checks;
    assert.equal(await oauthErrorOf(openid.authorizationCodeGrant(old, callback, without)), 'invalid_grant');
  });

  it('injects nothing into the page that posts the response', async () => {
    const { url } = await authorizationRequest(config, { response_mode: 'form_post', state: HOSTILE_STATE });
    const person = personAt(bridge);
    const loginPage = await toLoginPage(person, url);
    const { text } = await person.post(loginPage, { result: JSON.stringify(aLogin()) });
    assert.match(text, new RegExp(`<form method="post" action="${REDIRECT_URI}" data-submit>`));
    assert.ok(!text.includes('<script>alert'));
    const { url: refused } = await authorizationRequest(config, {
      response_mode: 'form_post',
      state: HOSTILE_STATE,
      scope: 'profile',
    });
    assert.ok(!(await person.get(refused)).text.includes('<script>alert'));
  });
});

describe('another client', () => {
  it('cannot redeem a code of another client, or without the right client authentication', async () => {
    const { url, checks } = await authorizationRequest(config);
    const callback = await logIn(personAt(bridge), url);
    for (const thief of [
      evil,
      await relyingParty(bridge, 'spa', {}, openid.None()),
      await relyingParty(bridge, 'client', {}, openid.ClientSecretBasic('another secret that was guessed')),
      await relyingParty(bridge, 'client', {}, openid.None()),
    ]) {
      await assert.rejects(openid.authorizationCodeGrant(thief, callback, checks), (error) =>
        ['OAUTH_RESPONSE_BODY_ERROR', 'OAUTH_WWW_AUTHENTICATE_CHALLENGE'].includes(
          (error as { code: string }).code,
        ),
      );
    }
    // The client that owns the code can still redeem it.
    assert.ok((await openid.authorizationCodeGrant(config, callback, checks)).id_token);
  });

  it('cannot introspect or revoke a token', async () => {
    const { access_token: token, id_token: idToken = '' } = await tokensOf(bridge, config);
    assert.deepEqual(await openid.tokenIntrospection(evil, token), { active: false });
    assert.equal(await oauthErrorOf(openid.tokenRevocation(evil, token)), 'invalid_request');
    assert.equal((await openid.tokenIntrospection(config, token)).active, true);
    // An ID token is not an access token.
    for (const wrong of [idToken, 'x', `${token}x`]) {
      const answer = await fetch(`${bridge.issuer}/userinfo`, {
        headers: { authorization: `Bearer ${wrong}` },
      });
      assert.equal(answer.status, 401);
    }
  });

  it('cannot use a pushed authorization request', async () => {
    const { url } = await authorizationRequest(config);
    const pushed = await openid.buildAuthorizationUrlWithPAR(config, Object.fromEntries(url.searchParams));
    pushed.searchParams.set('client_id', 'evil');
    await assertPage(pushed);
  });

  it('cannot use an ID token of another client as a hint, nor one without a valid signature', async () => {
    const { id_token: foreign = '' } = await tokensOf(bridge, config);
    const [, payload = ''] = foreign.split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    for (const [party, hint] of [
      [evil, foreign],
      [config, unsigned],
      [config, `${foreign.slice(0, -4)}AAAA`],
    ] as const) {
      const redirect = party === evil ? { redirect_uri: 'https://evil.example/callback' } : {};
      const { url } = await authorizationRequest(party, { id_token_hint: hint, ...redirect });
      const answer = await personAt(bridge).get(url);
      assert.equal(answer.url.searchParams.get('error'), 'invalid_request');
    }
  });

  it('cannot redirect to a post-logout address of another client', async () => {
    const { id_token: hint = '' } = await tokensOf(bridge, evil, {
      redirect_uri: 'https://evil.example/callback',
    });
    const end = await personAt(bridge).get(
      openid.buildEndSessionUrl(evil, { id_token_hint: hint, post_logout_redirect_uri: `${HOME}elsewhere` }),
    );
    assert.deepEqual([end.status, end.url.origin], [200, bridge.issuer]);
    assert.equal(headingOf(end.text), en.notices.loggedOut.heading);
  });
});

describe('a client that asks for more than it is registered for', () => {
  it('gets no additional scopes or claims', async () => {
    const modest = await relyingParty(bridge, 'modest');
    const { url: refused } = await authorizationRequest(modest, { scope: 'openid profile identity' });
    const answer = await personAt(bridge).get(refused);
    assert.equal(answer.url.searchParams.get('error'), 'invalid_scope');
    const claims = JSON.stringify({
      id_token: { given_name: null, identity_number: { essential: true } },
      userinfo: { given_name: null, identity_number: null },
    });
    const tokens = await tokensOf(bridge, modest, { claims });
    const told = {
      ...tokens.claims(),
      ...(await openid.fetchUserInfo(modest, tokens.access_token, tokens.claims()?.sub ?? '')),
    };
    assert.ok(!('given_name' in told) && !('identity_number' in told));
  });
});

describe('a client that uses several providers', () => {
  it('gets the issuer in every authorization response, which prevents mix-up attacks', async () => {
    const metadata = config.serverMetadata();
    assert.equal(metadata.authorization_response_iss_parameter_supported, true);
    const { url } = await authorizationRequest(config);
    assert.equal((await logIn(personAt(bridge), url)).searchParams.get('iss'), bridge.issuer);
    const { url: refused } = await authorizationRequest(config, { prompt: 'none' });
    assert.equal((await personAt(bridge).get(refused)).url.searchParams.get('iss'), bridge.issuer);
  });
});

/** Asserts an error page without a redirect. */
async function assertPage(request: URL): Promise<void> {
  const answer = await personAt(bridge).get(request);
  assert.equal(answer.status, 400);
  assert.equal(answer.url.origin, bridge.issuer);
  assert.equal(answer.headers.get('location'), null);
  assert.equal(answer.way.length, 1);
}
