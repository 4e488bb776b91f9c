import { createHash, createPublicKey, type KeyObject } from 'node:crypto';
import { readLayout } from './certificate-layout.ts';
import { malformed, readSequence, requireParts, type DerElement } from './der/der.ts';
import { timeOf } from './der/values.ts';
import { readDistinguishedName, type DistinguishedName } from './distinguished-name.ts';
import { PkiError } from './errors.ts';
import { keepParsed, readExtensions } from './extensions.ts';
import type { KeyUsage } from './key-usage.ts';
import { readSignature, type Signature } from './signature.ts';

export type { DistinguishedName } from './distinguished-name.ts';
export type { KeyUsage } from './key-usage.ts';

/** The parsed contents of a certificate. Whether they are verified is expressed by the types below. */
export interface CertificateContents {
  readonly der: Uint8Array;
  /** SHA-256 of the DER, upper-case hexadecimal. */
  readonly fingerprint: string;
  /** The content octets of the INTEGER, unchanged: the issuer identifies the certificate by them. */
  readonly serialNumber: Uint8Array;
  readonly subject: DistinguishedName;
  readonly issuer: DistinguishedName;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: KeyObject;
  /** The key bits without the algorithm identifier: the input of key hashes. (RFC 6960 4.1.1) */
  readonly publicKeyBits: Uint8Array;
  readonly signature: Signature;
  /** Undefined if the certificate has no basicConstraints extension. */
  readonly basicConstraints: { readonly ca: boolean; readonly pathLength: number | undefined } | undefined;
  /** Undefined if the certificate has no keyUsage extension. */
  readonly keyUsage: ReadonlySet<KeyUsage> | undefined;
  readonly extendedKeyUsage: readonly string[];
  readonly policies: readonly string[];
  /** CNs of the directoryNames in subjectAltName, where Smart-ID certificates have the document number. */
  readonly alternativeCommonNames: readonly string[];
  /** dateOfBirth (1.3.6.1.5.5.7.9.1) of subjectDirectoryAttributes (2.5.29.9), as the GeneralizedTime's text. */
  readonly dateOfBirth: string | undefined;
  readonly subjectKeyIdentifier: string | undefined;
  readonly authorityKeyIdentifier: string | undefined;
  readonly ocspUrls: readonly string[];
  readonly caIssuersUrls: readonly string[];
  /** Addresses of revocation lists that the issuer itself signs, for all reasons. */
  readonly crlUrls: readonly string[];
  /** id-pkix-ocsp-nocheck: the revocation of this OCSP responder's certificate is not checked. (RFC 6960 4.2.2.2.1) */
  readonly ocspNoCheck: boolean;
  /** Also the constraints on paths, which apply whether they are critical or not. */
  readonly criticalExtensions: readonly string[];
}

declare const trust: unique symbol;

/** Parsed, but not verified: its contents are untrusted. */
export type UnverifiedCertificate = CertificateContents & { readonly [trust]?: 'unverified' };

/** Has a valid path to a trust anchor at a point in time. Only `validatePath` returns this type. */
export type VerifiedCertificate = CertificateContents & { readonly [trust]: 'verified' };

const BIT_STRING = 0x03;
const SEQUENCE = 0x30;

/** A person's certificate has less than 3 KiB, a CA certificate less than 2 KiB. */
const MAX_BYTES = 16 * 1024;

/**
 * Parses one X.509 v3 certificate. (RFC 5280 4.1)
 *
 * @param der the certificate in DER, without further bytes, at most 16 KiB; copied.
 * @throws PkiError certificate_malformed if it is not well-formed, or followed by other bytes.
 */
export function parseCertificate(der: Uint8Array): UnverifiedCertificate {
  if (der.length > MAX_BYTES) throw malformed('larger than 16 KiB');
  const bytes = Uint8Array.from(der);
  try {
    return readContents(bytes);
  } catch (error) {
    throw error instanceof PkiError ? error : malformed('does not parse', error);
  }
}

/** Whether subject and issuer are equal, as in a root certificate. */
export function isSelfIssued({ subject, issuer }: CertificateContents): boolean {
  return Buffer.compare(subject.der, issuer.der) === 0;
}

const PEM_BLOCK = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END CERTIFICATE-----/g;

/**
 * Parses all certificates of a PEM text (RFC 7468), in order. Text outside of the blocks is ignored.
 *
 * @throws PkiError certificate_malformed, also if there is no certificate or a block is incomplete.
 */
export function parsePem(text: string): UnverifiedCertificate[] {
  const blocks = [...text.matchAll(PEM_BLOCK)].map(([, base64 = '']) => base64.replaceAll(/\s/g, ''));
  const begun = text.split('-----BEGIN CERTIFICATE-----').length - 1;
  if (blocks.length === 0 || blocks.length !== begun) throw malformed('not PEM certificates');
  return blocks.map((base64) => {
    const der = Buffer.from(base64, 'base64');
    if (der.toString('base64') !== base64) throw malformed('not Base64');
    return parseCertificate(der);
  });
}

const readIssuer = keepParsed((bytes) => readDistinguishedName(readSequence(bytes)));

function readContents(der: Uint8Array): CertificateContents {
  const parts = readLayout(readSequence(der));
  return {
    der,
    fingerprint: createHash('sha256').update(der).digest('hex').toUpperCase(),
    serialNumber: parts.serialNumber.content,
    subject: readDistinguishedName(parts.subject),
    issuer: readIssuer(parts.issuer.bytes),
    notBefore: timeOf(parts.notBefore),
    notAfter: timeOf(parts.notAfter),
    publicKey: createPublicKey({ key: Buffer.from(parts.publicKeyInfo.bytes), format: 'der', type: 'spki' }),
    publicKeyBits: publicKeyBits(parts.publicKeyInfo),
    signature: readSignature(parts.signed, parts.algorithm, parts.signature),
    ...readExtensions(parts.extensions),
  };
}

function publicKeyBits(publicKeyInfo: DerElement): Uint8Array {
  const [, bits] = requireParts(publicKeyInfo, [SEQUENCE, BIT_STRING]);
  return bits.content.subarray(1);
}
