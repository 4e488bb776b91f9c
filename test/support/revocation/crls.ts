/**
 * CRLs of a CA with real signatures. crl-defects.ts derives CRLs that must be refused.
 *
 *   const der = encodeCrl(crlTemplate(pki, pki.issuing, { revoked: [certificate] }));
 */
import { sign, type KeyObject } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import {
  Certificate,
  CRLNumber,
  CRLReason,
  CRLReasons,
  type Extension,
  id_ce_cRLNumber,
  id_ce_cRLReasons,
  type Name,
  RevokedCertificate,
  Time,
  Version,
} from '@peculiar/asn1-x509';
import {
  algorithmIdentifier,
  extension,
  type SignatureAlgorithm,
} from '../certificates/certificate-encoding.ts';
import { authorityKeyIdentifier, days, type TestCa, type TestPki } from '../certificates/certificates.ts';
import { derValue, serialized, signedValue } from '../certificates/der.ts';

/** The parts of a CRL; a defect replaces one of them. */
export interface CrlTemplate {
  readonly version: Version | undefined;
  readonly issuer: Name;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | undefined;
  readonly entries: readonly RevokedCertificate[];
  readonly extensions: readonly Extension[];
  readonly signingKey: KeyObject;
  readonly algorithm: SignatureAlgorithm;
  /** The algorithm outside the signed part, if it differs from the one inside. */
  readonly outerAlgorithm?: SignatureAlgorithm;
}

export interface CrlOptions {
  /** DER of the revoked certificates; default: another account's. */
  readonly revoked?: readonly Uint8Array[];
  /** Default: keyCompromise. */
  readonly reason?: CRLReasons;
  readonly thisUpdate?: Date;
  readonly nextUpdate?: Date;
  readonly extraExtensions?: readonly Extension[];
}

export function crlTemplate(pki: TestPki, ca: TestCa, options: CrlOptions = {}): CrlTemplate {
  const { reason = CRLReasons.keyCompromise, revoked } = options;
  const thisUpdate = options.thisUpdate ?? pki.now;
  const serials = revoked?.map(serialNumberOf) ?? [Uint8Array.of(0x10, 0x20, 0x30).buffer];
  return {
    version: Version.v2,
    issuer: ca.name,
    thisUpdate,
    nextUpdate: options.nextUpdate ?? new Date(thisUpdate.getTime() + 12 * 3_600_000),
    entries: serials.map((serial) => entry(serial, thisUpdate, reason)),
    extensions: [
      authorityKeyIdentifier(ca.publicKey),
      extension(id_ce_cRLNumber, new CRLNumber(7)),
      ...(options.extraExtensions ?? []),
    ],
    signingKey: ca.privateKey,
    algorithm: ca.algorithm,
  };
}

export function entry(
  userCertificate: ArrayBuffer,
  at: Date,
  reason?: CRLReasons,
  extraExtensions: readonly Extension[] = [],
): RevokedCertificate {
  const reasons = reason === undefined ? [] : [extension(id_ce_cRLReasons, new CRLReason(reason))];
  const crlEntryExtensions = [...reasons, ...extraExtensions];
  return new RevokedCertificate({
    userCertificate,
    revocationDate: new Time(days(at, -1)),
    ...(crlEntryExtensions.length > 0 && { crlEntryExtensions }),
  });
}

export function serialNumberOf(certificate: Uint8Array): ArrayBuffer {
  return AsnConvert.parse(certificate, Certificate).tbsCertificate.serialNumber;
}

/** Signs a template. */
export function encodeCrl(template: CrlTemplate): Buffer {
  const { entries } = template;
  return withEntries(template, entries.length > 0 ? Buffer.concat(entries.map(serialized)) : undefined);
}

/** A CRL with the given bytes as revokedCertificates, also such that an encoder could not produce. */
export function withEntries(template: CrlTemplate, entries: Buffer | undefined): Buffer {
  const { version, nextUpdate, extensions, algorithm, outerAlgorithm = algorithm } = template;
  const list = derValue(
    0x30,
    ...(version === undefined ? [] : [derValue(0x02, Buffer.of(version))]),
    serialized(algorithmIdentifier(algorithm)),
    serialized(template.issuer),
    serialized(new Time(template.thisUpdate)),
    ...(nextUpdate ? [serialized(new Time(nextUpdate))] : []),
    ...(entries ? [derValue(0x30, entries)] : []),
    ...(extensions.length > 0 ? [derValue(0xa0, derValue(0x30, ...extensions.map(serialized)))] : []),
  );
  const signature = sign(algorithm.hash, list, template.signingKey);
  return signedValue(list, serialized(algorithmIdentifier(outerAlgorithm)), signature);
}
