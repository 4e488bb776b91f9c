import type { CertificateContents } from '../certificate.ts';
import { PkiError } from '../errors.ts';
import { EXTENSION } from '../extensions.ts';

/** The processed extensions, without those that RFC 5280 4.2 forbids CAs to mark as critical. */
const UNDERSTOOD: ReadonlySet<string> = new Set([
  EXTENSION.keyUsage,
  EXTENSION.subjectAlternativeName,
  EXTENSION.basicConstraints,
  EXTENSION.crlDistributionPoints,
  EXTENSION.certificatePolicies,
  EXTENSION.extendedKeyUsage,
]);

/** All critical extensions are processed by this module. (RFC 5280 4.2, 6.1.4 (o), 6.1.5 (f)) */
export function criticalExtensions({ criticalExtensions: oids }: CertificateContents): void {
  const unknown = oids.find((oid) => !UNDERSTOOD.has(oid));
  if (unknown !== undefined) {
    throw new PkiError('unknown_critical_extension', `critical extension ${unknown} is not understood`);
  }
}
