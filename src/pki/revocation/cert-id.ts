import { createHash } from 'node:crypto';
import { CertID } from '@peculiar/asn1-ocsp';
import { OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier } from '@peculiar/asn1-x509';
import type { CertificateContents } from '../certificate.ts';

/** A certificate whose status is requested, and the CA that issued it. */
export interface Asked {
  readonly certificate: CertificateContents;
  readonly issuer: CertificateContents;
}

/**
 * The accepted hash algorithms of a CertID. SHA-1 is safe here: it only identifies the CA, whose name and key are already
 * verified, so that a collision gives no advantage.
 */
const HASHES: ReadonlyMap<string, string> = new Map([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
]);
const SHA1 = '1.3.14.3.2.26';

/** The CertID with SHA-1, which every responder supports. (RFC 6960 4.1.1, RFC 5019 2.1.1) */
export function certIdOf({ certificate, issuer }: Asked): CertID {
  return new CertID({
    hashAlgorithm: new AlgorithmIdentifier({ algorithm: SHA1, parameters: null }),
    issuerNameHash: new OctetString(hash('sha1', issuer.subject.der)),
    issuerKeyHash: new OctetString(hash('sha1', issuer.publicKeyBits)),
    serialNumber: Uint8Array.from(certificate.serialNumber).buffer,
  });
}

/** Whether a CertID identifies this certificate, with any accepted hash algorithm. */
export function isCertIdOf(id: CertID, { certificate, issuer }: Asked): boolean {
  const algorithm = HASHES.get(id.hashAlgorithm.algorithm);
  return (
    algorithm !== undefined &&
    hash(algorithm, issuer.subject.der).equals(new Uint8Array(id.issuerNameHash.buffer)) &&
    hash(algorithm, issuer.publicKeyBits).equals(new Uint8Array(id.issuerKeyHash.buffer)) &&
    Buffer.compare(new Uint8Array(id.serialNumber), certificate.serialNumber) === 0
  );
}

function hash(algorithm: string, bytes: Uint8Array): Buffer {
  return createHash(algorithm).update(bytes).digest();
}
