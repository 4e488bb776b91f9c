import assert from 'node:assert/strict';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { LANGUAGES } from '../../../src/config/languages.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import { aClient, aLogin, type Bridge, REDIRECT_URI, startBridge } from '../../support/oidc-bridge.ts';

const ISSUER = 'https://login.example.ee';
const SPA = 'https://app.example';
const AUTHORIZE = `/authorize?${new URLSearchParams({
  client_id: 'client',
  redirect_uri: REDIRECT_URI,
  response_type: 'code',
  scope: 'openid',
  code_challenge: 'x'.repeat(43),
  code_challenge_method: 'S256',
})}`;

/** Behind a proxy that terminates TLS: the issuer is https, the request to Sild is plain http. */
let bridge: Bridge;
let store: Store;

before(async () => {
  store = await openTestStore();
  bridge = await startBridge({
    stores: store,
    issuer: ISSUER,
    clients: [
      aClient(),
      aClient({
        client_id: 'spa',
        client_secret: undefined,
        token_endpoint_auth_method: 'none',
        redirect_uris: [`${SPA}/callback`],
      }),
      aClient({ client_id: 'server-app', redirect_uris: [`${SPA}/callback`] }),
    ],
  });
});
after(async () => {
  await bridge.close();
  await store.close();
});

describe('discovery', () => {
  it('has no list without elements', async () => {
    const metadata = Object.entries(await discovery());
    assert.ok(metadata.length > 20);
    assert.deepEqual(
      metadata.filter(([, value]) => Array.isArray(value) && value.length === 0),
      [],
    );
  });

  it('lists endpoints under the issuer, although the request came over plain http', async () => {
    const metadata = await discovery();
    assert.equal(metadata.issuer, ISSUER);
    assert.deepEqual(
      Object.fromEntries(
        Object.entries(metadata).filter(([name]) => name.endsWith('_endpoint') || name === 'jwks_uri'),
      ),
      {
        authorization_endpoint: `${ISSUER}/authorize`,
        token_endpoint: `${ISSUER}/token`,
        userinfo_endpoint: `${ISSUER}/userinfo`,
        jwks_uri: `${ISSUER}/jwks`,
        pushed_authorization_request_endpoint: `${ISSUER}/par`,
        end_session_endpoint: `${ISSUER}/logout`,
        introspection_endpoint: `${ISSUER}/introspect`,
        revocation_endpoint: `${ISSUER}/revoke`,
      },
    );
  });

  it('lists exactly the supported features', async () => {
    const SIGNED = ['RS256', 'PS256', 'ES256', 'EdDSA'];
    const metadata = await discovery();
    assert.deepEqual(metadata.response_types_supported, ['code']);
    assert.deepEqual(metadata.grant_types_supported, ['authorization_code']);
    assert.deepEqual(metadata.scopes_supported, [
      'openid',
      'profile',
      'identity',
      'smart_id',
      'age',
      'receipt',
    ]);
    assert.deepEqual(metadata.code_challenge_methods_supported, ['S256']);
    assert.deepEqual(metadata.id_token_signing_alg_values_supported, SIGNED);
    assert.deepEqual(metadata.subject_types_supported, ['public', 'pairwise']);
    assert.deepEqual(metadata.token_endpoint_auth_methods_supported, [
      'client_secret_basic',
      'client_secret_post',
      'client_secret_jwt',
      'private_key_jwt',
      'none',
    ]);
    assert.equal(metadata.request_parameter_supported, true);
    assert.equal(metadata.request_uri_parameter_supported, false);
    assert.deepEqual(metadata.dpop_signing_alg_values_supported, [
      'RS256',
      'PS256',
      'ES256',
      'EdDSA',
      'Ed25519',
    ]);
    assert.deepEqual(metadata.id_token_encryption_alg_values_supported, ['RSA-OAEP-256', 'ECDH-ES']);
    assert.deepEqual(metadata.userinfo_encryption_enc_values_supported, ['A128CBC-HS256', 'A256GCM']);
    assert.deepEqual(metadata.userinfo_signing_alg_values_supported, SIGNED);
    // An introspection answers in JSON, and signs nothing.
    assert.ok(!Object.keys(metadata).some((name) => /^introspection_(signing|encryption)/.test(name)));
    // Sild does not decrypt request objects.
    assert.equal(metadata.request_object_encryption_alg_values_supported, undefined);
    for (const endpoint of ['introspection', 'revocation']) {
      for (const what of ['auth_methods', 'auth_signing_alg_values'])
        assert.deepEqual(
          metadata[`${endpoint}_endpoint_${what}_supported`],
          metadata[`token_endpoint_${what}_supported`],
          `${endpoint} ${what}`,
        );
    }
    assert.deepEqual(metadata.prompt_values_supported, ['none', 'login', 'consent', 'select_account']);
    assert.deepEqual(metadata.ui_locales_supported, LANGUAGES);
  });

  for (const [title, headers] of [
    ['a hostile Host header', { host: 'evil.example' }],
    ['hostile X-Forwarded headers', { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' }],
  ] as const) {
    it(`is not changed by ${title}, with or without a trusted proxy`, async () => {
      const proxied = await startBridge({ stores: store, issuer: ISSUER, trustProxy: 1 });
      try {
        for (const one of [bridge, proxied])
          assert.deepEqual(await discovery(headers, one), await discovery());
      } finally {
        await proxied.close();
      }
    });
  }

  it('is not changed by an absolute address in the request line', async () => {
    const { body } = await ask('http://evil.example/.well-known/openid-configuration');
    assert.equal(body.includes('evil.example'), false);
    assert.equal((JSON.parse(body) as { token_endpoint: string }).token_endpoint, `${ISSUER}/token`);
  });
});

describe('an authorization request', () => {
  it('redirects to Sild’s own pages, not to the host that the request names', async () => {
    for (const path of [AUTHORIZE, `http://evil.example${AUTHORIZE}`]) {
      const { headers, status } = await ask(path, { host: 'evil.example' });
      assert.equal(status, 303);
      assert.match(headers.location ?? '', /^\/login\/[\w-]+$/);
      const uid = headers.location?.split('/')[2] ?? '';
      const interaction = await bridge.stores.records.find('Interaction', uid);
      assert.equal(interaction?.payload.returnTo, `${ISSUER}/authorize/${uid}`);
    }
  });

  it('sets signed cookies for the paths of its pages over https, and one cookie that no other host can set', async () => {
    const { headers } = await ask(AUTHORIZE);
    const uid = headers.location?.split('/')[2] ?? '';
    const cookies = headers['set-cookie'] ?? [];
    assert.deepEqual(cookies.map((cookie) => cookie.split('=')[0]).sort(), [
      `__Host-sild_begun_${uid}`,
      '__Secure-sild_login',
      '__Secure-sild_login.sig',
      '__Secure-sild_resume',
      '__Secure-sild_resume.sig',
    ]);
    for (const cookie of cookies) {
      const path = cookie.startsWith('__Host-')
        ? '/'
        : cookie.startsWith('__Secure-sild_login')
          ? `/login/${uid}`
          : `/authorize/${uid}`;
      const attributes = cookie.toLowerCase().split('; ');
      assert.ok(attributes.includes(`path=${path}`.toLowerCase()), cookie);
      for (const attribute of ['secure', 'httponly', 'samesite=lax']) {
        assert.ok(attributes.includes(attribute), cookie);
      }
    }
  });
});

describe('a login over https', () => {
  it('sets cookies that only the logout receives, and its own one expires with the last token', async () => {
    const begun = await ask(AUTHORIZE);
    const cookie = (begun.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
    const result = new URLSearchParams({ result: JSON.stringify(aLogin()) }).toString();
    const { headers } = await ask(begun.headers.location ?? '', { cookie }, 'POST', result);
    const back = await ask(new URL(headers.location ?? '').pathname, { cookie });
    const left = (back.headers['set-cookie'] ?? []).filter((line) => line.includes('session'));
    const [own, ...others] = left.filter((line) => line.startsWith('__Secure-sild_session_'));
    assert.deepEqual([left.length, others], [3, []]);
    for (const line of left) {
      assert.match(line, /^__Secure-sild_session.*; path=\/logout;.*secure; httponly/i);
      assert.match(line, /samesite=lax/i);
    }
    const lasts = Date.parse(/expires=([^;]+)/i.exec(own ?? '')?.[1] ?? '') - Date.now();
    assert.ok(lasts > 10 * 60_000 && lasts <= 11 * 60_000, String(lasts));
  });
});

describe('a request body', () => {
  it('is refused if it is too large, with or without a Content-Length', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const large = `grant_type=authorization_code&code=${'x'.repeat(60 * 1024)}`;
    for (const path of ['/token', '/par', '/introspect', '/revoke', '/logout/confirm']) {
      for (const headers of [form, { ...form, 'transfer-encoding': 'chunked' }]) {
        const { status, body } = await ask(path, headers, 'POST', large);
        assert.equal(status, 400, path);
        assert.ok(!body.includes('xxxx'), path);
      }
    }
  });
});

describe('cross-origin requests', () => {
  it('are allowed to discovery and the JWKS', async () => {
    for (const path of ['/.well-known/openid-configuration', '/jwks']) {
      assert.equal(await allowedOrigin('GET', path, SPA), SPA, path);
    }
  });

  it('are allowed to the token endpoint from the origin of a public client', async () => {
    assert.equal(await allowedOrigin('POST', '/token', SPA, 'client_id=spa'), SPA);
  });

  for (const [title, path, origin, body] of [
    ['from elsewhere', '/token', 'https://evil.example', 'client_id=spa'],
    ['from a page without an origin', '/token', 'null', 'client_id=spa'],
    ['for a client with a secret', '/token', SPA, 'client_id=server-app&client_secret=x'],
    ['to introspect', '/introspect', SPA, 'client_id=spa&token=x'],
    ['to revoke', '/revoke', SPA, 'client_id=spa&token=x'],
    ['to push an authorization request', '/par', SPA, 'client_id=spa'],
  ] as const) {
    it(`are refused ${title}`, async () => {
      assert.equal(await allowedOrigin('POST', path, origin, body), undefined);
    });
  }
});

async function discovery(
  headers: Record<string, string> = {},
  { port }: Pick<Bridge, 'port'> = bridge,
): Promise<Record<string, unknown>> {
  const { body } = await ask('/.well-known/openid-configuration', headers, 'GET', undefined, port);
  return JSON.parse(body) as Record<string, unknown>;
}

async function allowedOrigin(
  method: string,
  path: string,
  origin: string,
  body?: string,
): Promise<string | undefined> {
  const { headers } = await ask(
    path,
    { origin, 'content-type': 'application/x-www-form-urlencoded' },
    method,
    body,
  );
  return headers['access-control-allow-origin'];
}

/** Sends a request with any request line and Host header, which fetch does not allow. */
async function ask(
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  body?: string,
  port = bridge.port,
) {
  const sent = request({ host: 'localhost', port, path, headers, method });
  sent.end(body);
  const response = await new Promise<import('node:http').IncomingMessage>((resolve, reject) => {
    sent.once('response', resolve).once('error', reject);
  });
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}
