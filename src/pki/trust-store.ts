import type { UnverifiedCertificate } from './certificate.ts';
import { certificateAuthority } from './checks/certificate-authority.ts';
import { criticalExtensions } from './checks/critical-extensions.ts';
import { PkiError } from './errors.ts';

/** The CA certificates that the operator trusts. No others are trusted; the system's store is not used. */
export interface TrustStore {
  /** Trusted without further checks of their issuer: paths end here. Not necessarily self-signed: an issuing CA can be one. */
  readonly anchors: readonly UnverifiedCertificate[];
  /** Trusted only as part of a path to an anchor. */
  readonly intermediates: readonly UnverifiedCertificate[];
}

export interface TrustStoreContents {
  readonly anchors: readonly UnverifiedCertificate[];
  /** Default: none. */
  readonly intermediates?: readonly UnverifiedCertificate[];
}

/**
 * @throws PkiError no_trust_anchors if there are none, because then no certificate could be verified;
 * trust_anchor_unusable if an anchor cannot be part of any valid path: it is not a CA, or has an unknown critical extension.
 * Validity periods are checked during path validation.
 */
export function createTrustStore({ anchors, intermediates = [] }: TrustStoreContents): TrustStore {
  if (anchors.length === 0) throw new PkiError('no_trust_anchors', 'no trust anchor is configured');
  for (const anchor of anchors) requireUsable(anchor);
  return Object.freeze({
    anchors: Object.freeze([...anchors]),
    intermediates: Object.freeze([...intermediates]),
  });
}

/** @throws PkiError trust_anchor_unusable if the certificate cannot be part of a valid path at any time */
export function requireUsable(anchor: UnverifiedCertificate): void {
  try {
    certificateAuthority(anchor);
    criticalExtensions(anchor);
  } catch (cause) {
    const reason = cause instanceof PkiError ? cause.message : 'unknown';
    throw new PkiError('trust_anchor_unusable', `unusable trust anchor: ${reason}`, { cause });
  }
}
