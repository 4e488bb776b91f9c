import type { CertificateLevel } from '../accounts/account.ts';

/** The names of the CAs in URLs. */
export const CA_SLUGS = ['root', 'eid-q', 'eid-nq'] as const;
export type CaSlug = (typeof CA_SLUGS)[number];

export const ISSUING_SLUGS: Readonly<Record<CertificateLevel, CaSlug>> = {
  QUALIFIED: 'eid-q',
  ADVANCED: 'eid-nq',
};

/** The addresses of the issuer's documents, as written in certificates. */
export interface Publications {
  readonly issuerCertificate: string;
  readonly ocsp: string;
  readonly crl: string;
  readonly practiceStatement: string;
}

/** The addresses for certificates of a CA, under the simulator's base URL (with a trailing slash). */
export function publicationsAt(publicUrl: string, slug: CaSlug): Publications {
  const at = (path: string) => new URL(path, publicUrl).href;
  return {
    issuerCertificate: at(`ca/${slug}.der.crt`),
    ocsp: at(`ocsp/${slug}`),
    crl: at(`ca/${slug}.crl`),
    practiceStatement: at('/'),
  };
}
