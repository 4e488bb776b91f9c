import {
  AccessDescription,
  AuthorityInfoAccessSyntax,
  Attribute,
  CertificatePolicies,
  CRLDistributionPoints,
  DistributionPoint,
  DistributionPointName,
  ExtendedKeyUsage,
  GeneralName,
  KeyUsage,
  KeyUsageFlags,
  PolicyInformation,
  PolicyQualifierInfo,
  SubjectAlternativeName,
  SubjectDirectoryAttributes,
} from '@peculiar/asn1-x509';
import type { Extension, Name } from '@peculiar/asn1-x509';
import { distinguishedName, extension } from './certificate-encoding.ts';

/** The variable parts of a Smart-ID account's authentication certificate. */
export interface AuthenticationProfile {
  /** Subject serialNumber; default `PNOEE-40504040001`. */
  readonly identifier?: string;
  /** Default: the country in `identifier`. */
  readonly country?: string;
  /** Default `OK`. */
  readonly givenName?: string;
  /** Default `TEST`. */
  readonly surname?: string;
  /** CN of the alternative directoryName; default `identifier` with `-MOCK-Q` or `-MOCK-NQ`. */
  readonly documentNumber?: string;
  /** Default `QUALIFIED`, issued by the qualified issuing CA; `ADVANCED` is issued by the non-qualified one. */
  readonly level?: 'QUALIFIED' | 'ADVANCED';
  /** Default: both OIDs of the level. */
  readonly policies?: readonly string[];
  /** `current` (default): issued since April 2025. `older`: TLS client authentication and encipherment. */
  readonly generation?: 'current' | 'older';
  /** Default: those of the generation; an empty list omits the extension. */
  readonly extendedKeyUsage?: readonly string[];
  /** Bits of `KeyUsageFlags`; default: those of the generation. */
  readonly keyUsage?: number;
  /** GeneralizedTime; default `19990101120000Z`, `null` for a certificate without the attribute. */
  readonly dateOfBirth?: string | null;
}

const POLICIES = {
  QUALIFIED: ['1.3.6.1.4.1.10015.17.2', '0.4.0.2042.1.2'],
  ADVANCED: ['1.3.6.1.4.1.10015.17.1', '0.4.0.2042.1.1'],
} as const;

const PURPOSES = {
  current: { extendedKeyUsage: ['1.3.6.1.4.1.62306.5.7.0'], keyUsage: KeyUsageFlags.digitalSignature },
  older: {
    extendedKeyUsage: ['1.3.6.1.5.5.7.3.2'],
    keyUsage: KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment | KeyUsageFlags.dataEncipherment,
  },
} as const;

export function authenticationSubject(profile: AuthenticationProfile): Name {
  const { givenName = 'OK', surname = 'TEST' } = profile;
  return distinguishedName(
    ['2.5.4.6', profile.country ?? identifierOf(profile).slice(3, 5), 'printable'],
    ['2.5.4.3', `${surname},${givenName}`],
    ['2.5.4.4', surname],
    ['2.5.4.42', givenName],
    ['2.5.4.5', identifierOf(profile), 'printable'],
  );
}

/** The extensions of SK's profile in its order, without those about keys and CAs. */
export function authenticationExtensions(profile: AuthenticationProfile): Extension[] {
  const level = profile.level ?? 'QUALIFIED';
  const purpose = PURPOSES[profile.generation ?? 'current'];
  const birth = profile.dateOfBirth === undefined ? '19990101120000Z' : profile.dateOfBirth;
  const purposes = profile.extendedKeyUsage ?? purpose.extendedKeyUsage;
  const documentNumber =
    profile.documentNumber ?? `${identifierOf(profile)}-MOCK-${level === 'QUALIFIED' ? 'Q' : 'NQ'}`;
  return [
    authorityInformation('eid-q'),
    alternativeName(documentNumber),
    certificatePolicies(profile.policies ?? POLICIES[level]),
    ...(birth === null ? [] : [birthDate(birth)]),
    ...(purposes.length === 0 ? [] : [extension('2.5.29.37', new ExtendedKeyUsage([...purposes]))]),
    crlDistributionPoints('eid-q'),
    extension('2.5.29.15', new KeyUsage(profile.keyUsage ?? purpose.keyUsage), true),
  ];
}

export function certificatePolicies(oids: readonly string[]): Extension {
  const cps = new PolicyQualifierInfo({
    policyQualifierId: '1.3.6.1.5.5.7.2.1',
    qualifier: derText(0x16, 'https://pki.sild.test/cps'),
  });
  return extension(
    '2.5.29.32',
    new CertificatePolicies(
      oids.map(
        (policyIdentifier, index) =>
          new PolicyInformation({ policyIdentifier, ...(index === 0 && { policyQualifiers: [cps] }) }),
      ),
    ),
  );
}

/** The addresses of a CA's documents and OCSP responder; `slug` identifies the CA. */
export function authorityInformation(slug: string): Extension {
  const description = (accessMethod: string, uri: string): AccessDescription =>
    new AccessDescription({
      accessMethod,
      accessLocation: new GeneralName({ uniformResourceIdentifier: uri }),
    });
  return extension(
    '1.3.6.1.5.5.7.1.1',
    new AuthorityInfoAccessSyntax([
      description('1.3.6.1.5.5.7.48.2', `http://pki.sild.test/${slug}.der.crt`),
      description('1.3.6.1.5.5.7.48.1', `http://ocsp.sild.test/${slug}`),
    ]),
  );
}

function alternativeName(documentNumber: string): Extension {
  const directoryName = distinguishedName(['2.5.4.3', documentNumber]);
  return extension('2.5.29.17', new SubjectAlternativeName([new GeneralName({ directoryName })]));
}

function birthDate(generalizedTime: string): Extension {
  const attribute = new Attribute({ type: '1.3.6.1.5.5.7.9.1', values: [derText(0x18, generalizedTime)] });
  return extension('2.5.29.9', new SubjectDirectoryAttributes([attribute]));
}

/** The address of a CA's CRL. */
export function crlDistributionPoints(slug: string): Extension {
  const fullName = [new GeneralName({ uniformResourceIdentifier: `http://pki.sild.test/${slug}.crl` })];
  const point = new DistributionPoint({ distributionPoint: new DistributionPointName({ fullName }) });
  return extension('2.5.29.31', new CRLDistributionPoints([point]));
}

function identifierOf(profile: AuthenticationProfile): string {
  return profile.identifier ?? 'PNOEE-40504040001';
}

/** One short ASCII value with its DER tag. */
function derText(tag: number, text: string): ArrayBuffer {
  return Uint8Array.from([tag, text.length, ...Buffer.from(text, 'ascii')]).buffer;
}
