import { createHash } from 'node:crypto';
import { AsnConvert } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import type { CertificateContents } from '../certificate.ts';
import { encodeDer } from '../der/encoding.ts';

/** A certificate whose status is requested, and the CA that issued it. */
export interface Asked {
  readonly certificate: CertificateContents;
  readonly issuer: CertificateContents;
}

/** Identifies a certificate by its issuer and its number. (RFC 6960 4.1.1) */
export interface CertId {
  /** OID of the algorithm of both hashes. */
  readonly hashAlgorithm: string;
  readonly issuerNameHash: Uint8Array;
  readonly issuerKeyHash: Uint8Array;
  /** The content octets of the INTEGER. */
  readonly serialNumber: Uint8Array;
}

/**
 * The accepted hash algorithms of a CertID. SHA-1 is safe here: it only identifies the CA, whose name and key are already
 * verified, so that a collision gives no advantage.
 */
const HASHES: ReadonlyMap<string, string> = new Map([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
]);
const SHA1 = new Uint8Array(
  AsnConvert.serialize(new AlgorithmIdentifier({ algorithm: '1.3.14.3.2.26', parameters: null })),
);
const INTEGER = 0x02;
const OCTET_STRING = 0x04;
const SEQUENCE = 0x30;

/** The CertID in DER with SHA-1, which every responder supports. (RFC 6960 4.1.1, RFC 5019 2.1.1) */
export function encodeCertId({ certificate, issuer }: Asked): Uint8Array {
  return encodeDer(
    SEQUENCE,
    SHA1,
    encodeDer(OCTET_STRING, hash('sha1', issuer.subject.der)),
    encodeDer(OCTET_STRING, hash('sha1', issuer.publicKeyBits)),
    encodeDer(INTEGER, certificate.serialNumber),
  );
}

/** Whether a CertID identifies this certificate, with any accepted hash algorithm. */
export function isCertIdOf(id: CertId, { certificate, issuer }: Asked): boolean {
  const algorithm = HASHES.get(id.hashAlgorithm);
  return (
    algorithm !== undefined &&
    hash(algorithm, issuer.subject.der).equals(id.issuerNameHash) &&
    hash(algorithm, issuer.publicKeyBits).equals(id.issuerKeyHash) &&
    Buffer.compare(id.serialNumber, certificate.serialNumber) === 0
  );
}

function hash(algorithm: string, bytes: Uint8Array): Buffer {
  return createHash(algorithm).update(bytes).digest();
}
