import { withMember, testPki } from '../answers/authentication-responses.ts';
import {
  AttributeTypeAndValue,
  AttributeValue,
  type Name,
  RelativeDistinguishedName,
} from '@peculiar/asn1-x509';
import { distinguishedName } from '../certificates/certificate-encoding.ts';
import { authenticationTemplate, issued, type IssuedCertificate } from '../certificates/certificates.ts';
import { type AnyOptions, type Defect, inEveryFlow } from './defect.ts';
import { withoutExtension } from './hierarchy.ts';

const IDENTIFIER = 'PNOEE-40504040001';
const OTHER = 'PNOEE-50001029996';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';

type Entry = Parameters<typeof inEveryFlow>[0][string];

/** Valid certificates of another person, of no person, or of another account than stated. */
export const personDefects: readonly Defect[] = inEveryFlow({
  // another person
  'it is of another person': personMismatch(IDENTIFIER, OTHER),
  'its identifier has the same code, of another country': personMismatch(IDENTIFIER, 'PNOLT-40504040001'),
  'its identifier is a passport with that number': personMismatch(IDENTIFIER, 'PASEE-40504040001'),
  'its identifier is an identity card with that number': personMismatch(IDENTIFIER, 'IDCEE-40504040001'),
  'its identifier has one more digit': personMismatch(IDENTIFIER, 'PNOEE-405040400010'),
  'its identifier has one digit less': personMismatch(IDENTIFIER, 'PNOEE-4050404000'),
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
  'its subject has the same serialNumber twice': [
    'subject_identifier_malformed',
    () => subjectWith(IDENTIFIER, IDENTIFIER),
  ],
  'its subject has a second serialNumber that is not a text': ['subject_identifier_malformed', withBytes],
  ...Object.fromEntries(
    [
      ['a bare code', '40504040001'],
      ['an identifier without country', 'PNO-40504040001'],
      ['an identifier with a country in lower case', 'PNOee-40504040001'],
      ['an identifier in lower case', 'pnoEE-40504040001'],
      ['the identifier of an organisation', 'NTREE-10747013'],
      ['a tax number', 'TINEE-40504040001'],
      ['an identifier without number', 'PNOEE-'],
      ['an identifier that ends in a dash', 'PNOEE-40504040001-'],
      ['an identifier with a space', 'PNOEE-4050 4040001'],
      ['an identifier with a line break', 'PNOEE-40504040001\n'],
      ['an identifier with a NUL', 'PNOEE-40504040001\0'],
      ['an identifier in Cyrillic letters', 'РNOEE-40504040001'],
      ['an identifier in full-width digits', 'PNOEE-４０５０４０４０００１'],
      ['an identifier that is too long', `PNOEE-${'4'.repeat(31)}`],
      ['an identifier that is a path', 'PNOEE-../../session'],
    ].map(([defect, identifier = '']): [string, Entry] => [
      `its serialNumber is ${defect}`,
      ['subject_identifier_malformed', () => subjectWith(identifier)],
    ]),
  ),
  ...Object.fromEntries(
    [
      ['a NUL', 'ÄNN\0'],
      ['a line break', 'ÄNN\nMARY'],
      ['an escape sequence', '\u001b[31mÄNN'],
      ['a control character of Latin-1', 'ÄNN\u0085'],
      ['a line separator', 'ÄNN\u2028MARY'],
      ['a character that turns the text around', 'ÄNN\u202eYRAM'],
      ['an isolate of a direction', '\u2067ÄNN\u2069'],
      ['an invisible mark of direction', 'ÄNN\u200f'],
    ].flatMap(([defect, name = '']): [string, Entry][] => [
      [`its surname has ${defect}`, ['subject_name_malformed', () => ({ certificate: { surname: name } })]],
      [
        `its given name has ${defect}`,
        ['subject_name_malformed', () => ({ certificate: { givenName: name } })],
      ],
    ]),
  ),
  // another account
  'the document number is of another person': stateDocumentNumber(`${OTHER}-MOCK-Q`),
  'the document number is of a longer identifier': stateDocumentNumber('PNOEE-405040400012-MOCK-Q'),
  'the document number is of another account of the person': stateDocumentNumber(`${IDENTIFIER}-OTHR-Q`),
  'the document number is of a Basic account': stateDocumentNumber(`${IDENTIFIER}-MOCK-NQ`),
  'the document number is only the identifier': stateDocumentNumber(IDENTIFIER),
  'the document number is in lower case': stateDocumentNumber(`${IDENTIFIER}-mock-q`),
  'the document number ends in a line break': stateDocumentNumber(`${IDENTIFIER}-MOCK-Q\n`),
  'the certificate has the document number of a Basic account': [
    'document_number_mismatch',
    () => ({ certificate: { documentNumber: `${IDENTIFIER}-MOCK-NQ` } }),
  ],
  'the certificate is ADVANCED and has the document number of a qualified account': [
    'document_number_mismatch',
    () => ({
      certificate: { level: 'ADVANCED', documentNumber: `${IDENTIFIER}-MOCK-Q` },
      session: { certificateLevel: 'ADVANCED' },
    }),
  ],
  'the certificate has the document number of another person': [
    'document_number_mismatch',
    () => ({ certificate: { documentNumber: `${OTHER}-MOCK-Q` } }),
  ],
  ...Object.fromEntries(
    [
      ['of another person', `${OTHER}-MOCK-Q`],
      ['of a longer identifier', 'PNOEE-405040400011-MOCK-Q'],
      ['of a Basic account', `${IDENTIFIER}-MOCK-NQ`],
      ['only the identifier', IDENTIFIER],
      ['an identifier without account', `${IDENTIFIER}-`],
      ['an identifier without dash before the account', `${IDENTIFIER}MOCK-Q`],
      ['of an unknown level', `${IDENTIFIER}-MOCK-X`],
      ['markup', `${IDENTIFIER}-<b>-Q`],
      ['60,000 characters long', `${IDENTIFIER}-${'A'.repeat(60_000)}-Q`],
    ].map(([defect, documentNumber = '']): [string, Entry] => [
      `the certificate has no document number, and the stated one is ${defect}`,
      [
        'document_number_mismatch',
        () => ({
          issued: withoutExtension(testPki, SUBJECT_ALTERNATIVE_NAME),
          stated: withMember(documentNumber, 'result', 'documentNumber'),
        }),
      ],
    ]),
  ),
});

function personMismatch(expectedIdentifier: string, identifier: string): Entry {
  return ['person_mismatch', () => ({ session: { expectedIdentifier }, certificate: { identifier } })];
}

function stateDocumentNumber(documentNumber: string): Entry {
  return [
    'document_number_mismatch',
    () => ({ stated: withMember(documentNumber, 'result', 'documentNumber') }),
  ];
}

/** A response to an anonymous login. */
function subjectWith(...identifiers: readonly string[]): AnyOptions {
  return { issued: certificateOf(...identifiers), session: { expectedIdentifier: undefined } };
}

function withBytes(): AnyOptions {
  const subject = subjectOf(IDENTIFIER);
  const value = new AttributeValue({ anyValue: Uint8Array.of(0x03, 0x02, 0x00, 0x41).buffer });
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
