/** The keys that sign ID tokens, RSA and elliptic curve: how one is made, and what oidc-provider is given. */
import { createHash, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { JWKS } from 'oidc-provider';
import { z } from 'zod';
import { SIGNING_ALGORITHMS } from './key-schedule.ts';
import type { SigningAlgorithm, SigningKeyPair, SigningKeyState, StoredSigningKey } from '../stores.ts';

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

const STATES: readonly SigningKeyState[] = ['current', 'next', 'previous'];

/**
 * The private JWK Set of keys. oidc-provider signs with the first one of an algorithm, and verifies with all.
 *
 * @throws {z.ZodError} when a key is not one of ours
 */
export function jwkSet(keys: readonly StoredSigningKey[]): JWKS {
  const inOrder = SIGNING_ALGORITHMS.flatMap((alg) =>
    STATES.flatMap((state) => keys.filter((key) => key.alg === alg && key.state === state)),
  );
  return {
    keys: inOrder.map(({ kid, alg, privateJwk: jwk }) => ({
      ...privateJwk.parse(jwk),
      kid,
      alg,
      use: 'sig',
    })),
  };
}

/** A new key. Its `kid` is the thumbprint of RFC 7638, so that a key never has two names. */
export async function makeSigningKey(alg: SigningAlgorithm): Promise<SigningKeyPair> {
  const jwk = privateJwk.parse((await newPrivateKey(alg)).export({ format: 'jwk' }));
  return { kid: thumbprint(jwk), alg, privateJwk: jwk };
}

async function newPrivateKey(alg: SigningAlgorithm): Promise<KeyObject> {
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
