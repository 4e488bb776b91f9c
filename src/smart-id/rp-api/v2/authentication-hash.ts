import { createHash } from 'node:crypto';
import type { AuthenticationSession, HashAlgorithm } from '../../authentication.ts';

/** A hash by all its names in RP API v2. */
export interface HashNames {
  /** As node:crypto calls it. */
  readonly name: string;
  readonly hashType: string;
  /** The `signature.algorithm` that fits. */
  readonly signatureAlgorithm: string;
}

const HASHES: ReadonlyMap<HashAlgorithm, HashNames> = new Map([
  ['SHA-256', { name: 'sha256', hashType: 'SHA256', signatureAlgorithm: 'sha256WithRSAEncryption' }],
  ['SHA-384', { name: 'sha384', hashType: 'SHA384', signatureAlgorithm: 'sha384WithRSAEncryption' }],
  ['SHA-512', { name: 'sha512', hashType: 'SHA512', signatureAlgorithm: 'sha512WithRSAEncryption' }],
]);

/** @throws TypeError for a hash that RP API v2 does not have */
export function hashNames(algorithm: HashAlgorithm): HashNames {
  const names = HASHES.get(algorithm);
  if (!names) throw new TypeError(`RP API v2 has no ${algorithm}`);
  return names;
}

/** The hash that the person signs: of the challenge, which stays here. (RP API v2 §2.3.x, authentication request) */
export function authenticationHash({
  rpChallenge,
  hashAlgorithm,
}: Pick<AuthenticationSession, 'rpChallenge' | 'hashAlgorithm'>): Buffer {
  return createHash(hashNames(hashAlgorithm).name).update(Buffer.from(rpChallenge, 'base64')).digest();
}
