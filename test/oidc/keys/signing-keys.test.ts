import assert from 'node:assert/strict';
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { describe, it } from 'node:test';
import { ed25519Key } from '../../../src/oidc/keys/derived-keys.ts';
import { jwkSet, makeSigningKey } from '../../../src/oidc/keys/signing-keys.ts';

describe('signing keys', () => {
  it('are RSA with 2048 bits and P-256', async () => {
    const keys = [await makeSigningKey('RS256'), await makeSigningKey('ES256')].map(({ privateJwk }) =>
      createPrivateKey({ key: privateJwk, format: 'jwk' }),
    );
    assert.deepEqual(
      keys.map(({ asymmetricKeyType, asymmetricKeyDetails }) => [
        asymmetricKeyType,
        asymmetricKeyDetails?.modulusLength ?? asymmetricKeyDetails?.namedCurve,
      ]),
      [
        ['rsa', 2048],
        ['ec', 'prime256v1'],
      ],
    );
  });

  it('have the thumbprint of their public part as key ID', async () => {
    for (const alg of ['RS256', 'ES256'] as const) {
      const { kid, privateJwk } = await makeSigningKey(alg);
      const publicJwk = createPublicKey(createPrivateKey({ key: privateJwk, format: 'jwk' })).export({
        format: 'jwk',
      });
      const members = Object.fromEntries(Object.entries(publicJwk).sort(([a], [b]) => (a < b ? -1 : 1)));
      assert.equal(kid, createHash('sha256').update(JSON.stringify(members)).digest('base64url'));
    }
  });

  it('of another form are refused', async () => {
    const { privateJwk, ...key } = await makeSigningKey('ES256');
    const { d: _, ...publicJwk } = privateJwk;
    for (const damaged of [publicJwk, { ...privateJwk, crv: 'P-384' }, { kty: 'oct', k: 'AAAA' }]) {
      const stored = { ...key, state: 'current', since: 0, privateJwk: damaged } as const;
      assert.throws(() => jwkSet([stored]), { name: 'ZodError' });
    }
  });

  it('are ordered for oidc-provider with the current key of each algorithm first', async () => {
    const pairs = await Promise.all((['ES256', 'RS256', 'ES256', 'RS256'] as const).map(makeSigningKey));
    const states = ['previous', 'next', 'current', 'current'] as const;
    const keys = pairs.map((pair, index) => ({ ...pair, state: states[index] ?? 'next', since: 0 }));
    const order = jwkSet(keys)
      .keys.map(({ kid }) => keys.findIndex((key) => key.kid === kid))
      .filter((index) => index >= 0);
    assert.deepEqual(order, [3, 1, 2, 0]);
  });

  it('are each followed by a key of another algorithm, which has its own ID', async () => {
    const pairs = await Promise.all((['RS256', 'ES256'] as const).map(makeSigningKey));
    const { keys } = jwkSet(pairs.map((pair) => ({ ...pair, state: 'current', since: 0 })));
    const [rs256, es256] = pairs.map(({ kid }) => kid);
    assert.deepEqual(
      keys.map(({ kid, alg, kty, use }) => [kid, alg, kty, use]),
      [
        [rs256, 'RS256', 'RSA', 'sig'],
        [`${rs256}.PS256`, 'PS256', 'RSA', 'sig'],
        [es256, 'ES256', 'EC', 'sig'],
        [`${es256}.EdDSA`, 'EdDSA', 'OKP', 'sig'],
      ],
    );
    assert.equal(new Set(keys.map((key) => 'd' in key && key.d)).size, 3, 'the scalars of the curves differ');
  });

  it('of EdDSA are the same in each release: the HKDF of the P-256 scalar', () => {
    // Computed with another implementation of HKDF-SHA-256 (RFC 5869), for a scalar of 32 bytes 07.
    const seed = '7cb6d77ea2dc5eabe4f6e36306ba5e195e53311fe7a5c488bd178063c972d56c';
    assert.deepEqual(ed25519Key({ d: Buffer.alloc(32, 7).toString('base64url') }), {
      kty: 'OKP',
      crv: 'Ed25519',
      x: 'NLFmkRNxEmETslkuD-mWeMZwVe2Z1wj1kTaz9k6Dl2o',
      d: Buffer.from(seed, 'hex').toString('base64url'),
    });
  });
});
