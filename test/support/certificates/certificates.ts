/**
 * A certificate factory with the profile of Smart-ID: a root, an issuing CA for qualified certificates and one for
 * non-qualified ones, and authentication certificates under them, with real signatures.
 *
 *   const pki = createTestPki();
 *   const { certificate, privateKey, trust } = issueAuthentication(pki, { identifier: 'PNOEE-40504040001' });
 *
 * defects/ creates the certificates and responses that must be refused, with one named defect each.
 */
import type { KeyObject } from 'node:crypto';
import {
  AuthorityKeyIdentifier,
  BasicConstraints,
  KeyIdentifier,
  KeyUsage,
  KeyUsageFlags,
  SubjectKeyIdentifier,
} from '@peculiar/asn1-x509';
import type { Extension, Name } from '@peculiar/asn1-x509';
import {
  distinguishedName,
  ecKeyPair,
  extension,
  issueCertificate,
  keyIdentifier,
  rsaKeyPair,
  signatureAlgorithms,
} from './certificate-encoding.ts';
import type { CertificateTemplate, KeyPair, SignatureAlgorithm } from './certificate-encoding.ts';
import {
  authenticationExtensions,
  authenticationSubject,
  authorityInformation,
  crlDistributionPoints,
} from './certificate-profile.ts';
import type { AuthenticationProfile } from './certificate-profile.ts';

export interface TestCa extends KeyPair {
  readonly name: Name;
  /** DER. */
  readonly certificate: Buffer;
  /** The CA's signature algorithm. */
  readonly algorithm: SignatureAlgorithm;
}

export interface TestPki {
  /** The default validity periods include this time. */
  readonly now: Date;
  readonly root: TestCa;
  /** Issues qualified certificates, like EID-Q. */
  readonly issuing: TestCa;
  /** Issues non-qualified certificates, like EID-NQ. */
  readonly nonQualifiedIssuing: TestCa;
}

export interface TestPkiOptions {
  /** `ec` (default): root on P-521, issuing CAs on P-384, as SK's. `rsa`: RSA 2048 with SHA-256. */
  readonly caKeys?: 'ec' | 'rsa';
  /** Default: the present. */
  readonly now?: Date;
}

export interface IssuedCertificate {
  /** DER. */
  readonly certificate: Buffer;
  readonly privateKey: KeyObject;
  /** The CA certificates, in DER, under which the certificate is valid except for its named defect. */
  readonly trust: { readonly anchors: readonly Buffer[]; readonly intermediates: readonly Buffer[] };
}

export interface AuthenticationOptions extends AuthenticationProfile {
  /** Default: 30 days before the PKI's `now`. */
  readonly notBefore?: Date;
  /** Default: three years after the PKI's `now`. */
  readonly notAfter?: Date;
  /** Default: one RSA 2048 key pair for the whole process. */
  readonly keys?: KeyPair;
}

const DAY = 86_400_000;

export const days = (from: Date, count: number): Date => new Date(from.getTime() + count * DAY);

export function createTestPki(options: TestPkiOptions = {}): TestPki {
  const now = options.now ?? new Date();
  const rsa = options.caKeys === 'rsa';
  const root = issueCa(now, {
    commonName: 'Sild test ROOT',
    keys: rsa ? rsaKeyPair('root') : ecKeyPair('P-521'),
    algorithm: rsa ? signatureAlgorithms.rsaWithSha256 : signatureAlgorithms.ecdsaWithSha512,
  });
  const issuing = (commonName: string): TestCa =>
    issueCa(now, {
      commonName,
      keys: rsa ? rsaKeyPair(commonName) : ecKeyPair('P-384'),
      algorithm: rsa ? signatureAlgorithms.rsaWithSha256 : signatureAlgorithms.ecdsaWithSha384,
      issuer: root,
      pathLength: 0,
      extraExtensions: [authorityInformation('root'), crlDistributionPoints('root')],
    });
  return {
    now,
    root,
    issuing: issuing('Sild test EID-Q'),
    nonQualifiedIssuing: issuing('Sild test EID-NQ'),
  };
}

/** Issues an authentication certificate of a Smart-ID account; without options, that of PNOEE-40504040001. */
export function issueAuthentication(pki: TestPki, options: AuthenticationOptions = {}): IssuedCertificate {
  return issued(pki, authenticationTemplate(pki, options), options);
}

/** The template that `issueAuthentication` signs; a defect replaces a member. */
export function authenticationTemplate(
  pki: TestPki,
  options: AuthenticationOptions = {},
): CertificateTemplate {
  const issuer = options.level === 'ADVANCED' ? pki.nonQualifiedIssuing : pki.issuing;
  return signedBy(issuer, {
    subject: authenticationSubject(options),
    notBefore: options.notBefore ?? days(pki.now, -30),
    notAfter: options.notAfter ?? days(pki.now, 3 * 365),
    publicKey: authenticationKeys(options).publicKey,
    extensions: [
      extension('2.5.29.19', new BasicConstraints()),
      authorityKeyIdentifier(issuer.publicKey),
      ...authenticationExtensions(options),
      subjectKeyIdentifier(authenticationKeys(options).publicKey),
    ],
  });
}

/** Signs a template; `changed` replaces the default trust (the PKI's root and issuing CAs). */
export function issued(
  pki: TestPki,
  template: CertificateTemplate,
  options: AuthenticationOptions = {},
  trust?: IssuedCertificate['trust'],
): IssuedCertificate {
  return {
    certificate: issueCertificate(template),
    privateKey: authenticationKeys(options).privateKey,
    trust: trust ?? {
      anchors: [pki.root.certificate],
      intermediates: [pki.issuing.certificate, pki.nonQualifiedIssuing.certificate],
    },
  };
}

export function signedBy(
  issuer: Pick<TestCa, 'name' | 'privateKey' | 'algorithm'>,
  rest: Omit<CertificateTemplate, 'issuer' | 'signingKey' | 'algorithm'>,
): CertificateTemplate {
  return { ...rest, issuer: issuer.name, signingKey: issuer.privateKey, algorithm: issuer.algorithm };
}

export interface CaOptions {
  readonly commonName: string;
  readonly keys: KeyPair;
  readonly algorithm: SignatureAlgorithm;
  /** Default: itself. */
  readonly issuer?: TestCa;
  readonly pathLength?: number;
  /** `null` omits basicConstraints. Default: true. */
  readonly ca?: boolean | null;
  /** `null` omits the extension. Default: keyCertSign and cRLSign. */
  readonly keyUsage?: number | null;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  readonly extraExtensions?: readonly Extension[];
}

/** Issues a CA certificate with SK's profile; each option can make it invalid. */
export function issueCa(now: Date, options: CaOptions): TestCa {
  const { keys, algorithm } = options;
  const name = caName(options.commonName);
  const issuer = options.issuer ?? { name, algorithm, ...keys };
  const {
    ca = true,
    keyUsage: bits = KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign,
    pathLength,
  } = options;
  const constraints = (cA: boolean) =>
    new BasicConstraints({ cA, ...(pathLength !== undefined && { pathLenConstraint: pathLength }) });
  const certificate = issueCertificate(
    signedBy(issuer, {
      subject: name,
      notBefore: options.notBefore ?? days(now, -3 * 365),
      notAfter: options.notAfter ?? days(now, 12 * 365),
      publicKey: keys.publicKey,
      extensions: [
        ...(ca === null ? [] : [extension('2.5.29.19', constraints(ca), true)]),
        authorityKeyIdentifier(issuer.publicKey),
        subjectKeyIdentifier(keys.publicKey),
        ...(bits === null ? [] : [keyUsage(bits)]),
        ...(options.extraExtensions ?? []),
      ],
    }),
  );
  return { name, certificate, algorithm, ...keys };
}

export function authorityKeyIdentifier(publicKey: KeyObject): Extension {
  return extension(
    '2.5.29.35',
    new AuthorityKeyIdentifier({ keyIdentifier: new KeyIdentifier(keyIdentifier(publicKey)) }),
  );
}

export function subjectKeyIdentifier(publicKey: KeyObject): Extension {
  return extension('2.5.29.14', new SubjectKeyIdentifier(keyIdentifier(publicKey)));
}

function keyUsage(bits: number): Extension {
  return extension('2.5.29.15', new KeyUsage(bits), true);
}

function authenticationKeys(options: AuthenticationOptions): KeyPair {
  return options.keys ?? rsaKeyPair('authentication');
}

function caName(commonName: string): Name {
  return distinguishedName(
    ['2.5.4.3', commonName],
    ['2.5.4.97', 'NTREE-00000000'],
    ['2.5.4.10', 'Sild test'],
    ['2.5.4.6', 'EE', 'printable'],
  );
}
