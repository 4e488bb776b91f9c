import { type CertificateLevel, isBelow, isCertificateLevel } from '../../../identity/certificate-level.ts';
import { VerificationError } from '../errors.ts';

/**
 * Step 8: the level in the response equals the level of the certificate's policies, and is not below the requested one.
 *
 * @throws VerificationError certificate_level_unknown, certificate_level_contradicts_policies,
 * certificate_level_too_low
 */
export function requireLevel(
  stated: string,
  byPolicies: CertificateLevel,
  requested: CertificateLevel,
): void {
  if (!isCertificateLevel(stated)) {
    throw new VerificationError(
      'certificate_level_unknown',
      'the stated level is neither ADVANCED nor QUALIFIED',
    );
  }
  if (stated !== byPolicies) {
    throw new VerificationError(
      'certificate_level_contradicts_policies',
      `the response states ${stated}, the policies are of ${byPolicies}`,
    );
  }
  if (isBelow(byPolicies, requested)) {
    throw new VerificationError(
      'certificate_level_too_low',
      `the level is ${byPolicies}, requested was ${requested}`,
    );
  }
}
