import type { VerifiedCertificate } from '../../../pki/certificate.ts';
import type { CertificateLevel, SchemeName } from '../../authentication.ts';
import { VerificationError } from '../errors.ts';

/** Both OIDs are needed: SK's policy of the level, and ETSI's policy that it follows (NCP+, NCP). */
interface LevelPolicies {
  readonly level: CertificateLevel;
  readonly oids: readonly [smartId: string, etsi: string];
}

const QUALIFIED: LevelPolicies = { level: 'QUALIFIED', oids: ['1.3.6.1.4.1.10015.17.2', '0.4.0.2042.1.2'] };
const ADVANCED: LevelPolicies = { level: 'ADVANCED', oids: ['1.3.6.1.4.1.10015.17.1', '0.4.0.2042.1.1'] };
/** SK's test chain of before 2024; on live it would be a test certificate. */
const EARLY_TEST: LevelPolicies = {
  level: 'QUALIFIED',
  oids: ['1.3.6.1.4.1.10015.3.17.2', '0.4.0.2042.1.2'],
};

const POLICIES: Readonly<Record<SchemeName, readonly LevelPolicies[]>> = {
  'smart-id': [QUALIFIED, ADVANCED],
  'smart-id-demo': [QUALIFIED, ADVANCED, EARLY_TEST],
};

/**
 * Step 6: the certificate was issued under Smart-ID's policies, and under those of one level. The CAs issue certificates
 * of other schemes too.
 *
 * @throws VerificationError certificate_policies_foreign, certificate_policies_ambiguous
 */
export function levelByPolicies({ policies }: VerifiedCertificate, schemeName: SchemeName): CertificateLevel {
  const fitting = POLICIES[schemeName].filter(({ oids }) => oids.every((oid) => policies.includes(oid)));
  const [level, ...others] = new Set(fitting.map((fit) => fit.level));
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
