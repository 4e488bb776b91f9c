/**
 * OCSP responses of a CA's responder with real signatures. ocsp-defects.ts derives responses that must be refused.
 *
 *   const request = testOcspRequest(createTestPki());
 *   const der = encodeOcsp(ocspTemplate(request, { status: 'revoked' }));
 */
import { createHash, randomBytes, sign, type KeyObject } from 'node:crypto';
import {
  CertID,
  CertStatus,
  id_kp_OCSPSigning,
  id_pkix_ocsp_basic,
  id_pkix_ocsp_nocheck,
  id_pkix_ocsp_nonce,
  KeyHash,
  OCSPResponse,
  OCSPResponseStatus,
  ResponderID,
  ResponseBytes,
  ResponseData,
  RevokedInfo,
  SingleResponse,
} from '@peculiar/asn1-ocsp';
import { AsnConvert, OctetString } from '@peculiar/asn1-schema';
import {
  AlgorithmIdentifier,
  BasicConstraints,
  Certificate,
  ExtendedKeyUsage,
  type Extension,
  KeyUsage,
  KeyUsageFlags,
  type Name,
} from '@peculiar/asn1-x509';
import { parseCertificate } from '../../../src/pki/certificate.ts';
import type { OcspQuestion } from '../../../src/pki/revocation/ocsp-request.ts';
import {
  algorithmIdentifier,
  distinguishedName,
  ecKeyPair,
  exactBuffer,
  extension,
  issueCertificate,
  type KeyPair,
  keyIdentifier,
  rsaKeyPair,
  type SignatureAlgorithm,
  signatureAlgorithms,
} from '../certificates/certificate-encoding.ts';
import {
  authorityKeyIdentifier,
  days,
  issueAuthentication,
  signedBy,
  subjectKeyIdentifier,
  type TestCa,
  type TestPki,
} from '../certificates/certificates.ts';
import { derValue, serialized, signedValue } from '../certificates/der.ts';

/** An OCSP request, and the CA of the responder. */
export interface TestOcspRequest {
  readonly pki: TestPki;
  readonly ca: TestCa;
  readonly question: OcspQuestion;
}

/** The signer of responses. */
export interface Responder {
  readonly name: Name;
  readonly keys: KeyPair;
  readonly algorithm: SignatureAlgorithm;
  /** Sent with the response; absent if the CA itself signs. */
  readonly certificate?: Buffer;
}

/** The parts of a response; a defect replaces one of them. */
export interface OcspTemplate {
  readonly responses: readonly SingleResponse[];
  readonly responderId: ResponderID;
  readonly producedAt: Date;
  readonly extensions: readonly Extension[];
  readonly signingKey: KeyObject;
  readonly algorithm: SignatureAlgorithm;
  readonly certificates: readonly Buffer[];
}

export interface OcspOptions {
  /** Default: `good`. */
  readonly status?: 'good' | 'revoked' | 'unknown';
  /** Default: SHA-1, as in the request. */
  readonly hash?: 'sha1' | 'sha256';
  /** Default: the responder certified by the CA. */
  readonly responder?: Responder;
  /** Default: `name`. */
  readonly namedBy?: 'name' | 'key';
  /** Default: the request's nonce; `null` for none. */
  readonly nonce?: Uint8Array | null;
  /** Default: the PKI's `now`. */
  readonly producedAt?: Date;
  readonly thisUpdate?: Date;
  /** Default: twelve hours after thisUpdate; `null` for none. */
  readonly nextUpdate?: Date | null;
}

/** A request about a new account certificate. */
export function testOcspRequest(pki: TestPki): TestOcspRequest {
  const certificate = parseCertificate(issueAuthentication(pki).certificate);
  const issuer = parseCertificate(pki.issuing.certificate);
  return { pki, ca: pki.issuing, question: { certificate, issuer, nonce: randomBytes(32) } };
}

export function ocspTemplate(request: TestOcspRequest, options: OcspOptions = {}): OcspTemplate {
  const { pki, question } = request;
  const { responder = issueResponder(pki, request.ca), namedBy, nonce = question.nonce } = options;
  return {
    responses: [singleResponse(request, options)],
    responderId:
      namedBy === 'key'
        ? new ResponderID({ byKey: new KeyHash(keyIdentifier(responder.keys.publicKey)) })
        : new ResponderID({ byName: responder.name }),
    producedAt: wholeSeconds(options.producedAt ?? pki.now),
    extensions:
      nonce === null ? [] : [extension(id_pkix_ocsp_nonce, new OctetString(Uint8Array.from(nonce)))],
    signingKey: responder.keys.privateKey,
    algorithm: responder.algorithm,
    certificates: responder.certificate ? [responder.certificate] : [],
  };
}

export function singleResponse(request: TestOcspRequest, options: OcspOptions = {}): SingleResponse {
  const { thisUpdate = request.pki.now, status = 'good' } = options;
  const { nextUpdate = new Date(thisUpdate.getTime() + 12 * 3_600_000) } = options;
  return new SingleResponse({
    certID: certId(request, options.hash ?? 'sha1'),
    certStatus: certStatus(status, wholeSeconds(thisUpdate)),
    thisUpdate: wholeSeconds(thisUpdate),
    ...(nextUpdate && { nextUpdate: wholeSeconds(nextUpdate) }),
  });
}

export function certId({ question }: TestOcspRequest, hash: 'sha1' | 'sha256' | 'sha512'): CertID {
  const { certificate, issuer } = question;
  const { tbsCertificate } = AsnConvert.parse(issuer.der, Certificate);
  const digest = (bytes: Uint8Array) => new OctetString(exactBuffer(createHash(hash).update(bytes).digest()));
  const oids = { sha1: '1.3.14.3.2.26', sha256: '2.16.840.1.101.3.4.2.1', sha512: '2.16.840.1.101.3.4.2.3' };
  return new CertID({
    hashAlgorithm: new AlgorithmIdentifier({ algorithm: oids[hash], parameters: null }),
    issuerNameHash: digest(new Uint8Array(AsnConvert.serialize(tbsCertificate.subject))),
    issuerKeyHash: digest(new Uint8Array(tbsCertificate.subjectPublicKeyInfo.subjectPublicKey)),
    serialNumber: AsnConvert.parse(certificate.der, Certificate).tbsCertificate.serialNumber,
  });
}

/** Signs a template. */
export function encodeOcsp(template: OcspTemplate): Buffer {
  const data = new ResponseData({
    responderID: template.responderId,
    producedAt: template.producedAt,
    responses: [...template.responses],
    ...(template.extensions.length > 0 && { responseExtensions: [...template.extensions] }),
  });
  const signed = serialized(data);
  const { algorithm, signingKey, certificates } = template;
  return wrapped(
    signedValue(
      signed,
      serialized(algorithmIdentifier(algorithm)),
      sign(algorithm.hash, signed, signingKey),
      ...(certificates.length > 0 ? [derValue(0xa0, derValue(0x30, ...certificates))] : []),
    ),
  );
}

/** Replaces the basic response with any bytes. */
export function wrapped(response: Uint8Array, responseType = id_pkix_ocsp_basic): Buffer {
  const bytes = new ResponseBytes({ responseType, response: new OctetString(exactBuffer(response)) });
  return encoded(new OCSPResponse({ responseBytes: bytes }));
}

/** A response with only a status. */
export function statusOnly(responseStatus: OCSPResponseStatus): Buffer {
  return encoded(new OCSPResponse({ responseStatus }));
}

export interface ResponderOptions {
  /** Default: the CA for which it signs responses. */
  readonly issuer?: Pick<TestCa, 'name' | 'privateKey' | 'algorithm' | 'publicKey'>;
  readonly keys?: KeyPair;
  readonly algorithm?: SignatureAlgorithm;
  readonly extendedKeyUsage?: readonly string[];
  readonly keyUsage?: number | null;
  /** The key that the authority key identifier names; default: the issuer's. */
  readonly authorityKey?: KeyObject;
  readonly noCheck?: boolean;
  readonly ca?: boolean;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly extraExtensions?: readonly Extension[];
}

/** A responder with a certificate of the CA only for OCSP signing; each option can make it invalid. */
export function issueResponder(pki: TestPki, ca: TestCa, options: ResponderOptions = {}): Responder {
  const { keys = ecKeyPair('P-256'), algorithm = signatureAlgorithms.ecdsaWithSha256, issuer = ca } = options;
  const { extendedKeyUsage = [id_kp_OCSPSigning], keyUsage = KeyUsageFlags.digitalSignature } = options;
  const name = distinguishedName(['2.5.4.3', 'Sild test OCSP RESPONDER']);
  const certificate = issueCertificate(
    signedBy(issuer, {
      subject: name,
      notBefore: options.notBefore ?? days(pki.now, -1),
      notAfter: options.notAfter ?? days(pki.now, 30),
      publicKey: keys.publicKey,
      extensions: [
        extension('2.5.29.19', new BasicConstraints({ cA: options.ca ?? false })),
        ...(extendedKeyUsage.length === 0
          ? []
          : [extension('2.5.29.37', new ExtendedKeyUsage([...extendedKeyUsage]), true)]),
        ...(keyUsage === null ? [] : [extension('2.5.29.15', new KeyUsage(keyUsage), true)]),
        ...((options.noCheck ?? true) ? [extension(id_pkix_ocsp_nocheck, Uint8Array.of(0x05, 0x00))] : []),
        authorityKeyIdentifier(options.authorityKey ?? issuer.publicKey),
        subjectKeyIdentifier(keys.publicKey),
        ...(options.extraExtensions ?? []),
      ],
    }),
  );
  return { name, keys, algorithm, certificate };
}

export function rsaResponder(pki: TestPki, ca: TestCa): Responder {
  return issueResponder(pki, ca, {
    keys: rsaKeyPair('responder'),
    algorithm: signatureAlgorithms.rsaWithSha256,
  });
}

/** The CA as its own responder. */
export function ownResponder({ name, publicKey, privateKey, algorithm }: TestCa): Responder {
  return { name, keys: { publicKey, privateKey }, algorithm };
}

/** RFC 5280 4.1.2.5.2: no fractions. */
export function wholeSeconds(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}

function certStatus(status: 'good' | 'revoked' | 'unknown', at: Date): CertStatus {
  switch (status) {
    case 'good':
      return new CertStatus({ good: null });
    case 'revoked':
      return new CertStatus({ revoked: new RevokedInfo({ revocationTime: days(at, -1) }) });
    case 'unknown':
      return new CertStatus({ unknown: null });
  }
}

function encoded(response: OCSPResponse): Buffer {
  return Buffer.from(AsnConvert.serialize(response));
}
