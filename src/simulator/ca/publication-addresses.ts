import type { CertificateLevel } from '../accounts/accounts.ts';

/** How a CA is called in addresses. */
export const CA_SLUGS = ['root', 'eid-q', 'eid-nq'] as const;
export type CaSlug = (typeof CA_SLUGS)[number];

export const ISSUING_SLUGS: Readonly<Record<CertificateLevel, CaSlug>> = {
  QUALIFIED: 'eid-q',
  ADVANCED: 'eid-nq',
};

/** Where certificates say that their issuer's documents are. */
export interface Publications {
  readonly issuerCertificate: string;
  readonly ocsp: string;
  readonly crl: string;
  readonly practiceStatement: string;
}

/** The addresses for certificates of a CA, under the simulator's own address (with its last slash). */
export function publicationsAt(publicUrl: string, slug: CaSlug): Publications {
  const at = (path: string) => new URL(path, publicUrl).href;
  return {
    issuerCertificate: at(`ca/${slug}.der.crt`),
    ocsp: at(`ocsp/${slug}`),
    crl: at(`ca/${slug}.crl`),
    practiceStatement: at('/'),
  };
}
