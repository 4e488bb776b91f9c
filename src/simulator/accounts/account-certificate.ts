/**
 * An account's certificate with the profile of SK's authentication certificates since April 2025: the same extensions in
 * the same order. (SK's certificate and CRL profile for Smart-ID)
 */
import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { AsnConvert } from '@peculiar/asn1-schema';
import * as asn1 from '@peculiar/asn1-x509';
import type { Account, CertificateLevel } from './account.ts';
import { CA_ALGORITHM, type IssuingAuthority, randomSerialNumber } from '../ca/certificate-authority.ts';
import type { Publications } from '../ca/publication-addresses.ts';

const OID = {
  surname: '2.5.4.4',
  serialNumber: '2.5.4.5',
  givenName: '2.5.4.42',
  cps: '1.3.6.1.5.5.7.2.1',
  dateOfBirth: '1.3.6.1.5.5.7.9.1',
  smartIdAuthentication: '1.3.6.1.4.1.62306.5.7.0',
};
/** Smart-ID's policy, then ETSI's: QCP-n… for natural persons, or NCP+. */
const POLICIES: Readonly<Record<CertificateLevel, readonly [string, string]>> = {
  QUALIFIED: ['1.3.6.1.4.1.10015.17.2', '0.4.0.2042.1.2'],
  ADVANCED: ['1.3.6.1.4.1.10015.17.1', '0.4.0.2042.1.1'],
};
const DAY_MS = 86_400_000;
const VALIDITY_MS = 3 * 365 * DAY_MS;

/** Issues a certificate for the account, valid for three years. `publicKey` is a DER SubjectPublicKeyInfo. */
export async function issueAccountCertificate(
  issuer: IssuingAuthority,
  account: Account,
  publicKey: Buffer,
  publications: Publications,
  now: Date,
): Promise<x509.X509Certificate> {
  const spki = Uint8Array.from(publicKey);
  return await x509.X509CertificateGenerator.create({
    serialNumber: randomSerialNumber(),
    issuer: issuer.certificate.subjectName,
    subject: subjectOf(account),
    // One hour of tolerance for clocks that are behind.
    notBefore: new Date(now.getTime() - 3_600_000),
    notAfter: new Date(now.getTime() + VALIDITY_MS),
    publicKey: spki,
    signingKey: issuer.signingKey,
    signingAlgorithm: CA_ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false),
      await x509.AuthorityKeyIdentifierExtension.create(issuer.certificate.publicKey),
      new x509.AuthorityInfoAccessExtension({
        caIssuers: publications.issuerCertificate,
        ocsp: publications.ocsp,
      }),
      subjectAlternativeName(account.documentNumber),
      certificatePolicies(POLICIES[account.level], publications.practiceStatement),
      ...(account.birthDate === undefined ? [] : [dateOfBirth(account.birthDate)]),
      new x509.ExtendedKeyUsageExtension([OID.smartIdAuthentication]),
      new x509.CRLDistributionPointsExtension([publications.crl]),
      await x509.SubjectKeyIdentifierExtension.create(spki),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    ],
  });
}

function subjectOf({ identifier, surname, givenName }: Account): x509.Name {
  return new x509.Name([
    { C: [{ printableString: identifier.slice(3, 5) }] },
    { CN: [{ utf8String: `${surname},${givenName}` }] },
    { [OID.surname]: [{ utf8String: surname }] },
    { [OID.givenName]: [{ utf8String: givenName }] },
    { [OID.serialNumber]: [{ printableString: identifier }] },
  ]);
}

/** A directoryName with the document number as its CN. */
function subjectAlternativeName(number: string): x509.Extension {
  const name = new x509.Name([{ CN: [{ utf8String: number }] }]);
  const directoryName = AsnConvert.parse(name.toArrayBuffer(), asn1.Name);
  return extension(
    asn1.id_ce_subjectAltName,
    new asn1.SubjectAlternativeName([new asn1.GeneralName({ directoryName })]),
  );
}

function certificatePolicies(
  [smartId, etsi]: readonly [string, string],
  practiceStatement: string,
): x509.Extension {
  const cps = new asn1.PolicyQualifierInfo({
    policyQualifierId: OID.cps,
    qualifier: ia5String(practiceStatement),
  });
  return extension(
    asn1.id_ce_certificatePolicies,
    new asn1.CertificatePolicies([
      new asn1.PolicyInformation({ policyIdentifier: smartId, policyQualifiers: [cps] }),
      new asn1.PolicyInformation({ policyIdentifier: etsi }),
    ]),
  );
}

/** The birth date as a GeneralizedTime at noon UTC. (RFC 3739, 3.3.2) */
function dateOfBirth(date: string): x509.Extension {
  const noon = primitive(0x18, `${date.replaceAll('-', '')}120000Z`);
  return extension(
    asn1.id_ce_subjectDirectoryAttributes,
    new asn1.SubjectDirectoryAttributes([new asn1.Attribute({ type: OID.dateOfBirth, values: [noon] })]),
  );
}

function extension(type: string, value: object): x509.Extension {
  return new x509.Extension(type, false, AsnConvert.serialize(value));
}

function ia5String(text: string): ArrayBuffer {
  return primitive(0x16, text);
}

/** Encodes an ASCII string of fewer than 128 bytes as a DER primitive. */
function primitive(tag: number, text: string): ArrayBuffer {
  return Uint8Array.from([tag, text.length, ...Buffer.from(text, 'ascii')]).buffer;
}
