import type { CertificateContents } from '../certificate.ts';
import { PkiError } from '../errors.ts';

/** A person's certificate, not a CA's: basicConstraints says so, or is not there. */
export function endEntity({ basicConstraints }: CertificateContents): void {
  if (basicConstraints?.ca)
    throw new PkiError('end_entity_is_a_ca', 'a CA’s certificate in place of a person’s');
}
