import type { HashAlgorithm } from '../../authentication.ts';
import type { UnverifiedResponse } from './completed-response.ts';
import { VerificationError } from '../errors.ts';

/** A hash algorithm: its name in node:crypto, and its length in octets. */
export interface Hash {
  readonly name: string;
  readonly length: number;
}

const HASHES: Readonly<Record<HashAlgorithm, Hash>> = {
  'SHA-256': { name: 'sha256', length: 32 },
  'SHA-384': { name: 'sha384', length: 48 },
  'SHA-512': { name: 'sha512', length: 64 },
  'SHA3-256': { name: 'sha3-256', length: 32 },
  'SHA3-384': { name: 'sha3-384', length: 48 },
  'SHA3-512': { name: 'sha3-512', length: 64 },
};

/**
 * Step 11, the stated parameters: RSASSA-PSS with the requested hash, MGF1 with the same hash, a salt of the hash's
 * length, and the trailer 0xbc. The signature is then verified with the requested parameters, never with the stated
 * ones. (RP API 3.2, Signature protocols; RFC 8017, 8.1 and A.2.3)
 *
 * @throws VerificationError signature_algorithm_unexpected, hash_algorithm_unexpected, mask_generation_unexpected,
 * salt_length_unexpected, trailer_field_unexpected
 */
export function requirePssParameters(
  signature: UnverifiedResponse['signature'],
  requested: HashAlgorithm,
): Hash {
  const hash = HASHES[requested];
  if (signature.algorithm !== 'rsassa-pss') {
    throw new VerificationError(
      'signature_algorithm_unexpected',
      'the signature algorithm is not rsassa-pss',
    );
  }
  if (signature.hashAlgorithm !== requested) {
    throw new VerificationError('hash_algorithm_unexpected', `the hash algorithm is not ${requested}`);
  }
  if (signature.maskGeneration !== 'id-mgf1' || signature.maskHashAlgorithm !== requested) {
    throw new VerificationError(
      'mask_generation_unexpected',
      `the mask generation is not MGF1 of ${requested}`,
    );
  }
  if (signature.saltLength !== hash.length) {
    throw new VerificationError('salt_length_unexpected', `the salt length is not ${hash.length}`);
  }
  if (signature.trailerField !== '0xbc') {
    throw new VerificationError('trailer_field_unexpected', 'the trailer field is not 0xbc');
  }
  return hash;
}
