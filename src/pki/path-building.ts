import type { CertificateContents, UnverifiedCertificate } from './certificate.ts';
import type { TrustStore } from './trust-store.ts';

/** A certificate and a chain of CAs that may have issued it: its issuer first, a trust anchor last. */
export interface CertificationPath {
  readonly certificate: UnverifiedCertificate;
  readonly chain: readonly [CertificateContents, ...CertificateContents[]];
}

/** Limit of CAs in a path: twice as many as Smart-ID has (an issuing CA under a root). It also ends the search in a loop. */
const MAX_CAS = 4;

/**
 * All candidate paths from the certificate to a trust anchor, by names and key identifiers only. Several CAs can have the
 * same name (a renewed key, a cross-certificate), so each path must be validated.
 */
export function buildPaths(certificate: UnverifiedCertificate, trust: TrustStore): CertificationPath[] {
  return chainsAbove(certificate, trust, MAX_CAS).map((chain) => ({ certificate, chain }));
}

function chainsAbove(
  certificate: CertificateContents,
  trust: TrustStore,
  remaining: number,
): CertificationPath['chain'][] {
  if (remaining === 0) return [];
  const anchors = trust.anchors.filter((ca) => mayHaveIssued(ca, certificate));
  const intermediates = trust.intermediates.filter((ca) => mayHaveIssued(ca, certificate));
  return [
    ...anchors.map((anchor): CertificationPath['chain'] => [anchor]),
    ...intermediates.flatMap((ca) =>
      chainsAbove(ca, trust, remaining - 1).map((above): CertificationPath['chain'] => [ca, ...above]),
    ),
  ];
}

/**
 * RFC 5280 6.1.3 (a)(4), by the exact DER of the names, which is stricter than the comparison of RFC 5280 7.1. Key
 * identifiers, if both certificates have them, distinguish CAs with the same name.
 */
export function mayHaveIssued(issuer: CertificateContents, certificate: CertificateContents): boolean {
  if (Buffer.compare(issuer.subject.der, certificate.issuer.der) !== 0) return false;
  const expected = certificate.authorityKeyIdentifier;
  const actual = issuer.subjectKeyIdentifier;
  return expected === undefined || actual === undefined || expected === actual;
}
