/**
 * OCSP responses that must be refused, each for a single reason. Import it as a namespace, so that a test reads
 * `defects.otherNonce(request)`.
 */
import { randomBytes } from 'node:crypto';
import { type CertID, id_pkix_ocsp_nonce, OCSPResponseStatus, ResponderID } from '@peculiar/asn1-ocsp';
import { OctetString } from '@peculiar/asn1-schema';
import { KeyUsageFlags } from '@peculiar/asn1-x509';
import {
  ecKeyPair,
  extension,
  rsaKeyPair,
  signatureAlgorithms,
} from '../certificates/certificate-encoding.ts';
import {
  createTestPki,
  days,
  issueAuthentication,
  issueCa,
  authenticationTemplate,
} from '../certificates/certificates.ts';
import { serialized } from '../certificates/der.ts';
import { nodesOf, readTree, writeTree } from '../mutations/der-tree.ts';
import { responseSignedAgain } from '../mutations/signed-again.ts';
import {
  type TestOcspRequest,
  certId,
  encodeOcsp,
  issueResponder,
  ocspTemplate,
  type OcspTemplate,
  ownResponder,
  type ResponderOptions,
  singleResponse,
  statusOnly,
  wrapped,
} from './ocsp-responses.ts';

const UNKNOWN_EXTENSION = '1.3.6.1.4.1.99999.1';
const ANY_PURPOSE = '2.5.29.37.0';
const HOUR = 3_600_000;

// The subject of the response

/** For another certificate of the same CA. */
export function otherSerialNumber(request: TestOcspRequest): Buffer {
  return aboutAnother(request, { serialNumber: Uint8Array.of(0x10, 0x20, 0x30).buffer });
}

export function otherIssuerName(request: TestOcspRequest): Buffer {
  return aboutAnother(request, { issuerNameHash: new OctetString(randomBytes(20)) });
}

export function otherIssuerKey(request: TestOcspRequest): Buffer {
  return aboutAnother(request, { issuerKeyHash: new OctetString(randomBytes(20)) });
}

/** Identifies the right certificate with an unsupported hash. */
export function otherHash(request: TestOcspRequest): Buffer {
  return aboutAnother(request, certId(request, 'sha512'));
}

/** SHA-256 hashes that are declared as SHA-1. */
export function mislabelledHash(request: TestOcspRequest): Buffer {
  const { issuerNameHash, issuerKeyHash } = certId(request, 'sha256');
  return aboutAnother(request, { issuerNameHash, issuerKeyHash });
}

export function withoutSingleResponse(request: TestOcspRequest): Buffer {
  return changed(request, { responses: [] });
}

export function sameSingleResponseTwice(request: TestOcspRequest): Buffer {
  const response = singleResponse(request);
  return changed(request, { responses: [response, response] });
}

/** Good with one hash, revoked with the other. */
export function twoSingleResponses(request: TestOcspRequest): Buffer {
  const responses = [
    singleResponse(request, { hash: 'sha1' }),
    singleResponse(request, { hash: 'sha256', status: 'revoked' }),
  ];
  return changed(request, { responses });
}

/** The response to an earlier identical request. */
export function otherNonce(request: TestOcspRequest): Buffer {
  return encodeOcsp(ocspTemplate(request, { nonce: randomBytes(32) }));
}

/** The request's nonce, and another one. */
export function twoNonces(request: TestOcspRequest): Buffer {
  const { extensions } = ocspTemplate(request);
  const another = extension(id_pkix_ocsp_nonce, new OctetString(randomBytes(32)));
  return changed(request, { extensions: [...extensions, another] });
}

// The time of the response

/** nextUpdate has passed. */
export function stale(request: TestOcspRequest): Buffer {
  const { now } = request.pki;
  return encodeOcsp(ocspTemplate(request, { thisUpdate: days(now, -2), nextUpdate: days(now, -1) }));
}

/** One hour old and without nextUpdate: newer information may be available. */
export function oldWithoutNextUpdate(request: TestOcspRequest): Buffer {
  const thisUpdate = new Date(request.pki.now.getTime() - HOUR);
  return encodeOcsp(ocspTemplate(request, { thisUpdate, nextUpdate: null }));
}

/** Within its validity, but signed an hour ago, like a replay. */
export function producedTooEarly(request: TestOcspRequest): Buffer {
  const before = new Date(request.pki.now.getTime() - HOUR);
  return encodeOcsp(ocspTemplate(request, { producedAt: before, thisUpdate: before, nonce: null }));
}

export function thisUpdateInTheFuture(request: TestOcspRequest): Buffer {
  return encodeOcsp(ocspTemplate(request, { thisUpdate: days(request.pki.now, 1) }));
}

export function producedInTheFuture(request: TestOcspRequest): Buffer {
  return encodeOcsp(ocspTemplate(request, { producedAt: days(request.pki.now, 1) }));
}

// The signer

/** Names the responder, but another key signed it. */
export function wrongKey(request: TestOcspRequest): Buffer {
  return changed(request, { signingKey: ecKeyPair('P-256').privateKey });
}

/** Names the CA, but another key signed it. */
export function wrongKeyNamingTheCa(request: TestOcspRequest): Buffer {
  const template = ocspTemplate(request, { responder: ownResponder(request.ca) });
  const anotherKey =
    request.ca.publicKey.asymmetricKeyType === 'rsa' ? rsaKeyPair('impostor') : ecKeyPair('P-384');
  return encodeOcsp({ ...template, signingKey: anotherKey.privateKey });
}

export function weakSignatureAlgorithm(request: TestOcspRequest): Buffer {
  return changed(request, { algorithm: signatureAlgorithms.ecdsaWithSha1 });
}

/** Without the responder's certificate. */
export function withoutResponderCertificate(request: TestOcspRequest): Buffer {
  return changed(request, { certificates: [] });
}

/** Names a responder whose certificate is not included. */
export function otherResponderNamed(request: TestOcspRequest): Buffer {
  const elsewhere = createTestPki({ now: request.pki.now });
  return changed(request, { responderId: new ResponderID({ byName: elsewhere.root.name }) });
}

export function responderWithoutPurpose(request: TestOcspRequest): Buffer {
  return byResponder(request, { extendedKeyUsage: [] });
}

/** anyExtendedKeyUsage does not include OCSP signing. */
export function responderForAnyPurpose(request: TestOcspRequest): Buffer {
  return byResponder(request, { extendedKeyUsage: [ANY_PURPOSE] });
}

export function responderWithoutDigitalSignature(request: TestOcspRequest): Buffer {
  return byResponder(request, { keyUsage: KeyUsageFlags.keyEncipherment });
}

export function responderWithoutKeyUsage(request: TestOcspRequest): Buffer {
  return byResponder(request, { keyUsage: null });
}

export function responderWithoutNoCheck(request: TestOcspRequest): Buffer {
  return byResponder(request, { noCheck: false });
}

export function responderExpired(request: TestOcspRequest): Buffer {
  return byResponder(request, { notAfter: days(request.pki.now, -1), notBefore: days(request.pki.now, -30) });
}

export function responderNotYetValid(request: TestOcspRequest): Buffer {
  return byResponder(request, { notBefore: days(request.pki.now, 1) });
}

export function responderIsACa(request: TestOcspRequest): Buffer {
  return byResponder(request, { ca: true });
}

/** Its key may sign certificates. */
export function responderForCertificates(request: TestOcspRequest): Buffer {
  return byResponder(request, { keyUsage: KeyUsageFlags.digitalSignature | KeyUsageFlags.keyCertSign });
}

/** Certified by a CA of this name and key, but its authority key identifier is of another key. */
export function responderOfAnotherKey(request: TestOcspRequest): Buffer {
  const { publicKey } = request.pki.root;
  return byResponder(request, { authorityKey: publicKey });
}

export function responderWithUnknownCriticalExtension(request: TestOcspRequest): Buffer {
  const unknown = extension(UNKNOWN_EXTENSION, Uint8Array.of(0x05, 0x00), true);
  return byResponder(request, { extraExtensions: [unknown] });
}

/** A valid responder of the other issuing CA. */
export function responderOfAnotherCa(request: TestOcspRequest): Buffer {
  return byResponder(request, { issuer: request.pki.nonQualifiedIssuing });
}

/** Certified by the root, which must not delegate for the issuing CA. */
export function responderOfTheRoot(request: TestOcspRequest): Buffer {
  return byResponder(request, { issuer: request.pki.root });
}

/** Certified by another CA with the same name. */
export function responderOfCaWithSameName(request: TestOcspRequest): Buffer {
  const { pki, ca } = request;
  const keys = ca.publicKey.asymmetricKeyType === 'rsa' ? rsaKeyPair('namesake') : ecKeyPair('P-384');
  return byResponder(request, { issuer: { ...ca, ...keys, algorithm: pki.issuing.algorithm } });
}

/** An account's certificate, issued by the right CA. */
export function personAsResponder(request: TestOcspRequest): Buffer {
  const person = issueAuthentication(request.pki);
  const { subject, publicKey } = authenticationTemplate(request.pki);
  const responder = {
    name: subject,
    keys: { publicKey, privateKey: person.privateKey },
    algorithm: signatureAlgorithms.rsaWithSha256,
    certificate: person.certificate,
  };
  return encodeOcsp(ocspTemplate(request, { responder }));
}

/** The root, which is a CA in the path but not the issuer. */
export function signedByTheRoot(request: TestOcspRequest): Buffer {
  const { root } = request.pki;
  return encodeOcsp(
    ocspTemplate(request, { responder: { ...ownResponder(root), certificate: root.certificate } }),
  );
}

/** An untrusted CA with the right name and the extended key usage of a responder in its self-signed certificate. */
export function signedByASelfSignedResponder(request: TestOcspRequest): Buffer {
  const self = issueCa(request.pki.now, {
    commonName: 'Sild test OCSP RESPONDER',
    keys: ecKeyPair('P-256'),
    algorithm: signatureAlgorithms.ecdsaWithSha256,
  });
  return encodeOcsp(
    ocspTemplate(request, { responder: { ...ownResponder(self), certificate: self.certificate } }),
  );
}

// The encoding

export function criticalExtension(request: TestOcspRequest): Buffer {
  const { extensions } = ocspTemplate(request);
  const unknown = extension(UNKNOWN_EXTENSION, Uint8Array.of(0x05, 0x00), true);
  return changed(request, { extensions: [...extensions, unknown] });
}

export function criticalSingleExtension(request: TestOcspRequest): Buffer {
  const single = singleResponse(request);
  single.singleExtensions = [extension(UNKNOWN_EXTENSION, Uint8Array.of(0x05, 0x00), true)];
  return changed(request, { responses: [single] });
}

export function tryLater(): Buffer {
  return statusOnly(OCSPResponseStatus.tryLater);
}

export function unauthorised(): Buffer {
  return statusOnly(OCSPResponseStatus.unauthorized);
}

/** The status successful without a response. */
export function successfulWithoutResponse(): Buffer {
  return statusOnly(OCSPResponseStatus.successful);
}

/** A response of an unknown type. */
export function otherResponseType(request: TestOcspRequest): Buffer {
  return wrapped(serialized(singleResponse(request)), UNKNOWN_EXTENSION);
}

/** A SingleResponse in place of the signed response. */
export function withoutSignature(request: TestOcspRequest): Buffer {
  return wrapped(serialized(singleResponse(request)));
}

/** States good, but revoked was signed: only the tag and the content of the status differ. */
export function tamperedStatus(request: TestOcspRequest): Buffer {
  const der = encodeOcsp(ocspTemplate(request, { status: 'unknown' }));
  const at = der.indexOf(Buffer.of(0x82, 0x00, 0x18, 0x0f));
  der[at] = 0x80;
  return der;
}

// One value more than the type has, which parsers may ignore.

export function anotherValueInResponseData(request: TestOcspRequest): Buffer {
  return withAnotherValue(request, []);
}

export function anotherValueInResponderId(request: TestOcspRequest): Buffer {
  return withAnotherValue(request, [0]);
}

export function anotherValueInSingleResponse(request: TestOcspRequest): Buffer {
  return withAnotherValue(request, [2, 0]);
}

export function anotherValueInCertId(request: TestOcspRequest): Buffer {
  return withAnotherValue(request, [2, 0, 0]);
}

export function anotherValueInHashAlgorithm(request: TestOcspRequest): Buffer {
  return withAnotherValue(request, [2, 0, 0, 0]);
}

export function anotherValueInNextUpdate(request: TestOcspRequest): Buffer {
  return withAnotherValue(request, [2, 0, 3]);
}

export function anotherValueInExtensions(request: TestOcspRequest): Buffer {
  return withAnotherValue(request, [3]);
}

export function anotherValueInExtension(request: TestOcspRequest): Buffer {
  return withAnotherValue(request, [3, 0, 0]);
}

/** Signed by the CA: the status good with any content. */
export function goodWithContent(request: TestOcspRequest): Buffer {
  const genuine = encodeOcsp(ocspTemplate(request, { responder: ownResponder(request.ca) }));
  return responseSignedAgain(genuine, request.ca, (signed) => {
    const tree = readTree(signed);
    const status = tree && nodesOf(tree).find(({ node }) => node.tag === 0x80)?.node;
    if (!status) throw new TypeError('there is no status');
    status.content = Buffer.of(0x05, 0x00);
    return writeTree(tree);
  });
}

export function tamperedSignature(request: TestOcspRequest): Buffer {
  const der = encodeOcsp(ocspTemplate(request, { responder: ownResponder(request.ca) }));
  const last = der.length - 1;
  der[last] = (der[last] ?? 0) ^ 1;
  return der;
}

export function truncated(request: TestOcspRequest): Buffer {
  return encodeOcsp(ocspTemplate(request)).subarray(0, -1);
}

export function trailingBytes(request: TestOcspRequest): Buffer {
  return Buffer.concat([encodeOcsp(ocspTemplate(request)), Buffer.of(0x05, 0x00)]);
}

/** The same value, with one byte too many in the outermost length: BER, which a lax parser would accept. */
export function nonMinimalLength(request: TestOcspRequest): Buffer {
  const der = encodeOcsp(ocspTemplate(request));
  return Buffer.concat([Buffer.of(0x30, 0x83, 0x00), der.subarray(2)]);
}

export function malformedResponderCertificate(request: TestOcspRequest): Buffer {
  const der = encodeOcsp(ocspTemplate(request));
  // id-kp-OCSPSigning with an unterminated last arc.
  const at = der.indexOf(Buffer.from('2b06010505070309', 'hex'));
  der[at + 7] = 0x89;
  return der;
}

/** Valid, but with 64 KiB in an unknown extension. */
export function oversize(request: TestOcspRequest): Buffer {
  const { extensions } = ocspTemplate(request);
  const filler = extension(UNKNOWN_EXTENSION, new OctetString(new Uint8Array(64 * 1024)));
  return changed(request, { extensions: [...extensions, filler] });
}

export function notDer(): Buffer {
  return Buffer.from('<html><body>Service unavailable</body></html>');
}

export function empty(): Buffer {
  return Buffer.alloc(0);
}

function changed(request: TestOcspRequest, changes: Partial<OcspTemplate>): Buffer {
  return encodeOcsp({ ...ocspTemplate(request), ...changes });
}

function aboutAnother(request: TestOcspRequest, changes: Partial<CertID>): Buffer {
  const single = singleResponse(request);
  Object.assign(single.certID, changes);
  return changed(request, { responses: [single] });
}

function byResponder(request: TestOcspRequest, options: ResponderOptions): Buffer {
  const responder = issueResponder(request.pki, request.ca, options);
  return encodeOcsp(ocspTemplate(request, { responder }));
}

/** Signed by the CA. @param path the indexes from ResponseData to the constructed value */
function withAnotherValue(request: TestOcspRequest, path: readonly number[]): Buffer {
  const genuine = encodeOcsp(ocspTemplate(request, { responder: ownResponder(request.ca) }));
  return responseSignedAgain(genuine, request.ca, (signed) => {
    const tree = readTree(signed);
    const found = path.reduce((node, index) => node?.children?.[index], tree);
    if (!tree || !found?.children) throw new TypeError('there is no such value');
    found.children.push({ tag: 0x05, prefix: Buffer.of(), content: Buffer.of(), children: undefined });
    return writeTree(tree);
  });
}
