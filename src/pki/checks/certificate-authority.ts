import type { CertificateContents } from '../certificate.ts';
import { PkiError } from '../errors.ts';

/**
 * The certificate is that of a CA that may sign certificates. keyUsage is required, as RFC 5280 4.2.1.3 demands of CAs,
 * although path validation (6.1.4 (n)) would accept a certificate without it.
 */
export function certificateAuthority({ basicConstraints, keyUsage, fingerprint }: CertificateContents): void {
  if (!basicConstraints?.ca)
    throw new PkiError('issuer_not_a_ca', `${fingerprint} is not a CA’s certificate`);
  if (!keyUsage?.has('keyCertSign')) {
    throw new PkiError('issuer_may_not_sign_certificates', `${fingerprint} has no key usage keyCertSign`);
  }
}
