import { constants, createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  AttributeTypeAndValue,
  AttributeValue,
  Extension,
  Name,
  RelativeDistinguishedName,
  SubjectPublicKeyInfo,
  Validity,
} from '@peculiar/asn1-x509';
import { derValue, serialized, signedValue } from './der.ts';

/** A signature algorithm. `null` parameters are ASN.1 NULL, as RSA requires; ECDSA has none; others are DER. */
export interface SignatureAlgorithm {
  readonly oid: string;
  readonly hash: 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512';
  readonly parameters?: null | Uint8Array;
  /** Default: PKCS#1 v1.5 for an RSA key. */
  readonly padding?: number;
}

/** RSASSA-PSS-params of SHA-256, MGF1 of SHA-256, a salt of 32 octets. (RFC 4055 3.1) */
const PSS_WITH_SHA256 = Buffer.from(
  '3034a00f300d06096086480165030402010500a11c301a06092a864886f70d010108300d06096086480165030402010500a203020120',
  'hex',
);

export const signatureAlgorithms = {
  ecdsaWithSha1: { oid: '1.2.840.10045.4.1', hash: 'sha1' },
  ecdsaWithSha256: { oid: '1.2.840.10045.4.3.2', hash: 'sha256' },
  ecdsaWithSha384: { oid: '1.2.840.10045.4.3.3', hash: 'sha384' },
  ecdsaWithSha512: { oid: '1.2.840.10045.4.3.4', hash: 'sha512' },
  rsaWithMd5: { oid: '1.2.840.113549.1.1.4', hash: 'md5', parameters: null },
  rsaWithSha1: { oid: '1.2.840.113549.1.1.5', hash: 'sha1', parameters: null },
  rsaWithSha256: { oid: '1.2.840.113549.1.1.11', hash: 'sha256', parameters: null },
  rsaWithSha384: { oid: '1.2.840.113549.1.1.12', hash: 'sha384', parameters: null },
  rsaWithSha512: { oid: '1.2.840.113549.1.1.13', hash: 'sha512', parameters: null },
  rsaPssWithSha256: {
    oid: '1.2.840.113549.1.1.10',
    hash: 'sha256',
    parameters: PSS_WITH_SHA256,
    padding: constants.RSA_PKCS1_PSS_PADDING,
  },
} as const satisfies Record<string, SignatureAlgorithm>;

/** The parts of a certificate; a defect replaces one of them. */
export interface CertificateTemplate {
  readonly issuer: Name;
  readonly subject: Name;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Extension[];
  readonly signingKey: KeyObject;
  readonly algorithm: SignatureAlgorithm;
  /** The algorithm outside the signed part, if it differs from the one inside. */
  readonly outerAlgorithm?: SignatureAlgorithm;
}

const SEQUENCE = 0x30;
const VERSION_3 = Buffer.from('a003020102', 'hex');

let serial = 0x5110;

/** Encodes and signs a certificate, in DER. */
export function issueCertificate(template: CertificateTemplate): Buffer {
  const { algorithm, outerAlgorithm = algorithm, notBefore, notAfter } = template;
  serial += 1;
  const tbs = derValue(
    SEQUENCE,
    VERSION_3,
    derValue(0x02, Buffer.of(0x10, serial >> 8, serial & 0xff)),
    serialized(algorithmIdentifier(algorithm)),
    serialized(template.issuer),
    serialized(new Validity({ notBefore, notAfter })),
    serialized(template.subject),
    publicKeyInfo(template.publicKey).der,
    derValue(0xa3, derValue(SEQUENCE, ...template.extensions.map(serialized))),
  );
  return signedValue(tbs, serialized(algorithmIdentifier(outerAlgorithm)), signatureOver(tbs, template));
}

/** `C` and `serialNumber` are PrintableString; other attribute values are UTF8String. */
export function distinguishedName(
  ...attributes: readonly [oid: string, value: string, kind?: 'printable'][]
) {
  return new Name(
    attributes.map(
      ([type, value, kind]) =>
        new RelativeDistinguishedName([
          new AttributeTypeAndValue({
            type,
            value: new AttributeValue(
              kind === 'printable' ? { printableString: value } : { utf8String: value },
            ),
          }),
        ]),
    ),
  );
}

/** An extension with an asn1-x509 value, or with given bytes. */
export function extension(extnID: string, value: object | Uint8Array, critical = false): Extension {
  const der = value instanceof Uint8Array ? exactBuffer(value) : AsnConvert.serialize(value);
  return new Extension({ extnID, critical, extnValue: new OctetString(der) });
}

/** RFC 5280 4.2.1.2, method 1: SHA-1 of the subject public key. */
export function keyIdentifier(publicKey: KeyObject): ArrayBuffer {
  return publicKeyInfo(publicKey).identifier;
}

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

const rsaKeys = new Map<string, KeyPair>();

/** An RSA key pair, generated once per process and label, since generation is slow. */
export function rsaKeyPair(label: string, modulusLength = 2048): KeyPair {
  const cached = rsaKeys.get(label);
  if (cached) return cached;
  const made = generateKeyPairSync('rsa', { modulusLength });
  rsaKeys.set(label, made);
  return made;
}

export function ecKeyPair(namedCurve: 'P-256' | 'P-384' | 'P-521' | 'secp256k1'): KeyPair {
  return generateKeyPairSync('ec', { namedCurve });
}

interface PublicKeyInfo {
  /** The SubjectPublicKeyInfo. */
  readonly der: Buffer;
  readonly identifier: ArrayBuffer;
}

const publicKeyInfos = new WeakMap<KeyObject, PublicKeyInfo>();

/** Exported once a key, since that is slow. */
function publicKeyInfo(key: KeyObject): PublicKeyInfo {
  const known = publicKeyInfos.get(key);
  if (known) return known;
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const bits = new Uint8Array(AsnConvert.parse(der, SubjectPublicKeyInfo).subjectPublicKey);
  const info = { der, identifier: exactBuffer(createHash('sha1').update(bits).digest()) };
  publicKeyInfos.set(key, info);
  return info;
}

function signatureOver(
  tbs: Buffer,
  { algorithm: { hash, padding }, signingKey }: CertificateTemplate,
): Buffer {
  return sign(hash, tbs, padding === undefined ? signingKey : { key: signingKey, padding, saltLength: 32 });
}

export function algorithmIdentifier({ oid, parameters }: SignatureAlgorithm): AlgorithmIdentifier {
  if (parameters === undefined) return new AlgorithmIdentifier({ algorithm: oid });
  return new AlgorithmIdentifier({
    algorithm: oid,
    parameters: parameters === null ? null : exactBuffer(parameters),
  });
}

export function exactBuffer(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}
