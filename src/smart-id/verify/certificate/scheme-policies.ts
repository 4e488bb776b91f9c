import type { VerifiedCertificate } from '../../../pki/certificate.ts';
import type { CertificateLevel } from '../../../identity/certificate-level.ts';
import type { SchemeName } from '../../authentication.ts';
import { VerificationError } from '../errors.ts';

/** A certificate must have both OIDs: SK's policy for the level, and ETSI's policy that SK's implements (NCP+, NCP). */
interface LevelPolicies {
  readonly level: CertificateLevel;
  readonly oids: readonly [smartId: string, etsi: string];
}

const QUALIFIED: LevelPolicies = { level: 'QUALIFIED', oids: ['1.3.6.1.4.1.10015.17.2', '0.4.0.2042.1.2'] };
const ADVANCED: LevelPolicies = { level: 'ADVANCED', oids: ['1.3.6.1.4.1.10015.17.1', '0.4.0.2042.1.1'] };
/** SK's test certificates issued before 2024. Refused on live. */
const EARLY_TEST: LevelPolicies = {
  level: 'QUALIFIED',
  oids: ['1.3.6.1.4.1.10015.3.17.2', '0.4.0.2042.1.2'],
};

const POLICIES: Readonly<Record<SchemeName, readonly LevelPolicies[]>> = {
  'smart-id': [QUALIFIED, ADVANCED],
  'smart-id-demo': [QUALIFIED, ADVANCED, EARLY_TEST],
};

/**
 * Step 6: the certificate has Smart-ID's policies, of exactly one level. The same CAs also issue certificates of other
 * schemes.
 *
 * @throws VerificationError certificate_policies_foreign, certificate_policies_ambiguous
 */
export function levelByPolicies({ policies }: VerifiedCertificate, schemeName: SchemeName): CertificateLevel {
  const matching = POLICIES[schemeName].filter(({ oids }) => oids.every((oid) => policies.includes(oid)));
  const [level, ...others] = new Set(matching.map((policy) => policy.level));
  if (level === undefined) {
    throw new VerificationError(
      'certificate_policies_foreign',
      `policies ${policies.join(', ')} are not Smart-ID's`,
    );
  }
  if (others.length > 0) {
    throw new VerificationError('certificate_policies_ambiguous', 'the policies are of two levels');
  }
  return level;
}
