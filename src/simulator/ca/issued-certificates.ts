import type { CertificateAuthority } from './certificate-authority.ts';
import { type CaSlug, ISSUING_SLUGS } from './publication-addresses.ts';

/** The subject of a certificate: the semantics identifier of an account, or the slug of an issuing CA. */
export type Holder = string;

/** The certificates that each CA has issued since the start: the holder by serial number, in lower-case hexadecimal. */
export interface IssuedCertificates {
  add(ca: CaSlug, serialNumber: string, holder: Holder): void;
  holderOf(ca: CaSlug, serialNumber: string): Holder | undefined;
  all(ca: CaSlug): readonly (readonly [serialNumber: string, holder: Holder])[];
}

/** Starts with the issuing CAs' certificates, issued by the root. */
export function createIssuedCertificates({ issuing }: CertificateAuthority): IssuedCertificates {
  const issued: Record<CaSlug, Map<string, Holder>> = {
    root: new Map(
      (['QUALIFIED', 'ADVANCED'] as const).map((level) => [
        issuing[level].certificate.serialNumber,
        ISSUING_SLUGS[level],
      ]),
    ),
    'eid-q': new Map(),
    'eid-nq': new Map(),
  };
  return {
    add(ca, serialNumber, holder) {
      issued[ca].set(serialNumber, holder);
    },
    holderOf: (ca, serialNumber) => issued[ca].get(serialNumber),
    all: (ca) => [...issued[ca]],
  };
}
