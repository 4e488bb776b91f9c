import type { VerifiedPath } from '../../../pki/path-validation.ts';
import type { CertificateLevel } from '../../../identity/certificate-level.ts';
import { VerificationError } from '../errors.ts';

/** The level of the certificates that a CA issues, by its SHA-256 fingerprint; undefined of a CA that is not known. */
export type LevelOfIssuer = (fingerprint: string) => CertificateLevel | undefined;

/**
 * Step 6, continued: the level of the policies is the one that the issuing CA certifies. SK identifies the owners of qualified
 * and other accounts differently, and has separate CAs for them. Nothing is known of a CA of TRUST_EXTRA_SHA256 or of the
 * simulator.
 *
 * @throws VerificationError certificate_level_not_of_issuer
 */
export function requireLevelOfIssuer(
  byPolicies: CertificateLevel,
  { chain: [issuer] }: VerifiedPath,
  levelOfIssuer: LevelOfIssuer,
): void {
  const certified = levelOfIssuer(issuer.fingerprint);
  if (certified === undefined || certified === byPolicies) return;
  throw new VerificationError(
    'certificate_level_not_of_issuer',
    `the policies are of ${byPolicies}, the issuing CA certifies ${certified}`,
  );
}
