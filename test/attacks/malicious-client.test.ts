/**
 * A client that is registered, or somebody in its place, tries to get a login that was not meant for it: by an address that
 * only looks registered, by weaker ways of the protocol, with codes and tokens of other clients.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import type { Store } from '../../src/store/store.ts';
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

const APP = 'https://app.example/callback';
const HOSTILE_STATE = '"><script>alert(1)</script>';

let store: Store;
let bridge: Bridge;
/** The victim, and the malicious one. */
let config: openid.Configuration;
let evil: openid.Configuration;

before(async () => {
  store = await openTestStore();
  bridge = await startBridge({
    stores: store,
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

describe('an address that only looks registered', () => {
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
    it(`gets nobody: ${JSON.stringify(uri)}`, async () => {
      const { url } = await authorizationRequest(config, { redirect_uri: uri });
      await assertPage(url);
    });
  }

  it('gets nobody when it comes beside the right one', async () => {
    const { url } = await authorizationRequest(config);
    url.searchParams.append('redirect_uri', 'https://evil.example/callback');
    await assertPage(url);
  });

  it('is not taken for a code at the token endpoint either', async () => {
    const { url, checks } = await authorizationRequest(config, { redirect_uri: APP });
    const callback = await logIn(personAt(bridge), url);
    const elsewhere = new URL(callback.search, REDIRECT_URI);
    assert.equal(
      await oauthErrorOf(openid.authorizationCodeGrant(config, elsewhere, checks)),
      'invalid_grant',
    );
  });
});

describe('a weaker way of the protocol', () => {
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
    it(`asks nobody to log in: ${new URLSearchParams(parameters).toString()}`, async () => {
      const { url } = await authorizationRequest(config, parameters);
      const answer = await personAt(bridge).get(url);
      assert.ok(!answer.url.pathname.startsWith('/login/'), answer.url.href);
      assert.equal(answer.url.searchParams.has('code'), false);
      if (answer.url.origin !== bridge.issuer) assert.equal(answer.url.href.split(/[?#]/)[0], REDIRECT_URI);
    });
  }

  it('is not PKCE left out on the way: a code without a challenge is not redeemed with a verifier', async () => {
    const old = await relyingParty(bridge, 'old');
    const { url, checks } = await authorizationRequest(old);
    url.searchParams.delete('code_challenge');
    url.searchParams.delete('code_challenge_method');
    const callback = await logIn(personAt(bridge), url);
    assert.equal(await oauthErrorOf(openid.authorizationCodeGrant(old, callback, checks)), 'invalid_grant');
  });

  it('is not PKCE forgotten: a code with a challenge is not redeemed without a verifier', async () => {
    const old = await relyingParty(bridge, 'old');
    const { url, checks } = await authorizationRequest(old);
    const callback = await logIn(personAt(bridge), url);
    const { pkceCodeVerifier: _, ...without } = checks;
    assert.equal(await oauthErrorOf(openid.authorizationCodeGrant(old, callback, without)), 'invalid_grant');
  });

  it('writes nothing of a request into a page, where the answer is posted', async () => {
    const { url } = await authorizationRequest(config, { response_mode: 'form_post', state: HOSTILE_STATE });
    const person = personAt(bridge);
    const loginPage = await toLoginPage(person, url);
    const { text } = await person.post(loginPage, { result: JSON.stringify(aLogin()) });
    assert.match(text, new RegExp(`<form method="post" action="${REDIRECT_URI}">`));
    assert.ok(!text.includes('<script>alert'));
    const { url: refused } = await authorizationRequest(config, {
      response_mode: 'form_post',
      state: HOSTILE_STATE,
      scope: 'profile',
    });
    assert.ok(!(await person.get(refused)).text.includes('<script>alert'));
  });
});

describe('another client’s', () => {
  it('code is of no use, and neither is its own client’s secret in other hands', async () => {
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
    // The code is still its owner's.
    assert.ok((await openid.authorizationCodeGrant(config, callback, checks)).id_token);
  });

  it('token tells a client nothing, and is not taken away by one', async () => {
    const { access_token: token, id_token: idToken = '' } = await tokensOf(bridge, config);
    assert.deepEqual(await openid.tokenIntrospection(evil, token), { active: false });
    assert.equal(await oauthErrorOf(openid.tokenRevocation(evil, token)), 'invalid_request');
    assert.equal((await openid.tokenIntrospection(config, token)).active, true);
    // An ID token is for its client to read, and opens nothing.
    for (const wrong of [idToken, 'x', `${token}x`]) {
      const answer = await fetch(`${bridge.issuer}/userinfo`, {
        headers: { authorization: `Bearer ${wrong}` },
      });
      assert.equal(answer.status, 401);
    }
  });

  it('pushed request is not taken up by a client', async () => {
    const { url } = await authorizationRequest(config);
    const pushed = await openid.buildAuthorizationUrlWithPAR(config, Object.fromEntries(url.searchParams));
    pushed.searchParams.set('client_id', 'evil');
    await assertPage(pushed);
  });

  it('ID token is no hint, nor is one that nobody signed', async () => {
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

  it('page after logout is not reached', async () => {
    const { id_token: hint = '' } = await tokensOf(bridge, evil, {
      redirect_uri: 'https://evil.example/callback',
    });
    const answer = await personAt(bridge).get(
      openid.buildEndSessionUrl(evil, { id_token_hint: hint, post_logout_redirect_uri: `${HOME}elsewhere` }),
    );
    assert.deepEqual([answer.status, answer.url.origin], [400, bridge.issuer]);
  });
});

describe('a client that asks for more than it is registered for', () => {
  it('gets no more: neither by scope nor by claim', async () => {
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

describe('a client that talks to several providers', () => {
  it('is told which one answers, in every answer, so that none is taken for another', async () => {
    const metadata = config.serverMetadata();
    assert.equal(metadata.authorization_response_iss_parameter_supported, true);
    const { url } = await authorizationRequest(config);
    assert.equal((await logIn(personAt(bridge), url)).searchParams.get('iss'), bridge.issuer);
    const { url: refused } = await authorizationRequest(config, { prompt: 'none' });
    assert.equal((await personAt(bridge).get(refused)).url.searchParams.get('iss'), bridge.issuer);
  });
});

/** Nothing is sent anywhere: the person is told. */
async function assertPage(request: URL): Promise<void> {
  const answer = await personAt(bridge).get(request);
  assert.equal(answer.status, 400);
  assert.equal(answer.url.origin, bridge.issuer);
  assert.equal(answer.headers.get('location'), null);
  assert.equal(answer.way.length, 1);
}
