import type { CertificateContents } from '../certificate.ts';
import { PkiError } from '../errors.ts';

/** The certificate is not that of a CA: basicConstraints says so, or is absent. */
export function endEntity({ basicConstraints }: CertificateContents): void {
  if (basicConstraints?.ca)
    throw new PkiError('end_entity_is_a_ca', 'a CA’s certificate in place of a person’s');
}
