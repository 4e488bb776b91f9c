import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose';
import * as openid from 'openid-client';
import type { Store } from '../../../src/store/store.ts';
import { createClientFetch } from '../../../src/oidc/clients/client-fetch.ts';
import { selfSigned } from '../../support/certificates/self-signed.ts';
import { openTestStore } from '../../support/database.ts';
import {
  aClient,
  type Bridge,
  CLIENT_SECRET,
  relyingParty,
  startBridge,
  tokensOf,
} from '../../support/oidc-bridge.ts';

const UNAUTHORIZED = (error: unknown) => error instanceof Error && 'status' in error && error.status === 401;
const BEARER = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

let store: Store;
let bridge: Bridge;
let key: CryptoKey;
let strangersKey: CryptoKey;
/** The public half of `key`. */
let jwks: { keys: JWK[] };

before(async () => {
  store = await openTestStore();
  const pair = await generateKeyPair('ES256', { extractable: true });
  key = pair.privateKey;
  strangersKey = (await generateKeyPair('ES256')).privateKey;
  jwks = { keys: [{ ...(await exportJWK(pair.publicKey)), kid: 'a' }] };
  const byKey = { client_secret: undefined, token_endpoint_auth_method: 'private_key_jwt', jwks } as const;
  bridge = await startBridge({
    stores: store,
    clients: [
      aClient({ ...byKey, client_id: 'by-key' }),
      aClient({ ...byKey, client_id: 'by-key-too' }),
      aClient({ ...byKey, client_id: 'by-ps256', token_endpoint_auth_signing_alg: 'PS256' }),
      aClient({ client_id: 'by-hmac', token_endpoint_auth_method: 'client_secret_jwt' }),
    ],
  });
});
after(async () => {
  await bridge.close();
  await store.close();
});

interface Assertion {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly signedWith?: CryptoKey | Uint8Array;
  readonly alg?: string;
}

/** A valid assertion of a client, with changes; undefined takes a claim away. */
function assertion(client: string, { claims = {}, signedWith = key, alg = 'ES256' }: Assertion = {}) {
  const now = Math.floor(Date.now() / 1000);
  const payload = {
    iss: client,
    sub: client,
    aud: bridge.issuer,
    jti: randomUUID(),
    iat: now,
    exp: now + 60,
    ...claims,
  };
  return new SignJWT(payload).setProtectedHeader({ alg, kid: 'a' }).sign(signedWith);
}

/** Asks the introspection endpoint, which needs authentication and nothing else. */
async function statusOf(client: string, client_assertion: string): Promise<number> {
  const { status } = await fetch(`${bridge.issuer}/introspect`, {
    method: 'POST',
    body: new URLSearchParams({
      client_id: client,
      client_assertion,
      client_assertion_type: BEARER,
      token: 'unknown',
    }),
  });
  return status;
}

describe('a client that signs an assertion', () => {
  it('gets tokens with its private key, and the endpoints that need authentication take it', async () => {
    const config = await relyingParty(bridge, 'by-key', {}, openid.PrivateKeyJwt({ key, kid: 'a' }));
    const tokens = await tokensOf(bridge, config);
    assert.equal(tokens.claims()?.aud, 'by-key');
    assert.equal((await openid.tokenIntrospection(config, tokens.access_token)).active, true);
    await openid.tokenRevocation(config, tokens.access_token);
    assert.equal((await openid.tokenIntrospection(config, tokens.access_token)).active, false);
  });

  it('gets tokens with its secret, which it does not send', async () => {
    const config = await relyingParty(bridge, 'by-hmac', {}, openid.ClientSecretJwt(CLIENT_SECRET));
    assert.equal((await tokensOf(bridge, config)).claims()?.aud, 'by-hmac');
  });

  it('pushes its requests with an assertion', async () => {
    const config = await relyingParty(bridge, 'by-key', {}, openid.PrivateKeyJwt({ key, kid: 'a' }));
    const url = await openid.buildAuthorizationUrlWithPAR(config, {
      redirect_uri: 'http://localhost:9/callback',
      scope: 'openid',
      code_challenge: 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM',
      code_challenge_method: 'S256',
    });
    assert.deepEqual([...url.searchParams.keys()].sort(), ['client_id', 'request_uri']);
  });

  it('uses each assertion once, also in requests at the same moment', async () => {
    const once = await assertion('by-key');
    const statuses = await Promise.all(Array.from({ length: 8 }, () => statusOf('by-key', once)));
    assert.deepEqual(statuses.sort(), [200, 401, 401, 401, 401, 401, 401, 401]);
    assert.equal(await statusOf('by-key', once), 401);
  });

  it('may use a jti that another client has used', async () => {
    const jti = randomUUID();
    for (const client of ['by-key', 'by-key-too']) {
      assert.equal(await statusOf(client, await assertion(client, { claims: { jti } })), 200, client);
    }
  });

  for (const [title, change] of [
    ['of another client', { claims: { iss: 'by-key-too', sub: 'by-key-too' } }],
    ['for another server', { claims: { aud: 'https://other.example' } }],
    ['without an audience', { claims: { aud: undefined } }],
    ['without a jti', { claims: { jti: undefined } }],
    ['without an end', { claims: { exp: undefined } }],
    ['that has expired', { claims: { exp: Math.floor(Date.now() / 1000) - 60 } }],
    ['that is not valid yet', { claims: { nbf: Math.floor(Date.now() / 1000) + 60 } }],
  ] as const) {
    it(`is refused with an assertion ${title}`, async () => {
      assert.equal(await statusOf('by-key', await assertion('by-key')), 200);
      assert.ok([400, 401].includes(await statusOf('by-key', await assertion('by-key', change))));
    });
  }

  it('is refused with another key, another algorithm, or none', async () => {
    assert.equal(await statusOf('by-key', await assertion('by-key', { signedWith: strangersKey })), 401);
    assert.equal(await statusOf('by-ps256', await assertion('by-ps256')), 401);
    // The public key as the secret of an HMAC. (RFC 8725 2.1)
    const secret = new TextEncoder().encode(CLIENT_SECRET);
    assert.equal(
      await statusOf('by-key', await assertion('by-key', { signedWith: secret, alg: 'HS256' })),
      401,
    );
    const [, payload] = (await assertion('by-key')).split('.');
    const header = Buffer.from('{"alg":"none"}').toString('base64url');
    assert.equal(await statusOf('by-key', `${header}.${payload}.`), 401);
  });

  it('is refused with the method of another client', async () => {
    const config = await relyingParty(bridge, 'by-key', {}, openid.ClientSecretPost(CLIENT_SECRET));
    await assert.rejects(tokensOf(bridge, config), UNAUTHORIZED);
    const other = await relyingParty(bridge, 'by-hmac', {}, openid.ClientSecretBasic(CLIENT_SECRET));
    await assert.rejects(tokensOf(bridge, other), UNAUTHORIZED);
  });
});

describe('the registry', () => {
  const client = { redirect_uris: ['https://app.example/callback'] };
  const refusal = (metadata: Readonly<Record<string, unknown>>) =>
    bridge.clients.add({ ...client, ...metadata }).then(
      () => 'registered',
      (error: unknown) => (error instanceof Error ? error.message : ''),
    );

  it('registers a client with its public keys, and gives it no secret', async () => {
    const { publicKey } = await generateKeyPair('RS256', { extractable: true });
    const registered = await bridge.clients.add({
      ...client,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [await exportJWK(publicKey)] },
    });
    assert.equal(registered.client_secret, undefined);
    await assert.rejects(bridge.clients.changeSecret(registered.client_id), { code: 'client_invalid' });
  });

  it('refuses what would not work, with the reason', async () => {
    const { privateKey } = await generateKeyPair('ES256', { extractable: true });
    const jwks = { keys: [await exportJWK(privateKey)] };
    const byKey = { token_endpoint_auth_method: 'private_key_jwt' };
    assert.match(await refusal(byKey), /jwks or jwks_uri is mandatory/);
    assert.match(await refusal({ ...byKey, jwks }), /has a private or secret key/);
    assert.match(await refusal({ ...byKey, jwks: { keys: [{ kty: 'oct', k: 'AAAA' }] } }), /jwks/);
    assert.match(await refusal({ ...byKey, jwks_uri: 'http://app.example/jwks' }), /jwks_uri/);
    assert.match(
      await refusal({ ...byKey, client_secret: CLIENT_SECRET, jwks_uri: 'https://app.example/jwks' }),
      /has no client_secret/,
    );
    assert.match(
      await refusal({
        ...byKey,
        jwks_uri: 'https://app.example/jwks',
        token_endpoint_auth_signing_alg: 'HS256',
      }),
      /token_endpoint_auth_signing_alg HS256 is not for/,
    );
  });
});

describe('keys at an address', () => {
  it('are not fetched from this machine or its network', async (test) => {
    let asked = 0;
    const server = createServer((_request, response) => {
      asked += 1;
      response.end();
    }).on('connection', () => (asked += 1));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    test.after(() => server.close());
    const { port } = server.address() as AddressInfo;
    const { client_id } = await bridge.clients.add({
      client_id: 'inside',
      redirect_uris: ['https://app.example/callback'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: `https://127.0.0.1:${port}/jwks`,
    });
    assert.equal(await statusOf(client_id, await assertion(client_id)), 401);
    assert.equal(asked, 0);
  });
});

describe('keys at an address that the operator allows', () => {
  it('are fetched although it is inside, and cached; another key is refused', async (test) => {
    const tls = selfSigned('keys.internal', '127.0.0.1');
    let asked = 0;
    const server = createServer(tls, (_request, response) => {
      asked += 1;
      response.setHeader('content-type', 'application/jwk-set+json').end(JSON.stringify(jwks));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    test.after(() => {
      server.closeAllConnections();
      server.close();
    });
    const { port } = server.address() as AddressInfo;
    const byAddress = {
      client_secret: undefined,
      token_endpoint_auth_method: 'private_key_jwt',
      jwks_uri: `https://keys.internal:${port}/jwks`,
    } as const;
    const inner = await startBridge({
      stores: store,
      clients: [aClient({ ...byAddress, client_id: 'inner' })],
      clientFetch: createClientFetch({
        resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
        ca: tls.cert,
        allowedHosts: ['keys.internal'],
      }),
    });
    test.after(() => inner.close());
    const introspect = async (signedWith: CryptoKey) => {
      const auth = openid.PrivateKeyJwt({ key: signedWith, kid: 'a' });
      return openid.tokenIntrospection(await relyingParty(inner, 'inner', {}, auth), 'unknown');
    };
    assert.deepEqual([await introspect(key), await introspect(key)], [{ active: false }, { active: false }]);
    assert.equal(asked, 1);
    await assert.rejects(introspect(strangersKey), UNAUTHORIZED);
  });
});
