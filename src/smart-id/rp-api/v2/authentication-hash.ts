import { createHash } from 'node:crypto';
import type { AuthenticationSession, HashAlgorithm } from '../../authentication.ts';

/** The names of a hash algorithm. (RP API v2, 2.2.5 Hash algorithms) */
export interface HashNames {
  /** The name in node:crypto. */
  readonly name: string;
  readonly hashType: string;
  /** The `signature.algorithm` of a signature over this hash. */
  readonly signatureAlgorithm: string;
}

const HASHES: ReadonlyMap<HashAlgorithm, HashNames> = new Map([
  ['SHA-256', { name: 'sha256', hashType: 'SHA256', signatureAlgorithm: 'sha256WithRSAEncryption' }],
  ['SHA-384', { name: 'sha384', hashType: 'SHA384', signatureAlgorithm: 'sha384WithRSAEncryption' }],
  ['SHA-512', { name: 'sha512', hashType: 'SHA512', signatureAlgorithm: 'sha512WithRSAEncryption' }],
]);

/** @throws TypeError for a hash that RP API v2 does not support */
export function hashNames(algorithm: HashAlgorithm): HashNames {
  const names = HASHES.get(algorithm);
  if (!names) throw new TypeError(`RP API v2 does not support ${algorithm}`);
  return names;
}

/**
 * Computes the hash that the person signs. It hides the challenge, which is not sent. (RP API v2, 2.3.10.4 Request
 * parameters)
 */
export function authenticationHash({
  rpChallenge,
  hashAlgorithm,
}: Pick<AuthenticationSession, 'rpChallenge' | 'hashAlgorithm'>): Buffer {
  return createHash(hashNames(hashAlgorithm).name).update(Buffer.from(rpChallenge, 'base64')).digest();
}
