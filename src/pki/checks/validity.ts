import type { CertificateContents } from '../certificate.ts';
import { PkiError } from '../errors.ts';

/** Valid at the given time, both ends included. (RFC 5280 4.1.2.5, 6.1.3 (a)(2)) */
export function validity({ notBefore, notAfter }: CertificateContents, at: Date): void {
  // Asked as “is it in” and not as “is it out”: a time that is not a number is in no period.
  if (!(at >= notBefore)) {
    throw new PkiError('certificate_not_yet_valid', `not valid before ${notBefore.toISOString()}`);
  }
  if (!(at <= notAfter))
    throw new PkiError('certificate_expired', `not valid after ${notAfter.toISOString()}`);
}
