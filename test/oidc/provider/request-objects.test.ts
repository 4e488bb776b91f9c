/** Authorization requests in a signed JWT. (RFC 9101) */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import * as openid from 'openid-client';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  aLoginOf,
  authorizationRequest,
  type Bridge,
  CLIENT_SECRET,
  finishLogin,
  personAt,
  relyingParty,
  startBridge,
  toLoginPage,
} from '../../support/oidc-bridge.ts';

let store: Store;
let bridge: Bridge;
let config: openid.Configuration;
let key: CryptoKey;
before(async () => {
  store = await openTestStore();
  const pair = await generateKeyPair('ES256', { extractable: true });
  key = pair.privateKey;
  const jwks = { keys: [await exportJWK(pair.publicKey)] };
  bridge = await startBridge({
    stores: store,
    clients: [
      aClient({ jwks, request_object_signing_alg: 'ES256' }),
      aClient({ client_id: 'signed-only', jwks, require_signed_request_object: true }),
      aClient({ client_id: 'without-keys' }),
    ],
  });
  config = await relyingParty(bridge);
});
after(async () => {
  await bridge.close();
  await store.close();
});

interface Changes {
  readonly client?: string;
  readonly claims?: JWTPayload;
  readonly signedWith?: CryptoKey;
  readonly alg?: string;
}

/** A request whose parameters are all in the request object. */
async function requestWith({
  client = 'client',
  claims = {},
  signedWith = key,
  alg = 'ES256',
}: Changes = {}) {
  const { url, checks } = await authorizationRequest(config, { client_id: client });
  const now = Math.floor(Date.now() / 1000);
  const parameters = Object.fromEntries(url.searchParams);
  const payload = { ...parameters, iss: client, aud: bridge.issuer, iat: now, exp: now + 60, ...claims };
  const request = await new SignJWT(payload)
    .setProtectedHeader({ alg, typ: 'oauth-authz-req+jwt' })
    .sign(signedWith);
  const address = new URL('/authorize', bridge.issuer);
  address.search = new URLSearchParams({ client_id: client, request }).toString();
  return { url: address, checks, request };
}

/** The error of a refused request, or `login page`. */
async function outcomeOf(url: URL): Promise<string> {
  const page = await personAt(bridge).get(url);
  if (page.url.pathname.startsWith('/login/')) return 'login page';
  const { error, code }: Readonly<Record<string, string>> = page.text.startsWith('{')
    ? (JSON.parse(page.text) as Record<string, string>)
    : Object.fromEntries(page.url.searchParams);
  return error ?? code ?? page.text;
}

describe('a signed request', () => {
  it('is answered, and its parameters count', async () => {
    const { url, checks } = await requestWith({ claims: { login_hint: 'PNOEE-40504040001' } });
    const person = personAt(bridge);
    const loginPage = await toLoginPage(person, url);
    const { text } = await person.get(loginPage);
    assert.match(text, /PNOEE-40504040001/);
    const callback = (await finishLogin(person, loginPage, aLoginOf('PNOEE-40504040001'))).url;
    const tokens = await openid.authorizationCodeGrant(config, callback, checks);
    assert.equal(tokens.claims()?.sub, 'PNOEE-40504040001');
  });

  it('counts before what the browser carries beside it', async () => {
    const { url } = await requestWith({ claims: { login_hint: 'PNOEE-40504040001' } });
    url.searchParams.set('login_hint', 'PNOEE-50001029996');
    const person = personAt(bridge);
    const { text } = await person.get(await toLoginPage(person, url));
    assert.ok(text.includes('PNOEE-40504040001') && !text.includes('PNOEE-50001029996'));
  });

  it('may ask for claims as an object', async () => {
    const acr = { essential: true, values: ['urn:none'] };
    const { url } = await requestWith({ claims: { claims: { id_token: { acr } } } });
    assert.equal(await outcomeOf(url), 'unmet_authentication_requirements');
    const { url: other } = await requestWith({
      claims: { claims: { id_token: { sub: { value: 'PNOEE-40504040001' } } } },
    });
    const person = personAt(bridge);
    assert.match((await person.get(await toLoginPage(person, other))).text, /PNOEE-40504040001/);
  });

  it('can be pushed', async () => {
    const { request } = await requestWith();
    const response = await fetch(`${bridge.issuer}/par`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`client:${CLIENT_SECRET}`)}` },
      body: new URLSearchParams({ request }),
    });
    assert.equal(response.status, 201);
    const { request_uri } = (await response.json()) as { request_uri: string };
    const url = new URL('/authorize', bridge.issuer);
    url.search = new URLSearchParams({ client_id: 'client', request_uri }).toString();
    assert.equal(await outcomeOf(url), 'login page');
  });

  it('is refused with another key, algorithm, audience or client, after its end, and unsigned', async () => {
    assert.equal(await outcomeOf((await requestWith()).url), 'login page');
    const stranger = await generateKeyPair('ES256');
    const rsa = await generateKeyPair('RS256');
    for (const change of [
      { signedWith: stranger.privateKey },
      { signedWith: rsa.privateKey, alg: 'RS256' },
      { claims: { aud: 'https://other.example' } },
      { claims: { client_id: 'signed-only' } },
      { claims: { iss: 'signed-only' } },
      { claims: { exp: Math.floor(Date.now() / 1000) - 60 } },
      { client: 'without-keys' },
    ] satisfies Changes[]) {
      const outcome = await outcomeOf((await requestWith(change)).url);
      assert.match(outcome, /^invalid_request(_object)?$/, JSON.stringify(change));
    }
    const { url, request } = await requestWith();
    const unsigned = [Buffer.from('{"alg":"none"}').toString('base64url'), request.split('.')[1], ''].join(
      '.',
    );
    url.searchParams.set('request', unsigned);
    assert.equal(await outcomeOf(url), 'invalid_request_object');
  });

  it('is not fetched from an address', async () => {
    const { url } = await authorizationRequest(config, { request_uri: 'https://app.example/request.jwt' });
    assert.match(await outcomeOf(url), /^invalid_request|request_uri_not_supported/);
  });

  it('is demanded of a client that is registered so', async () => {
    const { url } = await authorizationRequest(config, { client_id: 'signed-only' });
    assert.equal(await outcomeOf(url), 'invalid_request');
    assert.equal(await outcomeOf((await requestWith({ client: 'signed-only' })).url), 'login page');
  });
});
