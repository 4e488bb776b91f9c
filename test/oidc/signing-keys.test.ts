import assert from 'node:assert/strict';
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import { after, describe, it } from 'node:test';
import { jwkSet, makeSigningKey, signingKeySet } from '../../src/oidc/signing-keys.ts';
import { openTestStore } from '../support/database.ts';

describe('signing keys', () => {
  it('are made on the first start and the same ones from then on', async () => {
    const store = await openTestStore();
    after(() => store.close());
    const { signingKeys } = store;
    const first = await signingKeySet(signingKeys);
    assert.deepEqual(
      first.keys.map((key) => 'alg' in key && key.alg),
      ['RS256', 'ES256'],
    );
    assert.deepEqual(await signingKeySet(signingKeys), first);
  });

  it('are RSA of 2048 bits and P-256', async () => {
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

  it('are named by the thumbprint of their public part', async () => {
    for (const alg of ['RS256', 'ES256'] as const) {
      const { kid, privateJwk } = await makeSigningKey(alg);
      const publicJwk = createPublicKey(createPrivateKey({ key: privateJwk, format: 'jwk' })).export({
        format: 'jwk',
      });
      const members = Object.fromEntries(Object.entries(publicJwk).sort(([a], [b]) => (a < b ? -1 : 1)));
      assert.equal(kid, createHash('sha256').update(JSON.stringify(members)).digest('base64url'));
    }
  });

  it('that are not ours are refused', async () => {
    const { privateJwk, ...key } = await makeSigningKey('ES256');
    const { d: _, ...publicJwk } = privateJwk;
    for (const damaged of [publicJwk, { ...privateJwk, crv: 'P-384' }, { kty: 'oct', k: 'AAAA' }]) {
      assert.throws(() => jwkSet([{ ...key, privateJwk: damaged }]), { name: 'ZodError' });
    }
  });
});
