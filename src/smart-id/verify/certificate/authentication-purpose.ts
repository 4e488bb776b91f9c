import type { KeyUsage, VerifiedCertificate } from '../../../pki/certificate.ts';
import { VerificationError } from '../errors.ts';

interface Purpose {
  /** Exactly these. */
  readonly keyUsage: readonly KeyUsage[];
  /** At least this one. (RFC 5280 4.2.1.12: any one of several purposes) */
  readonly extendedKeyUsage: string;
}

/** Certificates issued from April 2025 on, and the ones from before. */
const PURPOSES: readonly Purpose[] = [
  { keyUsage: ['digitalSignature'], extendedKeyUsage: '1.3.6.1.4.1.62306.5.7.0' },
  {
    keyUsage: ['digitalSignature', 'keyEncipherment', 'dataEncipherment'],
    extendedKeyUsage: '1.3.6.1.5.5.7.3.2',
  },
];

/**
 * Step 7: the certificate is for authentication. An account's signing certificate comes from the same CA with the same
 * policies and subject; its nonRepudiation fits neither purpose.
 *
 * @throws VerificationError certificate_purpose_wrong
 */
export function requireAuthenticationPurpose({ keyUsage, extendedKeyUsage }: VerifiedCertificate): void {
  const usages = keyUsage ?? new Set<KeyUsage>();
  const fits = PURPOSES.some(
    (purpose) =>
      usages.size === purpose.keyUsage.length &&
      purpose.keyUsage.every((usage) => usages.has(usage)) &&
      extendedKeyUsage.includes(purpose.extendedKeyUsage),
  );
  if (!fits) {
    const stated = [...usages, ...extendedKeyUsage].join(', ');
    throw new VerificationError(
      'certificate_purpose_wrong',
      `the certificate is for: ${stated || 'nothing stated'}`,
    );
  }
}
