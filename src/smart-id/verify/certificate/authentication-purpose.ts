import type { KeyUsage, VerifiedCertificate } from '../../../pki/certificate.ts';
import { VerificationError } from '../errors.ts';

interface Purpose {
  /** The certificate must have exactly these. */
  readonly keyUsage: readonly KeyUsage[];
  /** The certificate must have this one, and may have others. (RFC 5280, 4.2.1.12) */
  readonly extendedKeyUsage: string;
}

/** The profiles of certificates issued since April 2025, and before. */
const PURPOSES: readonly Purpose[] = [
  { keyUsage: ['digitalSignature'], extendedKeyUsage: '1.3.6.1.4.1.62306.5.7.0' },
  {
    keyUsage: ['digitalSignature', 'keyEncipherment', 'dataEncipherment'],
    extendedKeyUsage: '1.3.6.1.5.5.7.3.2',
  },
];

/**
 * Step 7: the certificate is for authentication. An account also has a signing certificate with the same issuer,
 * policies and subject; its key usage nonRepudiation matches neither profile.
 *
 * @throws VerificationError certificate_purpose_wrong
 */
export function requireAuthenticationPurpose({ keyUsage, extendedKeyUsage }: VerifiedCertificate): void {
  const usages = keyUsage ?? new Set<KeyUsage>();
  const matches = PURPOSES.some(
    (purpose) =>
      usages.size === purpose.keyUsage.length &&
      purpose.keyUsage.every((usage) => usages.has(usage)) &&
      extendedKeyUsage.includes(purpose.extendedKeyUsage),
  );
  if (!matches) {
    const stated = [...usages, ...extendedKeyUsage].join(', ');
    throw new VerificationError(
      'certificate_purpose_wrong',
      `the certificate is for: ${stated || 'nothing stated'}`,
    );
  }
}
