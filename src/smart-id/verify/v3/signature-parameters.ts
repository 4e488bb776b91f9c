import type { HashAlgorithm } from '../../authentication.ts';
import type { UnverifiedAnswer } from './completed-answer.ts';
import { VerificationError } from '../errors.ts';

/** How node:crypto calls a hash, and its length in octets. */
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
 * Step 11, what the answer says of its signature: RSASSA-PSS with the hash that was asked for, MGF1 of the same hash, a
 * salt as long as the hash, trailer 0xbc. The signature is then verified by what was asked for, never by what the answer
 * says. (RP API 3.2, Signature protocols)
 *
 * @throws VerificationError signature_algorithm_unexpected, hash_algorithm_unexpected, mask_generation_unexpected,
 * salt_length_unexpected, trailer_field_unexpected
 */
export function requirePssParameters(signature: UnverifiedAnswer['signature'], asked: HashAlgorithm): Hash {
  const hash = HASHES[asked];
  if (signature.algorithm !== 'rsassa-pss') {
    throw new VerificationError(
      'signature_algorithm_unexpected',
      'the signature algorithm is not rsassa-pss',
    );
  }
  if (signature.hashAlgorithm !== asked) {
    throw new VerificationError('hash_algorithm_unexpected', `the hash algorithm is not ${asked}`);
  }
  if (signature.maskGeneration !== 'id-mgf1' || signature.maskHashAlgorithm !== asked) {
    throw new VerificationError('mask_generation_unexpected', `the mask generation is not MGF1 of ${asked}`);
  }
  if (signature.saltLength !== hash.length) {
    throw new VerificationError('salt_length_unexpected', `the salt length is not ${hash.length}`);
  }
  if (signature.trailerField !== '0xbc') {
    throw new VerificationError('trailer_field_unexpected', 'the trailer field is not 0xbc');
  }
  return hash;
}
