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
  TBSCertList,
  Time,
  Version,
} from '@peculiar/asn1-x509';
import {
  algorithmIdentifier,
  extension,
  type SignatureAlgorithm,
} from '../certificates/certificate-encoding.ts';
import { authorityKeyIdentifier, days, type TestCa, type TestPki } from '../certificates/certificates.ts';

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
  const { version, nextUpdate, entries, extensions } = template;
  const list = new TBSCertList({
    ...(version !== undefined && { version }),
    signature: algorithmIdentifier(template.algorithm),
    issuer: template.issuer,
    thisUpdate: new Time(template.thisUpdate),
    ...(nextUpdate && { nextUpdate: new Time(nextUpdate) }),
    ...(entries.length > 0 && { revokedCertificates: [...entries] }),
    ...(extensions.length > 0 && { crlExtensions: [...extensions] }),
  });
  return signCrl(serialized(list), template);
}

/** A CRL with the given bytes as revokedCertificates, also such that an encoder could not produce. */
export function withEntries(template: CrlTemplate, entries: Buffer): Buffer {
  const parts = [
    Buffer.of(0x02, 0x01, 0x01),
    serialized(algorithmIdentifier(template.algorithm)),
    serialized(template.issuer),
    serialized(new Time(template.thisUpdate)),
    serialized(new Time(template.nextUpdate)),
    derValue(0x30, entries),
  ];
  return signCrl(derValue(0x30, Buffer.concat(parts)), template);
}

/** Signs any TBSCertList. */
function signCrl(
  signed: Buffer,
  { algorithm, outerAlgorithm, signingKey }: Pick<CrlTemplate, 'algorithm' | 'outerAlgorithm' | 'signingKey'>,
): Buffer {
  const identifier = serialized(algorithmIdentifier(outerAlgorithm ?? algorithm));
  const signature = sign(algorithm.hash, signed, signingKey);
  const bits = derValue(0x03, Buffer.concat([Buffer.of(0), signature]));
  return derValue(0x30, Buffer.concat([signed, identifier, bits]));
}

function serialized(value: object): Buffer {
  return Buffer.from(AsnConvert.serialize(value));
}

/** One value in DER. */
export function derValue(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  const header = length < 0x80 ? [length] : [0x80 | octets.length, ...octets];
  return Buffer.concat([Buffer.of(tag, ...header), content]);
}
