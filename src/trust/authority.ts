import { oneLine } from '../invisible-characters.ts';
import { isSelfIssued, type UnverifiedCertificate } from '../pki/certificate.ts';
import { COMMON_NAME } from '../pki/distinguished-name.ts';
import { PkiError } from '../pki/errors.ts';
import { requireUsable } from '../pki/trust-store.ts';
import type { SmartIdService } from '../smart-id/known-authorities.ts';
import type { TrustSettings } from './settings.ts';

/** Why a CA certificate is trusted: it is a known Smart-ID CA of this environment, or in the operator's TRUST_EXTRA_SHA256. */
export type TrustedBy = SmartIdService | 'extra';

/** A trusted CA certificate. */
export interface Authority {
  readonly certificate: UnverifiedCertificate;
  /** The CN, safe to print on a terminal. */
  readonly name: string;
  readonly kind: 'issuing' | 'root';
  readonly trustedBy: TrustedBy;
}

/**
 * Decides by the fingerprint whether a certificate is a trusted CA of this environment. A CA of another environment is
 * refused even if the operator lists it: demo certificates prove no real identity.
 *
 * @returns the authority, or a sentence that says why it is not trusted
 */
export function classifyAuthority(
  certificate: UnverifiedCertificate,
  settings: TrustSettings,
): Authority | string {
  const { fingerprint } = certificate;
  const name = nameOf(certificate);
  const what = `the CA “${name}”, SHA-256 fingerprint ${fingerprint},`;
  const services = ['demo', 'live'] as const;
  const service = services.find((one) =>
    settings.known[one].some((known) => known.fingerprint === fingerprint),
  );
  if (service !== undefined && service !== settings.environment) {
    return `${what} belongs to Smart-ID’s ${service} service and is not trusted with SMARTID_ENVIRONMENT=${settings.environment}`;
  }
  if (service === undefined && settings.environment === 'live' && isOfSkTests(certificate)) {
    return `${what} is one of SK’s tests by its name and is not trusted with SMARTID_ENVIRONMENT=live`;
  }
  const trustedBy = service ?? (settings.extra.includes(fingerprint) ? 'extra' : undefined);
  if (trustedBy === undefined) {
    return `${what} is not a CA that this release knows as Smart-ID’s; if SK has given you its fingerprint, add it to TRUST_EXTRA_SHA256`;
  }
  try {
    requireUsable(certificate);
  } catch (error) {
    if (error instanceof PkiError) return `${what} cannot be trusted: ${error.message}`;
    throw error;
  }
  return { certificate, name, kind: isSelfIssued(certificate) ? 'root' : 'issuing', trustedBy };
}

/** SK names all its test CAs like this, also those that are newer than this release. The operator cannot override it. */
function isOfSkTests({ subject, issuer }: UnverifiedCertificate): boolean {
  return [subject, issuer].some((name) => name.values(COMMON_NAME).some((text) => /^TEST of /i.test(text)));
}

/** The CN as one line of printable text, because it is not verified yet. */
export function nameOf({ subject }: UnverifiedCertificate): string {
  const [commonName = 'without a name'] = subject.values(COMMON_NAME);
  return oneLine(commonName).slice(0, 64);
}
