import type { UnverifiedCertificate } from './certificate.ts';
import { certificateAuthority } from './checks/certificate-authority.ts';
import { criticalExtensions } from './checks/critical-extensions.ts';
import { PkiError } from './errors.ts';

/** Whom the operator believes. Nothing else is, the system's store least of all. */
export interface TrustStore {
  /** Believed as they are: where a path ends. Not necessarily self-signed, since an issuing CA may be one. */
  readonly anchors: readonly UnverifiedCertificate[];
  /** Believed only where a path through them reaches an anchor. */
  readonly intermediates: readonly UnverifiedCertificate[];
}

export interface TrustStoreContents {
  readonly anchors: readonly UnverifiedCertificate[];
  /** Default: none. */
  readonly intermediates?: readonly UnverifiedCertificate[];
}

/**
 * @throws PkiError no_trust_anchors where there are none, since then nobody could ever log in or, worse, anybody;
 * trust_anchor_unusable where one could not end a path whatever the date: not a CA, or with a critical extension that
 * is not understood. Dates are looked at when a path is validated.
 */
export function createTrustStore({ anchors, intermediates = [] }: TrustStoreContents): TrustStore {
  if (anchors.length === 0) throw new PkiError('no_trust_anchors', 'no trust anchor is configured');
  for (const anchor of anchors) requireUsable(anchor);
  return Object.freeze({
    anchors: Object.freeze([...anchors]),
    intermediates: Object.freeze([...intermediates]),
  });
}

/** @throws PkiError trust_anchor_unusable where it could stand in no path, whatever the date */
export function requireUsable(anchor: UnverifiedCertificate): void {
  try {
    certificateAuthority(anchor);
    criticalExtensions(anchor);
  } catch (cause) {
    const reason = cause instanceof PkiError ? cause.message : 'unknown';
    throw new PkiError('trust_anchor_unusable', `unusable trust anchor: ${reason}`, { cause });
  }
}
