import { constants, verify } from 'node:crypto';
import type { VerifiedCertificate } from '../../../pki/certificate.ts';
import type { AskedAuthentication } from '../../authentication.ts';
import { hashNames } from '../../rp-api/v2/authentication-hash.ts';
import { decodeCanonicalBase64 } from '../base64.ts';
import { VerificationError } from '../errors.ts';
import { strongRsaKey } from '../rsa-key.ts';
import type { UnverifiedResponseV2 } from './completed-response.ts';

/**
 * Step 11: the certified key signed the hash of this login with RSASSA-PKCS1-v1_5. node:crypto computes the hash from
 * the challenge and compares the whole padded message. (RP API v2, 2.3.13.3 Verifying the authentication response; RFC
 * 8017, 8.2.2)
 *
 * @throws VerificationError signature_algorithm_unexpected, the codes of the key, response_part_malformed,
 * signature_invalid
 */
export function requireSignatureV2(
  certificate: VerifiedCertificate,
  signature: UnverifiedResponseV2['signature'],
  { rpChallenge, hashAlgorithm }: AskedAuthentication,
): void {
  const { name, signatureAlgorithm } = hashNames(hashAlgorithm);
  if (signature.algorithm !== signatureAlgorithm) {
    throw new VerificationError(
      'signature_algorithm_unexpected',
      `the signature algorithm is not ${signatureAlgorithm}`,
    );
  }
  const key = strongRsaKey(certificate);
  const value = decodeCanonicalBase64(signature.value, 'signature.value');
  const challenge = Buffer.from(rpChallenge, 'base64');
  if (!verify(name, challenge, { key, padding: constants.RSA_PKCS1_PADDING }, value)) {
    throw new VerificationError(
      'signature_invalid',
      'the signature does not verify over the hash of this login',
    );
  }
}
