/** The keys that sign ID tokens: generates them, and formats them for oidc-provider, with those that follow from them. */
import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose';
import type { JWKS } from 'oidc-provider';
import { z } from 'zod';
import { derivedAlgorithm, derivedKid, ed25519Key } from './derived-keys.ts';
import { SIGNING_ALGORITHMS } from './key-schedule.ts';
import type { SigningAlgorithm, SigningKeyPair, SigningKeyState, StoredSigningKey } from '../stores.ts';

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
 * The private JWK Set. oidc-provider signs with the first key of an algorithm, and verifies with all.
 *
 * @throws {z.ZodError} if a key does not have the form that `makeSigningKey` produces
 */
export function jwkSet(keys: readonly StoredSigningKey[]): JWKS {
  const inOrder = SIGNING_ALGORITHMS.flatMap((alg) =>
    STATES.flatMap((state) => keys.filter((key) => key.alg === alg && key.state === state)),
  );
  return {
    keys: inOrder.flatMap(({ kid, alg, privateJwk: stored }) => {
      const jwk = privateJwk.parse(stored);
      return [
        { ...jwk, kid, alg, use: 'sig' },
        { ...derivedOf(jwk), kid: derivedKid(kid, alg), alg: derivedAlgorithm(alg), use: 'sig' },
      ];
    }),
  };
}

function derivedOf(jwk: z.output<typeof privateJwk>) {
  switch (jwk.kty) {
    case 'RSA':
      return jwk;
    case 'EC':
      return ed25519Key(jwk);
  }
}

/** Generates a key. Its `kid` is the JWK thumbprint (RFC 7638), so that each key has exactly one `kid`. */
export async function makeSigningKey(alg: SigningAlgorithm): Promise<SigningKeyPair> {
  const { privateKey } = await generateKeyPair(alg, { extractable: true, modulusLength: 2048 });
  const jwk = privateJwk.parse(await exportJWK(privateKey));
  return { kid: await calculateJwkThumbprint(jwk), alg, privateJwk: jwk };
}
