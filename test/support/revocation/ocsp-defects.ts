/**
 * OCSP responses that must be refused, for one reason each: everything else about them is right. Import it as a
 * namespace, so that a test reads `defects.otherNonce(asked)`.
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

// What it is about

/** About the next certificate of the same CA. */
export function otherSerialNumber(asked: AskedForTest): Buffer {
  return aboutAnother(asked, { serialNumber: Uint8Array.of(0x10, 0x20, 0x30).buffer });
}

export function otherIssuerName(asked: AskedForTest): Buffer {
  return aboutAnother(asked, { issuerNameHash: new OctetString(randomBytes(20)) });
}

export function otherIssuerKey(asked: AskedForTest): Buffer {
  return aboutAnother(asked, { issuerKeyHash: new OctetString(randomBytes(20)) });
}

/** Names the certificate rightly, by a hash that nobody has agreed on. */
export function otherHash(asked: AskedForTest): Buffer {
  return aboutAnother(asked, certId(asked, 'sha512'));
}

/** Hashes of SHA-256 that say that they are of SHA-1. */
export function confusedHash(asked: AskedForTest): Buffer {
  const { issuerNameHash, issuerKeyHash } = certId(asked, 'sha256');
  return aboutAnother(asked, { issuerNameHash, issuerKeyHash });
}

export function aboutNothing(asked: AskedForTest): Buffer {
  return changed(asked, { responses: [] });
}

/** Good by one hash, and revoked by the other. */
export function twoAnswers(asked: AskedForTest): Buffer {
  const responses = [
    singleResponse(asked, { hash: 'sha1' }),
    singleResponse(asked, { hash: 'sha256', status: 'revoked' }),
  ];
  return changed(asked, { responses });
}

/** The answer to the same question of before. */
export function otherNonce(asked: AskedForTest): Buffer {
  return encodeOcsp(ocspTemplate(asked, { nonce: randomBytes(32) }));
}

/** The nonce that was sent, and another. */
export function twoNonces(asked: AskedForTest): Buffer {
  const { extensions } = ocspTemplate(asked);
  const another = extension(id_pkix_ocsp_nonce, new OctetString(randomBytes(32)));
  return changed(asked, { extensions: [...extensions, another] });
}

// When

/** nextUpdate has passed. */
export function stale(asked: AskedForTest): Buffer {
  const { now } = asked.pki;
  return encodeOcsp(ocspTemplate(asked, { thisUpdate: days(now, -2), nextUpdate: days(now, -1) }));
}

/** There may be news at any time, and this is of an hour ago. */
export function oldWithoutNextUpdate(asked: AskedForTest): Buffer {
  const thisUpdate = new Date(asked.pki.now.getTime() - HOUR);
  return encodeOcsp(ocspTemplate(asked, { thisUpdate, nextUpdate: null }));
}

/** In its window, but signed an hour ago: a replay would look like this. */
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

// By whom

/** Names the responder, and another key signed it. */
export function wrongKey(asked: AskedForTest): Buffer {
  return changed(asked, { signingKey: ecKeyPair('P-256').privateKey });
}

/** The CA is named, and another key signed it. */
export function wrongKeyInNameOfTheCa(asked: AskedForTest): Buffer {
  const template = ocspTemplate(asked, { responder: ownResponder(asked.ca) });
  const impostor =
    asked.ca.publicKey.asymmetricKeyType === 'rsa' ? rsaKeyPair('impostor') : ecKeyPair('P-384');
  return encodeOcsp({ ...template, signingKey: impostor.privateKey });
}

export function weakSignatureAlgorithm(asked: AskedForTest): Buffer {
  return changed(asked, { algorithm: signatureAlgorithms.ecdsaWithSha1 });
}

/** The certificate of the responder did not come with it. */
export function withoutResponderCertificate(asked: AskedForTest): Buffer {
  return changed(asked, { certificates: [] });
}

/** Names somebody whose certificate is not there. */
export function otherResponderNamed(asked: AskedForTest): Buffer {
  const elsewhere = createTestPki({ now: asked.pki.now });
  return changed(asked, { responderId: new ResponderID({ byName: elsewhere.root.name }) });
}

export function responderWithoutPurpose(asked: AskedForTest): Buffer {
  return byResponder(asked, { extendedKeyUsage: [] });
}

/** Any purpose is not the purpose. */
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

/** A genuine responder of the other issuing CA. */
export function responderOfAnotherCa(asked: AskedForTest): Buffer {
  return byResponder(asked, { issuer: asked.pki.nonQualifiedIssuing });
}

/** Certified by the root, which is above the CA and may not speak for it. */
export function responderOfTheRoot(asked: AskedForTest): Buffer {
  return byResponder(asked, { issuer: asked.pki.root });
}

/** Certified by a CA of the same name, which is somebody else's. */
export function responderOfANamesake(asked: AskedForTest): Buffer {
  const { pki, ca } = asked;
  const keys = ca.publicKey.asymmetricKeyType === 'rsa' ? rsaKeyPair('namesake') : ecKeyPair('P-384');
  return byResponder(asked, { issuer: { ...ca, ...keys, algorithm: pki.issuing.algorithm } });
}

/** An account's certificate of the right CA: its holder would speak for the CA. */
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

/** The root, which is a CA of the path and yet not the issuer. */
export function signedByTheRoot(asked: AskedForTest): Buffer {
  const { root } = asked.pki;
  return encodeOcsp(
    ocspTemplate(asked, { responder: { ...ownResponder(root), certificate: root.certificate } }),
  );
}

/** Nobody's CA, with the right name and the purpose of a responder in its self-signed certificate. */
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

// How

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

/** Successful, and nothing besides. */
export function successWithoutAnswer(): Buffer {
  return statusOnly(OCSPResponseStatus.successful);
}

/** A response of a type of its own. */
export function otherResponseType(asked: AskedForTest): Buffer {
  return wrapped(singleResponse(asked), UNKNOWN_EXTENSION);
}

/** A single answer where the signed response should be. */
export function notSigned(asked: AskedForTest): Buffer {
  return wrapped(singleResponse(asked));
}

/** Says good where revoked was signed: the tag and the content of the status alone are other. */
export function tamperedStatus(asked: AskedForTest): Buffer {
  const der = encodeOcsp(ocspTemplate(asked, { status: 'unknown' }));
  const at = der.indexOf(Buffer.of(0x82, 0x00, 0x18, 0x0f));
  der[at] = 0x80;
  return der;
}

/** Signed by the CA itself: good, with something inside that might be anything. */
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

/** The same value, with the outermost length in one byte more than DER allows: BER that a lax parser would take. */
export function nonMinimalLength(asked: AskedForTest): Buffer {
  const der = encodeOcsp(ocspTemplate(asked));
  return Buffer.concat([Buffer.of(0x30, 0x83, 0x00), der.subarray(2)]);
}

export function malformedResponderCertificate(asked: AskedForTest): Buffer {
  const der = encodeOcsp(ocspTemplate(asked));
  // id-kp-OCSPSigning, whose last arc then is one that never ends.
  const at = der.indexOf(Buffer.from('2b06010505070309', 'hex'));
  der[at + 7] = 0x89;
  return der;
}

/** Genuine, with a filler of 64 KiB in an extension that nobody minds. */
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
