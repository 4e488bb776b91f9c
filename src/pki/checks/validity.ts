import type { CertificateContents } from '../certificate.ts';
import { PkiError } from '../errors.ts';

/** The certificate is valid at the given time, including both limits. (RFC 5280 4.1.2.5, 6.1.3 (a)(2)) */
export function validity({ notBefore, notAfter }: CertificateContents, at: Date): void {
  // Negated comparisons, so that an invalid date (NaN) is refused.
  if (!(at >= notBefore)) {
    throw new PkiError('certificate_not_yet_valid', `not valid before ${notBefore.toISOString()}`);
  }
  if (!(at <= notAfter))
    throw new PkiError('certificate_expired', `not valid after ${notAfter.toISOString()}`);
}
