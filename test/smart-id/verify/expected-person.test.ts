import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { exchange, saying, testPki } from '../../support/authentication-responses.ts';
import { distinguishedName } from '../../support/certificate-encoding.ts';
import { authenticationTemplate, issued, type IssuedCertificate } from '../../support/certificates.ts';
import { refusal } from './refusal.ts';

const IDENTIFIER = 'PNOEE-40504040001';
const SUBJECT_ALTERNATIVE_NAME = '2.5.29.17';

describe('the subject’s identifier', () => {
  it('is missing', async () => {
    assert.equal(await refusal(exchange({ issued: namedBy() })), 'subject_identifier_missing');
  });

  it('is there twice', async () => {
    const twice = namedBy(IDENTIFIER, 'PNOEE-50001029996');
    assert.equal(await refusal(exchange({ issued: twice })), 'subject_identifier_malformed');
  });

  for (const identifier of [
    '40504040001',
    'PNO-40504040001',
    'PNOee-40504040001',
    'VATEE-40504040001',
    'PNOEE-',
    'PNOEE-40504040001-',
    'PNOEE-4050 4040001',
    `PNOEE-${'4'.repeat(31)}`,
  ]) {
    it(`is malformed as ${identifier}`, async () => {
      const session = { expectedIdentifier: undefined };
      assert.equal(
        await refusal(exchange({ issued: namedBy(identifier), session })),
        'subject_identifier_malformed',
      );
    });
  }

  for (const expectedIdentifier of [
    'PNOEE-4050404000',
    'PNOEE-405040400010',
    'PNOLT-40504040001',
    'pnoee-40504040001',
  ]) {
    it(`is another than ${expectedIdentifier}`, async () => {
      const certificate = { identifier: IDENTIFIER };
      assert.equal(
        await refusal(exchange({ certificate, session: { expectedIdentifier } })),
        'person_mismatch',
      );
    });
  }
});

describe('the document number', () => {
  const withDocument = (documentNumber: string) =>
    exchange({
      issued: withoutAlternativeName(),
      said: saying(documentNumber, 'result', 'documentNumber'),
    });

  it('is believed by its beginning where the certificate does not name it', async () => {
    assert.equal(await refusal(withDocument(`${IDENTIFIER}-ABCD-Q`)), 'accepted');
  });

  for (const documentNumber of [
    'PNOEE-50001029996-MOCK-Q',
    'PNOEE-405040400011-MOCK-Q',
    IDENTIFIER,
    `${IDENTIFIER}-`,
    `${IDENTIFIER}MOCK-Q`,
    `${IDENTIFIER}-MOCK-X`,
    `${IDENTIFIER}-MOCK-Q\n`,
    `${IDENTIFIER}-<b>-Q`,
  ]) {
    it(`is not believed as ${JSON.stringify(documentNumber)}`, async () => {
      assert.equal(await refusal(withDocument(documentNumber)), 'document_number_mismatch');
    });
  }
});

/** A certificate with these serialNumbers in its subject. */
function namedBy(...identifiers: readonly string[]): IssuedCertificate {
  return issued(testPki, {
    ...authenticationTemplate(testPki),
    subject: distinguishedName(
      ['2.5.4.6', 'EE', 'printable'],
      ['2.5.4.4', 'TEST'],
      ['2.5.4.42', 'OK'],
      ...identifiers.map((identifier) => ['2.5.4.5', identifier] as [string, string]),
    ),
  });
}

function withoutAlternativeName(): IssuedCertificate {
  const template = authenticationTemplate(testPki);
  return issued(testPki, {
    ...template,
    extensions: template.extensions.filter(({ extnID }) => extnID !== SUBJECT_ALTERNATIVE_NAME),
  });
}
