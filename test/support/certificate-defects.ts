/**
 * Authentication certificates that must be refused, for one reason each: everything else about them is right, and their
 * `trust` holds the CA certificates that make it so. Import it as a namespace, so that a test reads
 * `defects.expired(pki)`.
 */
import { BasicConstraints, KeyUsageFlags } from '@peculiar/asn1-x509';
import type { Extension } from '@peculiar/asn1-x509';
import { ecKeyPair, extension, rsaKeyPair, signatureAlgorithms } from './certificate-encoding.ts';
import type { CertificateTemplate, SignatureAlgorithm } from './certificate-encoding.ts';
import { certificatePolicies } from './certificate-profile.ts';
import {
  authenticationTemplate,
  authorityKeyIdentifier,
  days,
  issueAuthentication,
  issueCa,
  issued,
  signedBy,
} from './certificates.ts';
import type { AuthenticationOptions, CaOptions, IssuedCertificate, TestCa, TestPki } from './certificates.ts';

const UNKNOWN_EXTENSION = '1.3.6.1.4.1.99999.1';

export function expired(pki: TestPki): IssuedCertificate {
  return issueAuthentication(pki, { notAfter: days(pki.now, -1) });
}

export function notYetValid(pki: TestPki): IssuedCertificate {
  return issueAuthentication(pki, { notBefore: days(pki.now, 1) });
}

/** The account's own key signs it, under its own name. */
export function selfSigned(pki: TestPki): IssuedCertificate {
  const template = authenticationTemplate(pki);
  const { publicKey, privateKey } = rsaKeyPair('authentication');
  const extensions = replaced(template.extensions, authorityKeyIdentifier(publicKey));
  const own = { name: template.subject, privateKey, algorithm: signatureAlgorithms.rsaWithSha256 };
  return issued(pki, signedBy(own, { ...template, extensions }));
}

/** Names the issuing CA and its key identifier; somebody else's key signed it. */
export function rightIssuerNameWrongKey(pki: TestPki): IssuedCertificate {
  const impostor =
    pki.issuing.publicKey.asymmetricKeyType === 'rsa' ? rsaKeyPair('impostor') : ecKeyPair('P-384');
  return issued(pki, { ...authenticationTemplate(pki), signingKey: impostor.privateKey });
}

/** A certificate of a CA that nobody configured, with the same name as ours and a key identifier of its own. */
export function unknownIssuer(pki: TestPki): IssuedCertificate {
  const stranger = issuingCa(pki, {});
  return { ...issueAuthentication({ ...pki, issuing: stranger }), trust: trustIn(pki, pki.issuing) };
}

export function issuerNotACa(pki: TestPki): IssuedCertificate {
  return issuedUnder(pki, { ca: false });
}

/** The root allows no CA below itself but the issuing one, which has put another between itself and the account. */
export function pathLengthExceeded(pki: TestPki): IssuedCertificate {
  const below = issueCa(pki.now, {
    commonName: 'TEST of Sild EID-Q below',
    keys: rsaOrEc(pki, 'below'),
    algorithm: pki.issuing.algorithm,
    issuer: pki.issuing,
  });
  return {
    ...issueAuthentication({ ...pki, issuing: below }),
    trust: trustIn(pki, pki.issuing, below),
  };
}

export function issuerWithoutKeyCertSign(pki: TestPki): IssuedCertificate {
  return issuedUnder(pki, { pathLength: 0, keyUsage: KeyUsageFlags.cRLSign });
}

export function issuerWithoutKeyUsage(pki: TestPki): IssuedCertificate {
  return issuedUnder(pki, { pathLength: 0, keyUsage: null });
}

export function issuerExpired(pki: TestPki): IssuedCertificate {
  return issuedUnder(pki, { pathLength: 0, notAfter: days(pki.now, -1) });
}

export function issuerNotYetValid(pki: TestPki): IssuedCertificate {
  return issuedUnder(pki, { pathLength: 0, notBefore: days(pki.now, 1) });
}

export function issuerWithUnknownCriticalExtension(pki: TestPki): IssuedCertificate {
  return issuedUnder(pki, { pathLength: 0, extraExtensions: [unknownExtension()] });
}

/** The issuing CA's certificate names the root and its key identifier; somebody else's key signed it. */
export function issuerSignedByWrongKey(pki: TestPki): IssuedCertificate {
  const impostor =
    pki.root.publicKey.asymmetricKeyType === 'rsa' ? rsaKeyPair('impostor') : ecKeyPair('P-521');
  const root = { ...pki.root, privateKey: impostor.privateKey };
  return issuedUnder(pki, { pathLength: 0, issuer: root });
}

export function unknownCriticalExtension(pki: TestPki): IssuedCertificate {
  const template = authenticationTemplate(pki);
  return issued(pki, { ...template, extensions: [...template.extensions, unknownExtension()] });
}

export function endEntityIsACa(pki: TestPki): IssuedCertificate {
  const constraints = extension('2.5.29.19', new BasicConstraints({ cA: true }), true);
  return withExtension(pki, constraints);
}

/** The issuing CA's genuine key, over SHA-1. */
export function weakSignatureAlgorithm(pki: TestPki): IssuedCertificate {
  return issued(pki, { ...authenticationTemplate(pki), algorithm: sha1Of(pki) });
}

/** For TLS servers, by its extended key usage. */
export function wrongExtendedKeyUsage(pki: TestPki, options?: AuthenticationOptions): IssuedCertificate {
  return issueAuthentication(pki, { ...options, extendedKeyUsage: ['1.3.6.1.5.5.7.3.1'] });
}

/** The same account's signing certificate: nonRepudiation, and no extended key usage. */
export function signingCertificate(pki: TestPki, options?: AuthenticationOptions): IssuedCertificate {
  return issueAuthentication(pki, {
    ...options,
    keyUsage: KeyUsageFlags.nonRepudiation,
    extendedKeyUsage: [],
  });
}

/** Of the same CA, issued under somebody else's policies. */
export function foreignPolicyOids(pki: TestPki, options?: AuthenticationOptions): IssuedCertificate {
  return issueAuthentication(pki, { ...options, policies: ['1.3.6.1.4.1.99999.17.2', '0.4.0.194112.1.0'] });
}

/** Genuine, of a Smart-ID Basic account: wrong only where QUALIFIED was asked for. */
export function nonQualified(pki: TestPki, options?: AuthenticationOptions): IssuedCertificate {
  return issueAuthentication(pki, { ...options, level: 'ADVANCED' });
}

/** Genuine, of PNOEE-50001029996: wrong only where another person was asked for. */
export function otherPerson(pki: TestPki, options?: AuthenticationOptions): IssuedCertificate {
  return issueAuthentication(pki, { ...options, identifier: 'PNOEE-50001029996', surname: 'OTHER' });
}

/** Another person's identifier in place of the one that was signed; still well-formed DER. */
export function tamperedBytes(pki: TestPki): IssuedCertificate {
  return rewritten(issueAuthentication(pki), (der) => {
    const at = der.lastIndexOf('PNOEE-40504040001', der.indexOf('PNOEE-40504040001-MOCK-Q') - 1);
    der.write('PNOEE-50001029996', at);
    return der;
  });
}

/** The algorithm named outside the signed part is another than the one inside. */
export function differentAlgorithmOutside(pki: TestPki): IssuedCertificate {
  return issued(pki, { ...authenticationTemplate(pki), outerAlgorithm: signatureAlgorithms.ecdsaWithSha256 });
}

/** A second certificatePolicies extension, with policies of another level. */
export function duplicatedExtension(pki: TestPki): IssuedCertificate {
  const template = authenticationTemplate(pki);
  const second = certificatePolicies(['1.3.6.1.4.1.10015.17.1']);
  return issued(pki, { ...template, extensions: [...template.extensions, second] });
}

/** Signed, but one extension that is read does not hold what its type says: keyUsage as an INTEGER. */
export function malformedExtension(pki: TestPki): IssuedCertificate {
  return withExtension(pki, extension('2.5.29.15', Uint8Array.of(0x02, 0x01, 0x80), true));
}

/** Signed, but bytes follow the value inside an extension that is read. */
export function trailingGarbageInExtension(pki: TestPki): IssuedCertificate {
  return withExtension(pki, extension('2.5.29.19', Uint8Array.of(0x30, 0x00, 0x05, 0x00)));
}

/** The last byte is missing. */
export function truncated(pki: TestPki): IssuedCertificate {
  return rewritten(issueAuthentication(pki), (der) => der.subarray(0, -1));
}

export function trailingGarbage(pki: TestPki): IssuedCertificate {
  return rewritten(issueAuthentication(pki), (der) => Buffer.concat([der, Buffer.of(0x05, 0x00)]));
}

/** The same value, with the outermost length in one byte more than DER allows: BER that a lax parser would take. */
export function nonMinimalLength(pki: TestPki): IssuedCertificate {
  return rewritten(issueAuthentication(pki), (der) =>
    Buffer.concat([Buffer.of(0x30, 0x83, 0x00), der.subarray(2)]),
  );
}

/** Larger than any certificate of a person. */
export function oversized(pki: TestPki): IssuedCertificate {
  const template = authenticationTemplate(pki);
  const filler = extension(
    '1.3.6.1.4.1.99999.2',
    Buffer.concat([Buffer.of(0x04, 0x82, 0x40, 0x00), Buffer.alloc(0x4000)]),
  );
  return issued(pki, { ...template, extensions: [...template.extensions, filler] });
}

function issuedUnder(pki: TestPki, wrong: Partial<CaOptions>): IssuedCertificate {
  const issuing = issuingCa(pki, wrong);
  return { ...issueAuthentication({ ...pki, issuing }), trust: trustIn(pki, issuing) };
}

/** An issuing CA as the PKI's own in name and kind, with a new key. */
function issuingCa(pki: TestPki, options: Partial<CaOptions>): TestCa {
  return issueCa(pki.now, {
    commonName: 'TEST of Sild EID-Q',
    keys: rsaOrEc(pki, 'issuing'),
    algorithm: pki.issuing.algorithm,
    issuer: pki.root,
    ...options,
  });
}

function rsaOrEc(pki: TestPki, label: string) {
  return pki.issuing.publicKey.asymmetricKeyType === 'rsa' ? rsaKeyPair(label) : ecKeyPair('P-384');
}

function sha1Of(pki: TestPki): SignatureAlgorithm {
  const rsa = pki.issuing.publicKey.asymmetricKeyType === 'rsa';
  return rsa ? signatureAlgorithms.rsaWithSha1 : signatureAlgorithms.ecdsaWithSha1;
}

function trustIn(pki: TestPki, ...intermediates: readonly TestCa[]): IssuedCertificate['trust'] {
  return { anchors: [pki.root.certificate], intermediates: intermediates.map((ca) => ca.certificate) };
}

function unknownExtension(): Extension {
  return extension(UNKNOWN_EXTENSION, Uint8Array.of(0x05, 0x00), true);
}

function withExtension(pki: TestPki, changed: Extension): IssuedCertificate {
  const template: CertificateTemplate = authenticationTemplate(pki);
  return issued(pki, { ...template, extensions: replaced(template.extensions, changed) });
}

function replaced(extensions: readonly Extension[], changed: Extension): Extension[] {
  return extensions.map((one) => (one.extnID === changed.extnID ? changed : one));
}

function rewritten(genuine: IssuedCertificate, rewrite: (der: Buffer) => Buffer): IssuedCertificate {
  return { ...genuine, certificate: rewrite(Buffer.from(genuine.certificate)) };
}
