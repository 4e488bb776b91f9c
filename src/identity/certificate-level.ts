/** How well a certificate vouches for its person. Weakest first. */
export const CERTIFICATE_LEVELS = ['ADVANCED', 'QUALIFIED'] as const;

export type CertificateLevel = (typeof CERTIFICATE_LEVELS)[number];

export function isCertificateLevel(name: string): name is CertificateLevel {
  return CERTIFICATE_LEVELS.some((level) => level === name);
}

export function isBelow(level: CertificateLevel, other: CertificateLevel): boolean {
  return CERTIFICATE_LEVELS.indexOf(level) < CERTIFICATE_LEVELS.indexOf(other);
}

/** Of the levels that two sides demand, the one that satisfies both; undefined demands none. */
export function stricterLevel(one: CertificateLevel, other: CertificateLevel | undefined): CertificateLevel {
  return other !== undefined && isBelow(one, other) ? other : one;
}
