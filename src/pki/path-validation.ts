/**
 * X.509 path validation (RFC 5280 6.1), and the only place where a certificate becomes a verified one.
 *
 *   DER ─ parseCertificate → UnverifiedCertificate ─ validatePath(trust store, time) → VerifiedPath ─ revocation/
 *
 * Paths are built from the configured CA certificates alone (path-building.ts), then each has to pass every check below.
 * What a certificate is for, and of whom, is not examined: this module knows X.509 and no eID. Policy mapping and name
 * constraints are not implemented, so a certificate that makes them critical is refused as not understood.
 */
import type { CertificateContents, UnverifiedCertificate, VerifiedCertificate } from './certificate.ts';
import { certificateAuthority } from './checks/certificate-authority.ts';
import { criticalExtensions } from './checks/critical-extensions.ts';
import { endEntity } from './checks/end-entity.ts';
import { pathLength } from './checks/path-length.ts';
import { signature } from './checks/signature.ts';
import { validity } from './checks/validity.ts';
import { PkiError } from './errors.ts';
import { buildPaths, type CertificationPath } from './path-building.ts';
import type { TrustStore } from './trust-store.ts';

/** A certificate that chains to a trust anchor. Whether it has been revoked is for `revocation/` to say. */
export interface VerifiedPath {
  readonly certificate: VerifiedCertificate;
  /** The certificate's issuer first, the trust anchor last. */
  readonly chain: CertificationPath['chain'];
}

type PathCheck = (path: CertificationPath, at: Date) => void;

/** In the order in which a refusal tells more and more: a path that comes further is nearer to the one that was meant. */
const checks: readonly PathCheck[] = [
  everySignature,
  everyIssuerIsACertificateAuthority,
  everyPathLength,
  theEndEntity,
  everyCriticalExtension,
  everyValidity,
];

/**
 * Validates an end entity's certificate at a point in time.
 *
 * @throws PkiError of the path that came furthest; no_path_to_trust_anchor where no CA with its issuer's name and key
 * identifier leads to an anchor.
 */
export function validatePath(certificate: UnverifiedCertificate, trust: TrustStore, at: Date): VerifiedPath {
  let furthest = { passed: -1, error: noPath(certificate) };
  for (const path of buildPaths(certificate, trust)) {
    const refusal = firstRefusal(path, at);
    if (!refusal)
      return { certificate: certificate as CertificateContents as VerifiedCertificate, chain: path.chain };
    if (refusal.passed > furthest.passed) furthest = refusal;
  }
  throw furthest.error;
}

function firstRefusal(path: CertificationPath, at: Date): { passed: number; error: PkiError } | undefined {
  for (const [passed, check] of checks.entries()) {
    try {
      check(path, at);
    } catch (error) {
      if (error instanceof PkiError) return { passed, error };
      throw error;
    }
  }
  return undefined;
}

function everySignature({ certificate, chain }: CertificationPath): void {
  // The anchor's own signature proves nothing: it is trusted because the operator says so. (RFC 5280 6.1)
  let signed: CertificateContents = certificate;
  for (const issuer of chain) {
    signature(signed, issuer);
    signed = issuer;
  }
}

function everyIssuerIsACertificateAuthority({ chain }: CertificationPath): void {
  chain.forEach(certificateAuthority);
}

function everyPathLength({ chain }: CertificationPath): void {
  pathLength(chain);
}

function theEndEntity({ certificate }: CertificationPath): void {
  endEntity(certificate);
}

function everyCriticalExtension({ certificate, chain }: CertificationPath): void {
  [certificate, ...chain].forEach(criticalExtensions);
}

function everyValidity({ certificate, chain }: CertificationPath, at: Date): void {
  for (const one of [certificate, ...chain]) validity(one, at);
}

/** Names the issuer by its key alone: the issuer of a self-signed certificate is a person. */
function noPath({ authorityKeyIdentifier = 'unknown' }: UnverifiedCertificate): PkiError {
  return new PkiError(
    'no_path_to_trust_anchor',
    `no configured CA is the issuer, key ${authorityKeyIdentifier}`,
  );
}
