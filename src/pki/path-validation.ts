/**
 * X.509 path validation (RFC 5280 6.1): the only function that returns a `VerifiedCertificate`.
 *
 *   DER ─ parseCertificate → UnverifiedCertificate ─ validatePath(trust store, time) → VerifiedPath ─ revocation/
 *
 * Paths are built only from the configured CA certificates (path-building.ts), and each must pass every check below. The
 * purpose and the subject of a certificate are not checked: this module implements X.509, and no eID. Name constraints and
 * policy constraints are not implemented, so a certificate with them is refused, critical or not; policy mapping is not either,
 * and refused if critical.
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

/** A certificate with a valid path to a trust anchor. `revocation/` checks whether it is revoked. */
export interface VerifiedPath {
  readonly certificate: VerifiedCertificate;
  /** The certificate's issuer first, the trust anchor last. */
  readonly chain: CertificationPath['chain'];
}

type PathCheck = (path: CertificationPath, at: Date) => void;

/** Ordered so that a path which passes more checks is more likely the intended one: its error is the most useful. */
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
 * @throws PkiError of the path that passed the most checks; no_path_to_trust_anchor if no CA with the issuer's name and key
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
  // The anchor's own signature is not checked: the operator's configuration makes it trusted. (RFC 5280 6.1)
  const [issuer, ...above] = chain;
  signature(certificate, issuer);
  let signed: CertificateContents = issuer;
  for (const authority of above) {
    signatureOfAuthority(signed, authority);
    signed = authority;
  }
}

/** Caches which CAs of the trust store have validly signed which others. They are the same objects in each path. */
const signedBy = new WeakMap<CertificateContents, WeakSet<CertificateContents>>();

function signatureOfAuthority(signed: CertificateContents, issuer: CertificateContents): void {
  const known = signedBy.get(issuer) ?? new WeakSet();
  if (known.has(signed)) return;
  signature(signed, issuer);
  signedBy.set(issuer, known.add(signed));
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

/** Identifies the issuer only by its key, because the issuer name of a self-signed certificate can be a person's. */
function noPath({ authorityKeyIdentifier = 'unknown' }: UnverifiedCertificate): PkiError {
  return new PkiError(
    'no_path_to_trust_anchor',
    `no configured CA is the issuer, key ${authorityKeyIdentifier}`,
  );
}
