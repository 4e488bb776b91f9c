import type { CertificateContents } from '../certificate.ts';
import { PkiError } from '../errors.ts';

/**
 * The certificate is not that of a CA: basicConstraints says so, or is absent; and the key may not sign certificates. (RFC 5280
 * 4.2.1.3: "If the keyCertSign bit is asserted, then the cA bit in the basic constraints extension MUST also be asserted")
 */
export function endEntity({ basicConstraints, keyUsage }: CertificateContents): void {
  if (basicConstraints?.ca)
    throw new PkiError('end_entity_is_a_ca', 'a CA’s certificate in place of a person’s');
  if (keyUsage?.has('keyCertSign'))
    throw new PkiError(
      'end_entity_is_a_ca',
      'the key of a certificate that is not a CA’s may sign certificates',
    );
}
