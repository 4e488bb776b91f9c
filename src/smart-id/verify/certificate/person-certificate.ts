import type { TrustStore } from '../../../pki/trust-store.ts';
import type { VerifiedCertificate } from '../../../pki/certificate.ts';
import type { AuthenticationSession, CertificateLevel } from '../../authentication.ts';
import { requireAuthenticationPurpose } from './authentication-purpose.ts';
import { requirePerson } from './expected-person.ts';
import { requireNotRevoked, type Revocation } from './not-revoked.ts';
import { levelByPolicies } from './scheme-policies.ts';
import { requireLevel } from './sufficient-level.ts';
import { trustedPath } from './trusted-path.ts';

export interface CertificateContext {
  /** The Smart-ID CAs, and nobody else. */
  readonly trust: TrustStore;
  readonly revocation: Revocation;
  /** When the certificates have to be valid. */
  readonly now: Date;
}

/** What an answer of any API version says of the certificate and the account. */
export interface ClaimedCertificate {
  /** Base64 of the DER. */
  readonly value: string;
  readonly level: string;
}

/**
 * Steps 4 to 9: the certificate is Smart-ID's, valid, for authentication, good enough, and of the person who was expected.
 *
 * @throws VerificationError the codes of each step
 */
export async function personCertificate(
  claimed: ClaimedCertificate,
  documentNumber: string,
  session: AuthenticationSession,
  { trust, revocation, now }: CertificateContext,
): Promise<{ readonly certificate: VerifiedCertificate; readonly certificateLevel: CertificateLevel }> {
  const path = trustedPath(claimed.value, trust, now);
  await requireNotRevoked(path, revocation);
  const { certificate } = path;
  const certificateLevel = levelByPolicies(certificate, session.schemeName);
  requireAuthenticationPurpose(certificate);
  requireLevel(claimed.level, certificateLevel, session.certificateLevel);
  requirePerson(certificate, documentNumber, certificateLevel, session);
  return { certificate, certificateLevel };
}
