import type { CertificateContents } from '../certificate.ts';
import { PkiError } from '../errors.ts';

/**
 * A CA, and one that may sign certificates. keyUsage has to be there, as RFC 5280 4.2.1.3 wants of CAs, although
 * validation under 6.1.4 (n) would let its absence pass.
 */
export function certificateAuthority({ basicConstraints, keyUsage, fingerprint }: CertificateContents): void {
  if (!basicConstraints?.ca)
    throw new PkiError('issuer_not_a_ca', `${fingerprint} is not a CA’s certificate`);
  if (!keyUsage?.has('keyCertSign')) {
    throw new PkiError('issuer_may_not_sign_certificates', `${fingerprint} has no key usage keyCertSign`);
  }
}
