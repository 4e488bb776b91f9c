import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair } from 'jose';
import { clientSchema } from '../../../src/oidc/clients/client-schema.ts';
import { requireValid } from '../../../src/oidc/clients/client-validation.ts';

/** So that its own metadata can be given. */
const CIBA = { backchannel_token_delivery_mode: 'poll' };

let base: Readonly<Record<string, unknown>>;
before(async () => {
  const { publicKey } = await generateKeyPair('ES256', { extractable: true });
  base = {
    client_id: 'bank',
    profile: 'fapi2',
    redirect_uris: ['https://bank.example/callback'],
    jwks: { keys: [await exportJWK(publicKey)] },
  };
});

const registered = (changes: Readonly<Record<string, unknown>> = {}) =>
  clientSchema.safeParse({ ...base, ...changes });

describe('the profile fapi2', () => {
  it('fills in what it needs, and oidc-provider accepts it', async () => {
    const { data } = registered();
    assert.ok(data);
    assert.partialDeepStrictEqual(data, {
      token_endpoint_auth_method: 'private_key_jwt',
      id_token_signed_response_alg: 'ES256',
      require_pkce: true,
      require_pushed_authorization_requests: true,
      dpop_bound_access_tokens: true,
    });
    await requireValid({ ...data, client_id: 'bank' });
  });

  it('binds access tokens to the certificate of a client that wants that, and accepts its authentication', () => {
    const changes = {
      token_endpoint_auth_method: 'tls_client_auth',
      tls_client_auth_san_dns: 'bank.example',
      tls_client_certificate_bound_access_tokens: true,
    };
    const { data } = registered(changes);
    assert.deepEqual(
      [data?.dpop_bound_access_tokens, data?.token_endpoint_auth_method],
      [undefined, 'tls_client_auth'],
    );
  });

  for (const alg of ['PS256', 'ES256', 'EdDSA'] as const) {
    it(`accepts ${alg} of what the client signs and what is signed for it, and so does oidc-provider`, async () => {
      const { data } = registered({
        token_endpoint_auth_signing_alg: alg,
        request_object_signing_alg: alg,
        id_token_signed_response_alg: alg,
        userinfo_signed_response_alg: alg,
      });
      assert.equal(data?.id_token_signed_response_alg, alg);
      await requireValid({ ...data, client_id: 'bank' });
    });
  }

  it('leaves other clients as they are', () => {
    assert.deepEqual(registered({ profile: undefined }).data, { ...base, profile: undefined });
  });

  const contradictions: Readonly<Record<string, unknown>> = {
    token_endpoint_auth_method: 'client_secret_basic',
    token_endpoint_auth_signing_alg: 'RS256',
    request_object_signing_alg: 'RS256',
    backchannel_authentication_request_signing_alg: 'RS256',
    id_token_signed_response_alg: 'RS256',
    userinfo_signed_response_alg: 'RS256',
    require_pkce: false,
    require_pushed_authorization_requests: false,
    dpop_bound_access_tokens: false,
    application_type: 'native',
    profile: 'fapi1',
  };
  for (const [name, value] of Object.entries(contradictions)) {
    it(`refuses ${name}: ${String(value)} with the reason`, () => {
      const { issues = [] } = registered({ ...CIBA, [name]: value }).error ?? {};
      assert.deepEqual(
        issues.map(({ path }) => path),
        [[name]],
      );
      assert.match(issues[0]?.message ?? '', /fapi2/);
    });
  }

  it('refuses each of them at once', () => {
    const { issues = [] } = registered({ require_pkce: false, application_type: 'native' }).error ?? {};
    assert.equal(issues.length, 2);
  });

  it('refuses a client from elsewhere that does not have what it needs', async () => {
    const { data } = registered();
    for (const name of ['require_pushed_authorization_requests', 'dpop_bound_access_tokens']) {
      await assert.rejects(
        requireValid({ ...data, client_id: 'bank', [name]: undefined }),
        new RegExp(`${name} must be true`),
      );
    }
  });
});
