/**
 * The keys of PS256 and EdDSA. They are not stored: each follows from a stored key, and shares its state, its rotation and its end.
 *
 *   RS256 ─▶ PS256: the same RSA key, with the other padding (as TLS 1.3 uses RSA keys: RFC 8446, 4.2.3)
 *   ES256 ─▶ EdDSA: an Ed25519 key whose seed is derived from the private scalar (HKDF, RFC 5869)
 *
 * So instances of the release before, which know RS256 and ES256 only, can read, rotate and encrypt all stored keys.
 * (docs/decisions/0018-derived-signing-keys.md)
 */
import { createPrivateKey, hkdfSync } from 'node:crypto';
import { z } from 'zod';
import type { SigningAlgorithm } from '../stores.ts';

/** The algorithm of the key that follows from one of an algorithm. */
const DERIVED = { RS256: 'PS256', ES256: 'EdDSA' } as const satisfies Record<SigningAlgorithm, string>;

export type DerivedAlgorithm = (typeof DERIVED)[SigningAlgorithm];

/** PKCS #8 of an Ed25519 key, up to its seed of 32 bytes. (RFC 8410, 7) */
const PKCS8_BEFORE_SEED = Buffer.from('302e020100300506032b657004220420', 'hex');
const SEED_BYTES = 32;

const okpKey = z.object({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string(),
  d: z.string(),
});

export function derivedAlgorithm(alg: SigningAlgorithm): DerivedAlgorithm {
  return DERIVED[alg];
}

/** The ID of the key that follows from a stored one. No stored key has a dot in its ID, which is a thumbprint. */
export function derivedKid(kid: string, alg: SigningAlgorithm): string {
  return `${kid}.${DERIVED[alg]}`;
}

/** The ID of the stored key: that of a stored key itself, or the one from which a key follows. */
export function storedKid(kid: string): string {
  return kid.split('.', 1)[0] ?? kid;
}

/** The Ed25519 key, as a private JWK, that follows from a P-256 key. The same on each instance. */
export function ed25519Key({ d }: { readonly d: string }): z.output<typeof okpKey> {
  const seed = hkdfSync('sha256', Buffer.from(d, 'base64url'), '', 'sild EdDSA signing key', SEED_BYTES);
  const key = createPrivateKey({
    key: Buffer.concat([PKCS8_BEFORE_SEED, Buffer.from(seed)]),
    format: 'der',
    type: 'pkcs8',
  });
  return okpKey.parse(key.export({ format: 'jwk' }));
}
