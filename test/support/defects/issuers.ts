import { type Extension, KeyUsageFlags } from '@peculiar/asn1-x509';
import {
  distinguishedName,
  ecKeyPair,
  extension,
  rsaKeyPair,
  signatureAlgorithms,
} from '../certificates/certificate-encoding.ts';
import {
  authenticationTemplate,
  authorityKeyIdentifier,
  days,
  issueAuthentication,
  issueCa,
  issued,
  signedBy,
} from '../certificates/certificates.ts';
import type { IssuedCertificate, TestPki } from '../certificates/certificates.ts';
import {
  issuedUnder,
  issuedUnderRoot,
  issuingCa,
  replaced,
  rootCa,
  trustIn,
  unknownExtension,
  withExtension,
  type PathDefects,
} from './hierarchy.ts';

const NAME_CONSTRAINTS = '2.5.29.30';
const POLICY_CONSTRAINTS = '2.5.29.36';

/** Certificates whose issuer is not trusted or not allowed to issue them. */
export const issuerDefects: PathDefects = {
  // trust anchors
  'there is no trust anchor': ['no_trust_anchors', noAnchor],
  'the trust anchor is a person’s certificate': ['trust_anchor_unusable', anchorOfAPerson],
  'the trust anchor has no basicConstraints': [
    'trust_anchor_unusable',
    (pki) => issuedUnderRoot(pki, { ca: null }),
  ],
  'the trust anchor has no keyCertSign': [
    'trust_anchor_unusable',
    (pki) => issuedUnderRoot(pki, { keyUsage: KeyUsageFlags.cRLSign }),
  ],
  'the trust anchor has an unknown critical extension': [
    'trust_anchor_unusable',
    (pki) => issuedUnderRoot(pki, { extraExtensions: [unknownExtension()] }),
  ],
  // without a matching issuer
  'the certificate is self-signed': ['no_path_to_trust_anchor', selfSigned],
  'the issuer is an unknown CA of the same name': ['no_path_to_trust_anchor', unknownIssuer],
  'the issuing CA is missing': ['no_path_to_trust_anchor', issuingCaMissing],
  'the whole hierarchy is of another PKI': ['no_path_to_trust_anchor', foreignHierarchy],
  'the issuer’s name is in lower case': [
    'no_path_to_trust_anchor',
    (pki) => issuedUnderName(pki, 'test of sild eid-q'),
  ],
  'the issuer’s name is another one, with the right key': [
    'no_path_to_trust_anchor',
    (pki) => issuedUnderName(pki, 'Sild test EID-NQ'),
  ],
  'the authority key identifier is of another CA': [
    'no_path_to_trust_anchor',
    (pki) => withExtension(pki, authorityKeyIdentifier(pki.nonQualifiedIssuing.publicKey)),
  ],
  'two CAs certify each other, without a path to the trust anchor': [
    'no_path_to_trust_anchor',
    crossSignedLoop,
  ],
  // permission to issue
  'the issuer is not a CA': ['issuer_not_a_ca', issuerNotACa],
  'the issuer has no basicConstraints': ['issuer_not_a_ca', (pki) => issuedUnder(pki, { ca: null })],
  'the issuer is another account': ['issuer_not_a_ca', issuedByAnAccount],
  'the issuer has no keyCertSign': ['issuer_may_not_sign_certificates', issuerWithoutKeyCertSign],
  'the issuer has no key usage': [
    'issuer_may_not_sign_certificates',
    (pki) => issuedUnder(pki, { pathLength: 0, keyUsage: null }),
  ],
  'the issuing CA allows no CA below it': ['path_length_exceeded', pathLengthExceeded],
  'the trust anchor allows no CA below it': [
    'path_length_exceeded',
    (pki) => issuedUnderRoot(pki, { pathLength: 0 }),
  ],
  'the issuing CA has an unknown critical extension': [
    'unknown_critical_extension',
    issuerWithUnknownCriticalExtension,
  ],
  'the issuing CA has name constraints': [
    'unknown_critical_extension',
    (pki) => issuedUnder(pki, { extraExtensions: [extension(NAME_CONSTRAINTS, Buffer.of(0x30, 0), true)] }),
  ],
  'the issuing CA has name constraints that are not critical': [
    'unknown_critical_extension',
    (pki) => issuedUnder(pki, { extraExtensions: [extension(NAME_CONSTRAINTS, Buffer.of(0x30, 0))] }),
  ],
  'the issuing CA has policy constraints that are not critical': [
    'unknown_critical_extension',
    (pki) => issuedUnder(pki, { extraExtensions: [requiresPolicy()] }),
  ],
  'the trust anchor has name constraints that are not critical': [
    'trust_anchor_unusable',
    (pki) => issuedUnderRoot(pki, { extraExtensions: [extension(NAME_CONSTRAINTS, Buffer.of(0x30, 0))] }),
  ],
  // validity periods
  'the issuing CA expired yesterday': [
    'certificate_expired',
    (pki) => issuedUnder(pki, { pathLength: 0, notAfter: days(pki.now, -1) }),
  ],
  'the issuing CA is not valid before tomorrow': [
    'certificate_not_yet_valid',
    (pki) => issuedUnder(pki, { pathLength: 0, notBefore: days(pki.now, 1) }),
  ],
  'the trust anchor expired yesterday': [
    'certificate_expired',
    (pki) => issuedUnderRoot(pki, { notAfter: days(pki.now, -1) }),
  ],
  'the trust anchor is not valid before tomorrow': [
    'certificate_not_yet_valid',
    (pki) => issuedUnderRoot(pki, { notBefore: days(pki.now, 1) }),
  ],
};

export function issuerNotACa(pki: TestPki): IssuedCertificate {
  return issuedUnder(pki, { ca: false });
}

export function issuerWithoutKeyCertSign(pki: TestPki): IssuedCertificate {
  return issuedUnder(pki, { pathLength: 0, keyUsage: KeyUsageFlags.cRLSign });
}

export function issuerWithUnknownCriticalExtension(pki: TestPki): IssuedCertificate {
  return issuedUnder(pki, { pathLength: 0, extraExtensions: [unknownExtension()] });
}

/** requireExplicitPolicy: 0. */
export function requiresPolicy(): Extension {
  return extension(POLICY_CONSTRAINTS, Buffer.from('3003800100', 'hex'));
}

function noAnchor(pki: TestPki): IssuedCertificate {
  const trust = { anchors: [], intermediates: [pki.root.certificate, pki.issuing.certificate] };
  return { ...issueAuthentication(pki), trust };
}

function anchorOfAPerson(pki: TestPki): IssuedCertificate {
  const genuine = issueAuthentication(pki);
  return { ...genuine, trust: { anchors: [genuine.certificate], intermediates: [] } };
}

/** Self-signed with the account's key and name. */
function selfSigned(pki: TestPki): IssuedCertificate {
  const template = authenticationTemplate(pki);
  const { publicKey, privateKey } = rsaKeyPair('authentication');
  const extensions = replaced(template.extensions, authorityKeyIdentifier(publicKey));
  const own = { name: template.subject, privateKey, algorithm: signatureAlgorithms.rsaWithSha256 };
  return issued(pki, signedBy(own, { ...template, extensions }));
}

/** Issued by an untrusted CA with the name of the trusted one and its own key identifier. */
function unknownIssuer(pki: TestPki): IssuedCertificate {
  const untrusted = issuingCa(pki, {});
  return { ...issueAuthentication({ ...pki, issuing: untrusted }), trust: trustIn(pki, pki.issuing) };
}

function issuingCaMissing(pki: TestPki): IssuedCertificate {
  return { ...issueAuthentication(pki), trust: trustIn(pki) };
}

/** The issuing CA is an intermediate certificate, but its root is missing. */
function foreignHierarchy(pki: TestPki): IssuedCertificate {
  const root = rootCa(pki, { commonName: 'TEST of others ROOT' });
  const issuing = issuingCa(pki, { issuer: root });
  return { ...issueAuthentication({ ...pki, issuing }), trust: trustIn(pki, issuing) };
}

/** Signed with the issuing CA's key and key identifier, but with another issuer name. */
function issuedUnderName(pki: TestPki, commonName: string): IssuedCertificate {
  const issuer = distinguishedName(
    ['2.5.4.3', commonName],
    ['2.5.4.97', 'NTREE-00000000'],
    ['2.5.4.10', 'Sild test'],
    ['2.5.4.6', 'EE', 'printable'],
  );
  return issued(pki, { ...authenticationTemplate(pki), issuer });
}

function crossSignedLoop(pki: TestPki): IssuedCertificate {
  const keys = [ecKeyPair('P-384'), ecKeyPair('P-384')] as const;
  const algorithm = signatureAlgorithms.ecdsaWithSha384;
  const one = issueCa(pki.now, { commonName: 'one', keys: keys[0], algorithm });
  const two = issueCa(pki.now, { commonName: 'two', keys: keys[1], algorithm, issuer: one });
  const oneAgain = issueCa(pki.now, { commonName: 'one', keys: keys[0], algorithm, issuer: two });
  return { ...issueAuthentication({ ...pki, issuing: two }), trust: trustIn(pki, two, oneAgain) };
}

/** An account issues a certificate for another person, and its own certificate is among the CAs. */
function issuedByAnAccount(pki: TestPki): IssuedCertificate {
  const holder = issueAuthentication(pki, { keyUsage: KeyUsageFlags.keyCertSign });
  const asCa = {
    ...pki.issuing,
    ...rsaKeyPair('authentication'),
    name: authenticationTemplate(pki).subject,
    algorithm: signatureAlgorithms.rsaWithSha256,
  };
  const { trust } = holder;
  return {
    ...issueAuthentication({ ...pki, issuing: asCa }),
    trust: { ...trust, intermediates: [...trust.intermediates, holder.certificate] },
  };
}

/** The root's path length allows only the issuing CA, which has issued another CA for the account. */
function pathLengthExceeded(pki: TestPki): IssuedCertificate {
  const below = issuingCa(pki, { commonName: 'Sild test EID-Q below', issuer: pki.issuing });
  return {
    ...issueAuthentication({ ...pki, issuing: below }),
    trust: trustIn(pki, pki.issuing, below),
  };
}
