import type { CertificateContents } from '../certificate.ts';
import { PkiError } from '../errors.ts';
import { EXTENSION } from '../extensions.ts';

const UNDERSTOOD: ReadonlySet<string> = new Set(Object.values(EXTENSION));

/** All critical extensions are processed by this module. (RFC 5280 4.2, 6.1.4 (o), 6.1.5 (f)) */
export function criticalExtensions({ criticalExtensions: oids }: CertificateContents): void {
  const unknown = oids.find((oid) => !UNDERSTOOD.has(oid));
  if (unknown !== undefined) {
    throw new PkiError('unknown_critical_extension', `critical extension ${unknown} is not understood`);
  }
}
