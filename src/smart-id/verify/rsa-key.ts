import type { KeyObject } from 'node:crypto';
import type { VerifiedCertificate } from '../../pki/certificate.ts';
import { VerificationError } from './errors.ts';

const MIN_MODULUS_BITS = 2048;
const MIN_EXPONENT = 65_537n;

/**
 * Step 11, the key: RSA with a modulus of at least 2048 bits and an exponent of at least 2^16 + 1. (ETSI TS 119 312,
 * RSA)
 *
 * @throws VerificationError key_type_unexpected, key_too_weak
 */
export function strongRsaKey({ publicKey }: VerifiedCertificate): KeyObject {
  if (publicKey.asymmetricKeyType !== 'rsa') {
    throw new VerificationError('key_type_unexpected', 'the certificate’s key is not an RSA key');
  }
  const { modulusLength = 0, publicExponent = 0n } = publicKey.asymmetricKeyDetails ?? {};
  if (modulusLength < MIN_MODULUS_BITS || publicExponent < MIN_EXPONENT) {
    throw new VerificationError('key_too_weak', `RSA of ${modulusLength} bits, exponent ${publicExponent}`);
  }
  return publicKey;
}
