/** The keys that sign ID tokens: one RSA, one elliptic curve, made on the first start and kept by the store. */
import { createHash, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { JWKS } from 'oidc-provider';
import { z } from 'zod';
import type { SigningKeyStore, StoredSigningKey } from './stores.ts';

const newKeyPair = promisify(generateKeyPair);

const rsaKey = z.object({
  kty: z.literal('RSA'),
  n: z.string(),
  e: z.string(),
  d: z.string(),
  p: z.string(),
  q: z.string(),
  dp: z.string(),
  dq: z.string(),
  qi: z.string(),
});
const ecKey = z.object({
  kty: z.literal('EC'),
  crv: z.literal('P-256'),
  x: z.string(),
  y: z.string(),
  d: z.string(),
});
const privateJwk = z.discriminatedUnion('kty', [rsaKey, ecKey]);

/** The private JWK Set for oidc-provider; makes the keys that are not there yet. */
export async function signingKeySet(store: SigningKeyStore): Promise<JWKS> {
  const keys = [
    await store.ensure('RS256', () => makeSigningKey('RS256')),
    await store.ensure('ES256', () => makeSigningKey('ES256')),
  ];
  return jwkSet(keys);
}

/** The JWK Set of stored keys. @throws {z.ZodError} when a stored key is not one of ours */
export function jwkSet(keys: readonly StoredSigningKey[]): JWKS {
  return {
    keys: keys.map(({ kid, alg, privateJwk: jwk }) => ({ ...privateJwk.parse(jwk), kid, alg, use: 'sig' })),
  };
}

/** A new key. Its `kid` is the thumbprint of RFC 7638, so that a key never has two names. */
export async function makeSigningKey(alg: StoredSigningKey['alg']): Promise<StoredSigningKey> {
  const jwk = privateJwk.parse((await newPrivateKey(alg)).export({ format: 'jwk' }));
  return { kid: thumbprint(jwk), alg, privateJwk: jwk };
}

async function newPrivateKey(alg: StoredSigningKey['alg']): Promise<KeyObject> {
  switch (alg) {
    case 'RS256':
      return (await newKeyPair('rsa', { modulusLength: 2048 })).privateKey;
    case 'ES256':
      return (await newKeyPair('ec', { namedCurve: 'P-256' })).privateKey;
  }
}

/** RFC 7638: SHA-256 over the required public members in lexicographic order. */
function thumbprint(jwk: z.infer<typeof privateJwk>): string {
  const members =
    jwk.kty === 'RSA'
      ? { e: jwk.e, kty: jwk.kty, n: jwk.n }
      : { crv: jwk.crv, kty: jwk.kty, x: jwk.x, y: jwk.y };
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url');
}
