/**
 * OCSP responses that must be refused, each for a single reason. Import it as a namespace, so that a test reads
 * `defects.otherNonce(asked)`.
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
import { nodesOf, readTree, writeTree } from '../mutations/der-tree.ts';
import { responseSignedAgain } from '../mutations/signed-again.ts';
import {
  type AskedForTest,
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
export function otherSerialNumber(asked: AskedForTest): Buffer {
  return aboutAnother(asked, { serialNumber: Uint8Array.of(0x10, 0x20, 0x30).buffer });
}

export function otherIssuerName(asked: AskedForTest): Buffer {
  return aboutAnother(asked, { issuerNameHash: new OctetString(randomBytes(20)) });
}

export function otherIssuerKey(asked: AskedForTest): Buffer {
  return aboutAnother(asked, { issuerKeyHash: new OctetString(randomBytes(20)) });
}

/** Identifies the right certificate with an unsupported hash. */
export function otherHash(asked: AskedForTest): Buffer {
  return aboutAnother(asked, certId(asked, 'sha512'));
}

/** SHA-256 hashes that are declared as SHA-1. */
export function confusedHash(asked: AskedForTest): Buffer {
  const { issuerNameHash, issuerKeyHash } = certId(asked, 'sha256');
  return aboutAnother(asked, { issuerNameHash, issuerKeyHash });
}

export function aboutNothing(asked: AskedForTest): Buffer {
  return changed(asked, { responses: [] });
}

/** Good with one hash, revoked with the other. */
export function twoAnswers(asked: AskedForTest): Buffer {
  const responses = [
    singleResponse(asked, { hash: 'sha1' }),
    singleResponse(asked, { hash: 'sha256', status: 'revoked' }),
  ];
  return changed(asked, { responses });
}

/** The response to an earlier identical request. */
export function otherNonce(asked: AskedForTest): Buffer {
  return encodeOcsp(ocspTemplate(asked, { nonce: randomBytes(32) }));
}

/** The request's nonce, and another one. */
export function twoNonces(asked: AskedForTest): Buffer {
  const { extensions } = ocspTemplate(asked);
  const another = extension(id_pkix_ocsp_nonce, new OctetString(randomBytes(32)));
  return changed(asked, { extensions: [...extensions, another] });
}

// The time of the response

/** nextUpdate has passed. */
export function stale(asked: AskedForTest): Buffer {
  const { now } = asked.pki;
  return encodeOcsp(ocspTemplate(asked, { thisUpdate: days(now, -2), nextUpdate: days(now, -1) }));
}

/** One hour old and without nextUpdate: newer information may be available. */
export function oldWithoutNextUpdate(asked: AskedForTest): Buffer {
  const thisUpdate = new Date(asked.pki.now.getTime() - HOUR);
  return encodeOcsp(ocspTemplate(asked, { thisUpdate, nextUpdate: null }));
}

/** Within its validity, but signed an hour ago, like a replay. */
export function madeLongAgo(asked: AskedForTest): Buffer {
  const before = new Date(asked.pki.now.getTime() - HOUR);
  return encodeOcsp(ocspTemplate(asked, { producedAt: before, thisUpdate: before, nonce: null }));
}

export function ofTomorrow(asked: AskedForTest): Buffer {
  return encodeOcsp(ocspTemplate(asked, { thisUpdate: days(asked.pki.now, 1) }));
}

export function madeTomorrow(asked: AskedForTest): Buffer {
  return encodeOcsp(ocspTemplate(asked, { producedAt: days(asked.pki.now, 1) }));
}

// The signer

/** Names the responder, but another key signed it. */
export function wrongKey(asked: AskedForTest): Buffer {
  return changed(asked, { signingKey: ecKeyPair('P-256').privateKey });
}

/** Names the CA, but another key signed it. */
export function wrongKeyInNameOfTheCa(asked: AskedForTest): Buffer {
  const template = ocspTemplate(asked, { responder: ownResponder(asked.ca) });
  const anotherKey =
    asked.ca.publicKey.asymmetricKeyType === 'rsa' ? rsaKeyPair('impostor') : ecKeyPair('P-384');
  return encodeOcsp({ ...template, signingKey: anotherKey.privateKey });
}

export function weakSignatureAlgorithm(asked: AskedForTest): Buffer {
  return changed(asked, { algorithm: signatureAlgorithms.ecdsaWithSha1 });
}

/** Without the responder's certificate. */
export function withoutResponderCertificate(asked: AskedForTest): Buffer {
  return changed(asked, { certificates: [] });
}

/** Names a responder whose certificate is not included. */
export function otherResponderNamed(asked: AskedForTest): Buffer {
  const elsewhere = createTestPki({ now: asked.pki.now });
  return changed(asked, { responderId: new ResponderID({ byName: elsewhere.root.name }) });
}

export function responderWithoutPurpose(asked: AskedForTest): Buffer {
  return byResponder(asked, { extendedKeyUsage: [] });
}

/** anyExtendedKeyUsage does not include OCSP signing. */
export function responderForAnyPurpose(asked: AskedForTest): Buffer {
  return byResponder(asked, { extendedKeyUsage: [ANY_PURPOSE] });
}

export function responderWithoutDigitalSignature(asked: AskedForTest): Buffer {
  return byResponder(asked, { keyUsage: KeyUsageFlags.keyEncipherment });
}

export function responderWithoutKeyUsage(asked: AskedForTest): Buffer {
  return byResponder(asked, { keyUsage: null });
}

export function responderThatWouldHaveToBeChecked(asked: AskedForTest): Buffer {
  return byResponder(asked, { noCheck: false });
}

export function responderExpired(asked: AskedForTest): Buffer {
  return byResponder(asked, { notAfter: days(asked.pki.now, -1), notBefore: days(asked.pki.now, -30) });
}

export function responderNotYetValid(asked: AskedForTest): Buffer {
  return byResponder(asked, { notBefore: days(asked.pki.now, 1) });
}

export function responderIsACa(asked: AskedForTest): Buffer {
  return byResponder(asked, { ca: true });
}

export function responderWithUnknownCriticalExtension(asked: AskedForTest): Buffer {
  const unknown = extension(UNKNOWN_EXTENSION, Uint8Array.of(0x05, 0x00), true);
  return byResponder(asked, { extraExtensions: [unknown] });
}

/** A valid responder of the other issuing CA. */
export function responderOfAnotherCa(asked: AskedForTest): Buffer {
  return byResponder(asked, { issuer: asked.pki.nonQualifiedIssuing });
}

/** Certified by the root, which must not delegate for the issuing CA. */
export function responderOfTheRoot(asked: AskedForTest): Buffer {
  return byResponder(asked, { issuer: asked.pki.root });
}

/** Certified by another CA with the same name. */
export function responderOfANamesake(asked: AskedForTest): Buffer {
  const { pki, ca } = asked;
  const keys = ca.publicKey.asymmetricKeyType === 'rsa' ? rsaKeyPair('namesake') : ecKeyPair('P-384');
  return byResponder(asked, { issuer: { ...ca, ...keys, algorithm: pki.issuing.algorithm } });
}

/** An account's certificate, issued by the right CA. */
export function personAsResponder(asked: AskedForTest): Buffer {
  const person = issueAuthentication(asked.pki);
  const { subject, publicKey } = authenticationTemplate(asked.pki);
  const responder = {
    name: subject,
    keys: { publicKey, privateKey: person.privateKey },
    algorithm: signatureAlgorithms.rsaWithSha256,
    certificate: person.certificate,
  };
  return encodeOcsp(ocspTemplate(asked, { responder }));
}

/** The root, which is a CA in the path but not the issuer. */
export function signedByTheRoot(asked: AskedForTest): Buffer {
  const { root } = asked.pki;
  return encodeOcsp(
    ocspTemplate(asked, { responder: { ...ownResponder(root), certificate: root.certificate } }),
  );
}

/** An untrusted CA with the right name and the extended key usage of a responder in its self-signed certificate. */
export function signedByASelfSignedResponder(asked: AskedForTest): Buffer {
  const self = issueCa(asked.pki.now, {
    commonName: 'Sild test OCSP RESPONDER',
    keys: ecKeyPair('P-256'),
    algorithm: signatureAlgorithms.ecdsaWithSha256,
  });
  return encodeOcsp(
    ocspTemplate(asked, { responder: { ...ownResponder(self), certificate: self.certificate } }),
  );
}

// The encoding

export function criticalExtension(asked: AskedForTest): Buffer {
  const { extensions } = ocspTemplate(asked);
  const unknown = extension(UNKNOWN_EXTENSION, Uint8Array.of(0x05, 0x00), true);
  return changed(asked, { extensions: [...extensions, unknown] });
}

export function criticalExtensionOfTheAnswer(asked: AskedForTest): Buffer {
  const single = singleResponse(asked);
  single.singleExtensions = [extension(UNKNOWN_EXTENSION, Uint8Array.of(0x05, 0x00), true)];
  return changed(asked, { responses: [single] });
}

export function tryLater(): Buffer {
  return statusOnly(OCSPResponseStatus.tryLater);
}

export function unauthorised(): Buffer {
  return statusOnly(OCSPResponseStatus.unauthorized);
}

/** The status successful without a response. */
export function successWithoutAnswer(): Buffer {
  return statusOnly(OCSPResponseStatus.successful);
}

/** A response of an unknown type. */
export function otherResponseType(asked: AskedForTest): Buffer {
  return wrapped(singleResponse(asked), UNKNOWN_EXTENSION);
}

/** A SingleResponse in place of the signed response. */
export function notSigned(asked: AskedForTest): Buffer {
  return wrapped(singleResponse(asked));
}

/** States good, but revoked was signed: only the tag and the content of the status differ. */
export function tamperedStatus(asked: AskedForTest): Buffer {
  const der = encodeOcsp(ocspTemplate(asked, { status: 'unknown' }));
  const at = der.indexOf(Buffer.of(0x82, 0x00, 0x18, 0x0f));
  der[at] = 0x80;
  return der;
}

/** Signed by the CA: the status good with any content. */
export function goodWithContent(asked: AskedForTest): Buffer {
  const genuine = encodeOcsp(ocspTemplate(asked, { responder: ownResponder(asked.ca) }));
  return responseSignedAgain(genuine, asked.ca, (signed) => {
    const tree = readTree(signed);
    const status = tree && nodesOf(tree).find(({ node }) => node.tag === 0x80)?.node;
    if (!status) throw new TypeError('there is no status');
    status.content = Buffer.of(0x05, 0x00);
    return writeTree(tree);
  });
}

export function tamperedSignature(asked: AskedForTest): Buffer {
  const der = encodeOcsp(ocspTemplate(asked, { responder: ownResponder(asked.ca) }));
  const last = der.length - 1;
  der[last] = (der[last] ?? 0) ^ 1;
  return der;
}

export function truncated(asked: AskedForTest): Buffer {
  return encodeOcsp(ocspTemplate(asked)).subarray(0, -1);
}

export function trailingBytes(asked: AskedForTest): Buffer {
  return Buffer.concat([encodeOcsp(ocspTemplate(asked)), Buffer.of(0x05, 0x00)]);
}

/** The same value, with one byte too many in the outermost length: BER, which a lax parser would accept. */
export function nonMinimalLength(asked: AskedForTest): Buffer {
  const der = encodeOcsp(ocspTemplate(asked));
  return Buffer.concat([Buffer.of(0x30, 0x83, 0x00), der.subarray(2)]);
}

export function malformedResponderCertificate(asked: AskedForTest): Buffer {
  const der = encodeOcsp(ocspTemplate(asked));
  // id-kp-OCSPSigning with an unterminated last arc.
  const at = der.indexOf(Buffer.from('2b06010505070309', 'hex'));
  der[at + 7] = 0x89;
  return der;
}

/** Valid, but with 64 KiB in an unknown extension. */
export function oversize(asked: AskedForTest): Buffer {
  const { extensions } = ocspTemplate(asked);
  const filler = extension(UNKNOWN_EXTENSION, new OctetString(new Uint8Array(64 * 1024)));
  return changed(asked, { extensions: [...extensions, filler] });
}

export function notDer(): Buffer {
  return Buffer.from('<html><body>Service unavailable</body></html>');
}

export function empty(): Buffer {
  return Buffer.alloc(0);
}

function changed(asked: AskedForTest, changes: Partial<OcspTemplate>): Buffer {
  return encodeOcsp({ ...ocspTemplate(asked), ...changes });
}

function aboutAnother(asked: AskedForTest, changes: Partial<CertID>): Buffer {
  const single = singleResponse(asked);
  Object.assign(single.certID, changes);
  return changed(asked, { responses: [single] });
}

function byResponder(asked: AskedForTest, options: ResponderOptions): Buffer {
  const responder = issueResponder(asked.pki, asked.ca, options);
  return encodeOcsp(ocspTemplate(asked, { responder }));
}
