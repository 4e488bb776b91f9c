import { saying, testPki } from '../answers/authentication-responses.ts';
import {
  AttributeTypeAndValue,
  AttributeValue,
  type Name,
  RelativeDistinguishedName,
} from '@peculiar/asn1-x509';
import { distinguishedName } from '../certificates/certificate-encoding.ts';
import { authenticationTemplate, issued, type IssuedCertificate } from '../certificates/certificates.ts';
import { type AnyOptions, type Defect, inEveryWay } from './defect.ts';
import { withoutExtension } from './hierarchy.ts';

const IDENTIFIER = 'PNOEE-40504040001';
const OTHER = 'PNOEE-50001029996';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';

type Entry = Parameters<typeof inEveryWay>[0][string];

/** Valid certificates of another person, of no person, or of another account than stated. */
export const personDefects: readonly Defect[] = inEveryWay({
  // another person
  'it is of another person': otherThan(IDENTIFIER, OTHER),
  'it is of the same code in another country': otherThan(IDENTIFIER, 'PNOLT-40504040001'),
  'it is of a passport with that number': otherThan(IDENTIFIER, 'PASEE-40504040001'),
  'it is of an identity card with that number': otherThan(IDENTIFIER, 'IDCEE-40504040001'),
  'it is of a person whose identifier goes on': otherThan(IDENTIFIER, 'PNOEE-405040400010'),
  'it is of a person whose identifier ends before': otherThan(IDENTIFIER, 'PNOEE-4050404000'),
  'it is of another account of the person': [
    'document_number_mismatch',
    () => ({ session: { expectedDocumentNumber: `${IDENTIFIER}-OTHR-Q` } }),
  ],
  'it is of another person’s account': [
    'document_number_mismatch',
    () => ({ session: { expectedDocumentNumber: `${OTHER}-MOCK-Q` } }),
  ],
  // no person
  'its subject has no serialNumber': ['subject_identifier_missing', () => subjectWith()],
  'its subject has two serialNumbers': ['subject_identifier_malformed', () => subjectWith(IDENTIFIER, OTHER)],
  'its subject has one serialNumber twice': [
    'subject_identifier_malformed',
    () => subjectWith(IDENTIFIER, IDENTIFIER),
  ],
  'its subject has a second serialNumber that is no text': ['subject_identifier_malformed', withBytes],
  ...Object.fromEntries(
    [
      ['a bare code', '40504040001'],
      ['an identifier without country', 'PNO-40504040001'],
      ['an identifier of a country in small letters', 'PNOee-40504040001'],
      ['an identifier in small letters', 'pnoEE-40504040001'],
      ['an organisation', 'NTREE-10747013'],
      ['a tax payer', 'TINEE-40504040001'],
      ['an identifier without number', 'PNOEE-'],
      ['an identifier that ends in a dash', 'PNOEE-40504040001-'],
      ['an identifier with a space', 'PNOEE-4050 4040001'],
      ['an identifier with a line break', 'PNOEE-40504040001\n'],
      ['an identifier with a zero byte', 'PNOEE-40504040001\0'],
      ['an identifier in Cyrillic letters', 'РNOEE-40504040001'],
      ['an identifier in wide digits', 'PNOEE-４０５０４０４０００１'],
      ['an identifier that is too long', `PNOEE-${'4'.repeat(31)}`],
      ['an identifier that is a path', 'PNOEE-../../session'],
    ].map(([what, identifier = '']): [string, Entry] => [
      `its serialNumber is ${what}`,
      ['subject_identifier_malformed', () => subjectWith(identifier)],
    ]),
  ),
  // another account
  'the document number is another person’s': document(`${OTHER}-MOCK-Q`),
  'the document number is of a longer identifier': document('PNOEE-405040400012-MOCK-Q'),
  'the document number is another of the person’s': document(`${IDENTIFIER}-OTHR-Q`),
  'the document number is of a Basic account': document(`${IDENTIFIER}-MOCK-NQ`),
  'the document number is the identifier alone': document(IDENTIFIER),
  'the document number is in small letters': document(`${IDENTIFIER}-mock-q`),
  'the document number ends in a line break': document(`${IDENTIFIER}-MOCK-Q\n`),
  'the certificate itself is of a Basic account’s document number': [
    'document_number_mismatch',
    () => ({ certificate: { documentNumber: `${IDENTIFIER}-MOCK-NQ` } }),
  ],
  'the certificate itself is of a full account’s document number, being ADVANCED': [
    'document_number_mismatch',
    () => ({
      certificate: { level: 'ADVANCED', documentNumber: `${IDENTIFIER}-MOCK-Q` },
      session: { certificateLevel: 'ADVANCED' },
    }),
  ],
  'the certificate itself is of another person’s document number': [
    'document_number_mismatch',
    () => ({ certificate: { documentNumber: `${OTHER}-MOCK-Q` } }),
  ],
  ...Object.fromEntries(
    [
      ['another person’s', `${OTHER}-MOCK-Q`],
      ['of a longer identifier', 'PNOEE-405040400011-MOCK-Q'],
      ['of a Basic account', `${IDENTIFIER}-MOCK-NQ`],
      ['the identifier alone', IDENTIFIER],
      ['without account', `${IDENTIFIER}-`],
      ['without dash', `${IDENTIFIER}MOCK-Q`],
      ['of an unknown level', `${IDENTIFIER}-MOCK-X`],
      ['markup', `${IDENTIFIER}-<b>-Q`],
      ['one of sixty thousand characters', `${IDENTIFIER}-${'A'.repeat(60_000)}-Q`],
    ].map(([what, documentNumber = '']): [string, Entry] => [
      `no certificate confirms the document number, and it is ${what}`,
      [
        'document_number_mismatch',
        () => ({
          issued: withoutExtension(testPki, SUBJECT_ALTERNATIVE_NAME),
          said: saying(documentNumber, 'result', 'documentNumber'),
        }),
      ],
    ]),
  ),
});

function otherThan(expectedIdentifier: string, identifier: string): Entry {
  return ['person_mismatch', () => ({ session: { expectedIdentifier }, certificate: { identifier } })];
}

function document(documentNumber: string): Entry {
  return ['document_number_mismatch', () => ({ said: saying(documentNumber, 'result', 'documentNumber') })];
}

/** A response to an anonymous login. */
function subjectWith(...identifiers: readonly string[]): AnyOptions {
  return { issued: certificateOf(...identifiers), session: { expectedIdentifier: undefined } };
}

function withBytes(): AnyOptions {
  const subject = subjectOf(IDENTIFIER);
  const value = new AttributeValue({ anyValue: Uint8Array.of(0x04, 0x01, 0x41).buffer });
  subject.push(new RelativeDistinguishedName([new AttributeTypeAndValue({ type: '2.5.4.5', value })]));
  return {
    issued: issued(testPki, { ...authenticationTemplate(testPki), subject }),
    session: { expectedIdentifier: undefined },
  };
}

/** A certificate with these serialNumbers in its subject. */
function certificateOf(...identifiers: readonly string[]): IssuedCertificate {
  return issued(testPki, { ...authenticationTemplate(testPki), subject: subjectOf(...identifiers) });
}

function subjectOf(...identifiers: readonly string[]): Name {
  return distinguishedName(
    ['2.5.4.6', 'EE', 'printable'],
    ['2.5.4.4', 'TEST'],
    ['2.5.4.42', 'OK'],
    ...identifiers.map((identifier) => ['2.5.4.5', identifier] as [string, string]),
  );
}
