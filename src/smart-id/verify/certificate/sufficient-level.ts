import type { CertificateLevel } from '../../authentication.ts';
import { VerificationError } from '../errors.ts';

const RANKS: Readonly<Record<CertificateLevel, number>> = { ADVANCED: 1, QUALIFIED: 2 };

/**
 * Step 8: the level that Smart-ID states is the level of the certificate's policies, and enough.
 *
 * @throws VerificationError certificate_level_unknown, certificate_level_contradicts_policies,
 * certificate_level_too_low
 */
export function requireLevel(stated: string, byPolicies: CertificateLevel, asked: CertificateLevel): void {
  if (!Object.hasOwn(RANKS, stated)) {
    throw new VerificationError(
      'certificate_level_unknown',
      'the stated level is neither ADVANCED nor QUALIFIED',
    );
  }
  if (stated !== byPolicies) {
    throw new VerificationError(
      'certificate_level_contradicts_policies',
      `${stated} is stated, the policies are of ${byPolicies}`,
    );
  }
  if (RANKS[byPolicies] < RANKS[asked]) {
    throw new VerificationError('certificate_level_too_low', `${byPolicies}, where ${asked} was asked for`);
  }
}
