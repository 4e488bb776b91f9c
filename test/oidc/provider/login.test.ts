import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import * as openid from 'openid-client';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  aLogin,
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
} from '../../support/oidc-bridge.ts';

const PROFILE = ['birthdate', 'family_name', 'given_name', 'name'];
const IDENTITY = ['identity_country', 'identity_number', 'identity_type', 'semantics_identifier'];
const SMART_ID = ['certificate_level', 'document_number', 'flow'];
const ALWAYS = ['acr', 'amr', 'at_hash', 'aud', 'auth_time', 'exp', 'iat', 'iss', 'nonce', 'sid', 'sub'];

let store: Store;
let bridge: Bridge;
let config: openid.Configuration;

before(async () => {
  store = await openTestStore();
  bridge = await startBridge({
    stores: store,
    clients: [
      aClient(),
      aClient({ client_id: 'es256', id_token_signed_response_alg: 'ES256' }),
      aClient({ client_id: 'limited', scope: 'openid profile' }),
      aClient({ client_id: 'pairwise', subject_type: 'pairwise' }),
      aClient({
        client_id: 'pairwise-elsewhere',
        subject_type: 'pairwise',
        redirect_uris: ['https://elsewhere.example/callback'],
      }),
      aClient({
        client_id: 'public',
        client_secret: undefined,
        token_endpoint_auth_method: 'none',
      }),
      aClient({ client_id: 'par', require_pushed_authorization_requests: true }),
    ],
  });
  config = await relyingParty(bridge);
});
after(async () => {
  await bridge.close();
  await store.close();
});

describe('a login', () => {
  for (const [scope, names] of [
    ['openid', []],
    ['openid profile', PROFILE],
    ['openid identity', IDENTITY],
    ['openid smart_id', SMART_ID],
    ['openid profile identity smart_id', [...PROFILE, ...IDENTITY, ...SMART_ID]],
  ] as const) {
    it(`returns the claims of “${scope}”, in the ID token and at the userinfo endpoint`, async () => {
      const tokens = await tokensOf(bridge, config, { scope });
      const claims = tokens.claims();
      assert.ok(claims);
      assert.deepEqual(Object.keys(claims).sort(), [...ALWAYS, ...names].sort());
      const userinfo = await openid.fetchUserInfo(config, tokens.access_token, claims.sub);
      assert.deepEqual(Object.keys(userinfo).sort(), ['sub', ...names].sort());
      for (const name of names) assert.equal(userinfo[name], claims[name]);
    });
  }

  it('returns the person and the authentication method', async () => {
    const scope = 'openid profile identity smart_id';
    const claims = (await tokensOf(bridge, config, { scope })).claims();
    assert.ok(claims);
    const { nonce: _, iat: __, exp: ___, sid: ____, at_hash: _____, auth_time: ______, ...stated } = claims;
    assert.deepEqual(stated, {
      iss: bridge.issuer,
      aud: 'client',
      sub: 'PNOEE-40504040001',
      acr: 'http://eidas.europa.eu/LoA/high',
      amr: ['smartid', 'mfa', 'pin'],
      name: 'ÕIE-MARY ÄNN',
      given_name: 'ÕIE-MARY',
      family_name: 'ÄNN',
      birthdate: '1905-04-04',
      identity_number: '40504040001',
      identity_type: 'PNO',
      identity_country: 'EE',
      semantics_identifier: 'PNOEE-40504040001',
      document_number: 'PNOEE-40504040001-MOCK-Q',
      certificate_level: 'QUALIFIED',
      flow: 'notification',
    });
  });

  it('has as auth_time when the browser completed it, not when the answer was verified', async () => {
    const begun = Math.floor(Date.now() / 1000);
    // A verified login waits for the browser: for its next poll, or for a tab that was in the background.
    const login = aLogin({ authenticatedAt: begun - 7 });
    const claims = (await tokensOf(bridge, config, { max_age: '0' }, login)).claims();
    assert.ok(claims?.auth_time !== undefined);
    assert.ok(claims.auth_time >= begun && claims.auth_time <= claims.iat);
  });

  it('returns the low level of assurance for a certificate that is not qualified', async () => {
    const claims = (await tokensOf(bridge, config, {}, aLogin({ certificateLevel: 'ADVANCED' }))).claims();
    assert.equal(claims?.acr, 'http://eidas.europa.eu/LoA/low');
  });

  it('omits an unknown birth date', async () => {
    const { birthdate: _, ...person } = aLogin().person;
    const claims = (await tokensOf(bridge, config, { scope: 'openid profile' }, aLogin({ person }))).claims();
    assert.equal('birthdate' in (claims ?? {}), false);
  });

  for (const prompt of [undefined, 'consent'] as const) {
    it(`issues no refresh token for offline_access${prompt ? ` with prompt=${prompt}` : ''}`, async () => {
      const parameters = { scope: 'openid offline_access', ...(prompt ? { prompt } : {}) };
      const tokens = await tokensOf(bridge, config, parameters);
      assert.equal(tokens.refresh_token, undefined);
      assert.equal(tokens.scope, 'openid');
      assert.equal(tokens.expires_in, 600);
    });
  }

  it('is refused before it begins without the openid scope', async () => {
    const { url } = await authorizationRequest(config, { scope: 'profile' });
    url.searchParams.delete('nonce');
    const answer = await personAt(bridge).get(url);
    assert.equal(answer.url.searchParams.get('error'), 'invalid_scope');
  });

  it('is signed with the RSA key, or with the elliptic curve key for a client that wants it', async () => {
    const { keys } = (await (await fetch(`${bridge.issuer}/jwks`)).json()) as {
      keys: { kid: string; alg: string; kty: string; d?: string }[];
    };
    const kinds = keys.map(({ alg, kty }) => `${alg} ${kty}`);
    const [rsa, curves] = [
      ['RS256 RSA', 'PS256 RSA'],
      ['ES256 EC', 'EdDSA OKP'],
    ] as const;
    assert.deepEqual(kinds, [...rsa, ...rsa, ...curves, ...curves], 'one of each signs, one is next');
    assert.ok(keys.every((key) => !('d' in key)));
    const es256 = await relyingParty(bridge, 'es256', { id_token_signed_response_alg: 'ES256' });
    for (const [party, alg] of [
      [config, 'RS256'],
      [es256, 'ES256'],
    ] as const) {
      openid.enableNonRepudiationChecks(party);
      const { id_token } = await tokensOf(bridge, party);
      assert.deepEqual(headerOf(id_token), { alg, kid: keys.find((key) => key.alg === alg)?.kid });
    }
  });

  it('binds the ID token to the access token by at_hash, for each signing algorithm', async () => {
    const es256 = await relyingParty(bridge, 'es256', { id_token_signed_response_alg: 'ES256' });
    for (const party of [config, es256]) {
      const tokens = await tokensOf(bridge, party);
      // The left half of the hash of the algorithm, SHA-256 for both. (OpenID Connect Core 3.1.3.6)
      const hash = createHash('sha256').update(tokens.access_token).digest().subarray(0, 16);
      assert.equal(tokens.claims()?.at_hash, hash.toString('base64url'));
    }
  });

  it('does not reveal the semantics identifier in a pairwise subject', async () => {
    const party = await relyingParty(bridge, 'pairwise');
    const first = await tokensOf(bridge, party);
    const second = await tokensOf(bridge, party);
    const sub = first.claims()?.sub ?? '';
    assert.match(sub, /^[\w-]{43}$/);
    assert.equal(second.claims()?.sub, sub);
    assert.equal((await openid.fetchUserInfo(party, first.access_token, sub)).sub, sub);
    assert.equal((await openid.tokenIntrospection(party, first.access_token)).sub, sub);
    const other = await tokensOf(bridge, party, {}, aLoginOf('PNOLV-030303-10012'));
    assert.notEqual(other.claims()?.sub, sub);
  });

  it('has different pairwise subjects for clients of different sectors', async () => {
    const party = await relyingParty(bridge, 'pairwise-elsewhere');
    const elsewhere = await tokensOf(bridge, party, { redirect_uri: 'https://elsewhere.example/callback' });
    const here = await tokensOf(bridge, await relyingParty(bridge, 'pairwise'));
    assert.notEqual(elsewhere.claims()?.sub, here.claims()?.sub);
  });

  it('works for a public client, which has PKCE and no secret', async () => {
    const party = await relyingParty(bridge, 'public', {}, openid.None());
    const claims = (await tokensOf(bridge, party, { scope: 'openid identity' })).claims();
    assert.equal(claims?.identity_number, '40504040001');
  });

  it('accepts the client secret in the body too', async () => {
    const party = await relyingParty(bridge, 'client', {}, openid.ClientSecretPost(CLIENT_SECRET));
    assert.ok((await tokensOf(bridge, party)).access_token);
  });

  it('can begin with a pushed authorization request, which can be used once', async () => {
    const party = await relyingParty(bridge, 'par');
    const { checks, url } = await authorizationRequest(party, { scope: 'openid profile' });
    const pushed = await openid.buildAuthorizationUrlWithPAR(party, url.searchParams);
    const callback = await logIn(personAt(bridge), pushed);
    const tokens = await openid.authorizationCodeGrant(party, callback, checks);
    assert.equal(tokens.claims()?.given_name, 'ÕIE-MARY');
    const again = await personAt(bridge).get(pushed);
    assert.match(again.text, /invalid_request_uri/);
  });

  it('refuses a scope for which the client is not registered', async () => {
    const party = await relyingParty(bridge, 'limited');
    const { url } = await authorizationRequest(party, { scope: 'openid identity' });
    const answer = await personAt(bridge).get(url);
    assert.equal(answer.url.searchParams.get('error'), 'invalid_scope');
  });
});

describe('each authorization request', () => {
  it('asks the person again, in the same browser and for the same client', async () => {
    const person = personAt(bridge);
    await logIn(person, (await authorizationRequest(config)).url);
    const loginPage = await toLoginPage(person, (await authorizationRequest(config)).url);
    assert.match(loginPage.pathname, /^\/login\/[\w-]+$/);
  });

  for (const [title, loggedInBefore] of [
    ['to a person who never logged in', false],
    ['to a person who just logged in', true],
  ] as const) {
    it(`answers prompt=none with login_required ${title}`, async () => {
      const person = personAt(bridge);
      if (loggedInBefore) await logIn(person, (await authorizationRequest(config)).url);
      const { url, checks } = await authorizationRequest(config, { prompt: 'none' });
      const answer = await person.get(url);
      assert.equal(
        await oauthErrorOf(openid.authorizationCodeGrant(config, answer.url, checks)),
        'login_required',
      );
    });
  }

  for (const parameters of [
    { prompt: 'login' },
    { prompt: 'consent' },
    { prompt: 'select_account' },
    { prompt: 'login consent select_account' },
    { max_age: '0' },
    { max_age: '300' },
    { max_age: '0', prompt: 'consent' },
  ] as const) {
    it(`is satisfied by one login: ${new URLSearchParams(parameters).toString()}`, async () => {
      assert.ok((await tokensOf(bridge, config, parameters)).id_token);
    });
  }

  it('is independent of others in the same browser: two tabs, two clients, two persons', async () => {
    const person = personAt(bridge);
    const es256 = await relyingParty(bridge, 'es256', { id_token_signed_response_alg: 'ES256' });
    const first = await authorizationRequest(config);
    const second = await authorizationRequest(es256);
    const firstPage = await toLoginPage(person, first.url);
    const secondPage = await toLoginPage(person, second.url);
    const firstCallback = await finishLogin(person, firstPage, aLoginOf('PNOEE-40504040001'));
    const secondCallback = await finishLogin(person, secondPage, aLoginOf('PNOLT-40504040001'));
    const one = await openid.authorizationCodeGrant(config, firstCallback.url, first.checks);
    const other = await openid.authorizationCodeGrant(es256, secondCallback.url, second.checks);
    assert.equal(one.claims()?.sub, 'PNOEE-40504040001');
    assert.equal(other.claims()?.sub, 'PNOLT-40504040001');
    for (const [party, tokens] of [
      [config, one],
      [es256, other],
    ] as const) {
      const { sub } = tokens.claims() ?? { sub: '' };
      assert.equal((await openid.fetchUserInfo(party, tokens.access_token, sub)).sub, sub);
    }
  });

  it('logs in only the person of its id_token_hint', async () => {
    const { id_token_hint, sub } = await hintOf('client');
    const claims = (await tokensOf(bridge, config, { id_token_hint })).claims();
    assert.equal(claims?.sub, sub);
    const { url, checks } = await authorizationRequest(config, { id_token_hint });
    const callback = await logIn(personAt(bridge), url, aLoginOf('PNOEE-50001029996'));
    assert.equal(
      await oauthErrorOf(openid.authorizationCodeGrant(config, callback, checks)),
      'access_denied',
    );
  });

  it('compares the id_token_hint by the pairwise subject if the client has one', async () => {
    const { id_token_hint, sub } = await hintOf('pairwise');
    const party = await relyingParty(bridge, 'pairwise');
    const claims = (await tokensOf(bridge, party, { id_token_hint })).claims();
    assert.equal(claims?.sub, sub);
  });

  it('is aborted with access_denied and user_cancel', async () => {
    const person = personAt(bridge);
    const { url, checks } = await authorizationRequest(config);
    const loginPage = await toLoginPage(person, url);
    const callback = await person.post(`${loginPage.href}/abort`, {});
    assert.equal(callback.url.href.split('?')[0], REDIRECT_URI);
    assert.equal(callback.url.searchParams.get('error_description'), 'user_cancel');
    assert.equal(callback.url.searchParams.get('state'), checks.expectedState);
    assert.equal(
      await oauthErrorOf(openid.authorizationCodeGrant(config, callback.url, checks)),
      'access_denied',
    );
  });
});

async function hintOf(clientId: string) {
  const tokens = await tokensOf(bridge, await relyingParty(bridge, clientId));
  return { id_token_hint: tokens.id_token ?? '', sub: tokens.claims()?.sub };
}

function headerOf(jwt = ''): unknown {
  return JSON.parse(Buffer.from(jwt.split('.')[0] ?? '', 'base64url').toString());
}
