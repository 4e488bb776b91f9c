import type { TrustStore } from '../../../pki/trust-store.ts';
import type { AskedAuthentication, VerifiedAuthentication } from '../../authentication.ts';
import { requireAuthenticationPurpose } from './authentication-purpose.ts';
import { requirePerson } from './expected-person.ts';
import { requireNotRevoked, type Revocation } from './not-revoked.ts';
import { type LevelOfIssuer, requireLevelOfIssuer } from './issuer-level.ts';
import { levelByPolicies } from './scheme-policies.ts';
import { requireReadableNames } from './subject-names.ts';
import { requireLevel } from './sufficient-level.ts';
import { trustedPath } from './trusted-path.ts';

export interface CertificateContext {
  /** Contains CAs of Smart-ID only. */
  readonly trust: TrustStore;
  readonly revocation: Revocation;
  readonly levelOfIssuer: LevelOfIssuer;
  /** The time at which the certificates must be valid. */
  readonly now: Date;
}

/** The certificate and level as stated in the response of any API version, unverified. */
export interface ClaimedCertificate {
  /** Base64 of the DER. */
  readonly value: string;
  readonly level: string;
}

/** What steps 4 to 9 have found. */
export type VerifiedPerson = Pick<
  VerifiedAuthentication,
  'certificate' | 'certificateLevel' | 'issuers' | 'revocationEvidence'
>;

/**
 * Steps 4 to 9: the certificate is issued by Smart-ID, not revoked, for authentication, of a sufficient level, and of
 * the expected person.
 *
 * @throws VerificationError the codes of each step
 */
export async function personCertificate(
  claimed: ClaimedCertificate,
  documentNumber: string,
  session: AskedAuthentication,
  { trust, revocation, levelOfIssuer, now }: CertificateContext,
): Promise<VerifiedPerson> {
  const path = trustedPath(claimed.value, trust, now);
  const revocationEvidence = await requireNotRevoked(path, revocation);
  const { certificate } = path;
  const certificateLevel = levelByPolicies(certificate, session.schemeName);
  requireLevelOfIssuer(certificateLevel, path, levelOfIssuer);
  requireAuthenticationPurpose(certificate);
  requireLevel(claimed.level, certificateLevel, session.certificateLevel);
  requirePerson(certificate, documentNumber, certificateLevel, session);
  requireReadableNames(certificate);
  return { certificate, certificateLevel, issuers: path.chain, revocationEvidence };
}
