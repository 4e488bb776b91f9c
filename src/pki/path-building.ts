import type { CertificateContents, UnverifiedCertificate } from './certificate.ts';
import type { TrustStore } from './trust-store.ts';

/** A certificate and the CAs that claim to stand behind it: its issuer first, a trust anchor last. */
export interface CertificationPath {
  readonly certificate: UnverifiedCertificate;
  readonly chain: readonly [CertificateContents, ...CertificateContents[]];
}

/** CAs in a path. Smart-ID has an issuing CA under a root; twice that leaves room, and ends the search in any circle. */
const MAX_CAS = 4;

/**
 * Every path from the certificate to a trust anchor, by names and key identifiers alone: several CAs may share a name
 * (a renewed key, a cross-certificate), so which path is sound only its validation tells.
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
 * RFC 5280 6.1.3 (a)(4), by the exact DER of the names, which is stricter than the comparison of RFC 5280 7.1. The key
 * identifiers tell CAs of one name apart where both sides have them.
 */
export function mayHaveIssued(issuer: CertificateContents, certificate: CertificateContents): boolean {
  if (Buffer.compare(issuer.subject.der, certificate.issuer.der) !== 0) return false;
  const expected = certificate.authorityKeyIdentifier;
  const actual = issuer.subjectKeyIdentifier;
  return expected === undefined || actual === undefined || expected === actual;
}
