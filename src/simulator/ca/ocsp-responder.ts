/**
 * The OCSP responder of a CA, as at SK: a delegated responder certificate, renewed before it expires; signatures of RSA with
 * SHA-256; an Archive Cutoff in each single response. (RFC 6960)
 *
 *   OCSPRequest → look up the CA's issued certificate → good, revoked or unknown → signed response with the nonce
 */
import 'reflect-metadata';
import {
  ArchiveCutoff,
  BasicOCSPResponse,
  type CertID,
  CertStatus,
  id_kp_OCSPSigning,
  id_pkix_ocsp_archive_cutoff,
  id_pkix_ocsp_basic,
  id_pkix_ocsp_nocheck,
  id_pkix_ocsp_nonce,
  OCSPRequest,
  OCSPResponse,
  OCSPResponseStatus,
  ResponderID,
  ResponseBytes,
  ResponseData,
  RevokedInfo,
  SingleResponse,
} from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import { AlgorithmIdentifier, Certificate, Extension } from '@peculiar/asn1-x509';
import * as x509 from '@peculiar/x509';
import { createHash, generateKeyPair, type KeyObject, sign as signData } from 'node:crypto';
import { promisify } from 'node:util';
import { authorityName, CA_ALGORITHM, randomSerialNumber } from './certificate-authority.ts';
import { type Defect, type PublishingAuthority, validityOf } from './publishing-authority.ts';

export interface OcspResponder {
  /** Returns an OCSPResponse to an OCSPRequest, both in DER. */
  answer(request: Uint8Array, defect: Defect): Promise<Buffer>;
}

interface Credentials {
  readonly certificate: Certificate;
  readonly notAfter: Date;
  readonly privateKey: KeyObject;
}

const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';
const HASHES: ReadonlyMap<string, string> = new Map([
  ['1.3.14.3.2.26', 'sha1'],
  ['2.16.840.1.101.3.4.2.1', 'sha256'],
]);
const VALIDITY_MS = 30 * 86_400_000;
/** One hour of tolerance for clocks that are behind. */
const TOLERANCE_MS = 3_600_000;
const MAX_REQUESTS = 16;
const generate = promisify(generateKeyPair);
const sign = promisify(signData);

export function createOcspResponder(authority: PublishingAuthority): OcspResponder {
  const { now } = authority;
  const isIssuedHere = issuedBy(authority);
  let current: Promise<Credentials> | undefined;
  let wrongKey: Promise<KeyObject> | undefined;

  const credentials = async (): Promise<Credentials> => {
    const known = await current;
    if (known && now().getTime() < known.notAfter.getTime() - TOLERANCE_MS) return known;
    current = issueCredentials(authority);
    return current;
  };

  return {
    async answer(bytes, defect) {
      const request = parseRequest(bytes);
      if (!request) return failure(OCSPResponseStatus.malformedRequest);
      const { requestList, requestExtensions = [] } = request.tbsRequest;
      if (requestList.length > MAX_REQUESTS) return failure(OCSPResponseStatus.malformedRequest);
      const certificateIds = requestList.map(({ reqCert }) => reqCert);
      if (!certificateIds.every(isIssuedHere)) return failure(OCSPResponseStatus.unauthorized);

      const updates = validityOf(now(), defect);
      const { certificate, privateKey } = await credentials();
      const nonces = requestExtensions.filter(({ extnID }) => extnID === id_pkix_ocsp_nonce);
      const data = new ResponseData({
        responderID: new ResponderID({ byName: certificate.tbsCertificate.subject }),
        producedAt: updates.thisUpdate,
        responses: certificateIds.map(
          (certID) =>
            new SingleResponse({
              certID,
              certStatus: statusOf(certID, authority, updates.thisUpdate),
              ...updates,
              singleExtensions: [archiveCutoff(authority)],
            }),
        ),
        ...(nonces.length > 0 && { responseExtensions: nonces }),
      });
      const key = defect === 'wrong-key' ? await (wrongKey ??= anotherKey()) : privateKey;
      const signature = await sign('sha256', Buffer.from(AsnConvert.serialize(data)), key);
      return success(data, signature, certificate);
    },
  };
}

function parseRequest(bytes: Uint8Array): OCSPRequest | undefined {
  try {
    return AsnConvert.parse(bytes, OCSPRequest);
  } catch {
    return undefined;
  }
}

/** Returns a function that tells whether a CertID names this CA as the issuer. */
function issuedBy({ issuer }: PublishingAuthority): (id: CertID) => boolean {
  const { subject, subjectPublicKeyInfo } = AsnConvert.parse(
    issuer.certificate.rawData,
    Certificate,
  ).tbsCertificate;
  const name = AsnConvert.serialize(subject);
  const equals = (hash: string, expected: OctetString, bytes: ArrayBuffer) =>
    createHash(hash).update(new Uint8Array(bytes)).digest().equals(new Uint8Array(expected.buffer));
  return ({ hashAlgorithm, issuerNameHash, issuerKeyHash }) => {
    const hash = HASHES.get(hashAlgorithm.algorithm);
    return (
      hash !== undefined &&
      equals(hash, issuerNameHash, name) &&
      equals(hash, issuerKeyHash, subjectPublicKeyInfo.subjectPublicKey)
    );
  };
}

function statusOf(id: CertID, { slug, issued, revocation }: PublishingAuthority, at: Date): CertStatus {
  const holder = issued.holderOf(slug, Buffer.from(id.serialNumber).toString('hex'));
  if (holder === undefined) return new CertStatus({ unknown: null });
  return revocation.isRevoked(holder)
    ? new CertStatus({ revoked: new RevokedInfo({ revocationTime: at }) })
    : new CertStatus({ good: null });
}

async function issueCredentials({ issuer, now }: PublishingAuthority): Promise<Credentials> {
  const { publicKey, privateKey } = await newKeys();
  const spki = Uint8Array.from(publicKey.export({ type: 'spki', format: 'der' }));
  const [commonName = ''] = issuer.certificate.subjectName.getField('CN');
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: randomSerialNumber(),
    issuer: issuer.certificate.subjectName,
    subject: authorityName(`${commonName} OCSP RESPONDER`),
    notBefore: new Date(now().getTime() - TOLERANCE_MS),
    notAfter: new Date(now().getTime() + VALIDITY_MS),
    publicKey: spki,
    signingKey: issuer.signingKey,
    signingAlgorithm: CA_ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate.publicKey),
      new x509.ExtendedKeyUsageExtension([id_kp_OCSPSigning], true),
      new x509.Extension(id_pkix_ocsp_nocheck, false, Uint8Array.of(0x05, 0x00)),
      await x509.SubjectKeyIdentifierExtension.create(spki),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    ],
  });
  return {
    certificate: AsnConvert.parse(certificate.rawData, Certificate),
    notAfter: certificate.notAfter,
    privateKey,
  };
}

/** The CA keeps the status of expired certificates since it exists. (RFC 6960, 4.4.4) */
function archiveCutoff({ issuer }: PublishingAuthority): Extension {
  const since = AsnConvert.serialize(new ArchiveCutoff(issuer.certificate.notBefore));
  return new Extension({ extnID: id_pkix_ocsp_archive_cutoff, extnValue: new OctetString(since) });
}

async function newKeys(): Promise<{ publicKey: KeyObject; privateKey: KeyObject }> {
  return await generate('rsa', { modulusLength: 2048 });
}

async function anotherKey(): Promise<KeyObject> {
  return (await newKeys()).privateKey;
}

function success(tbsResponseData: ResponseData, signature: Buffer, certificate: Certificate): Buffer {
  const basic = new BasicOCSPResponse({
    tbsResponseData,
    signatureAlgorithm: new AlgorithmIdentifier({ algorithm: SHA256_WITH_RSA, parameters: null }),
    signature: Uint8Array.from(signature).buffer,
    certs: [certificate],
  });
  const response = new OctetString(AsnConvert.serialize(basic));
  const responseBytes = new ResponseBytes({ responseType: id_pkix_ocsp_basic, response });
  return Buffer.from(
    AsnConvert.serialize(new OCSPResponse({ responseStatus: OCSPResponseStatus.successful, responseBytes })),
  );
}

function failure(responseStatus: OCSPResponseStatus): Buffer {
  return Buffer.from(AsnConvert.serialize(new OCSPResponse({ responseStatus })));
}
