import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { acrOf, CLAIMS_BY_SCOPE, claimsOf } from '../../src/identity/claims.ts';
import { IdentityError } from '../../src/identity/errors.ts';
import { personOf } from '../../src/identity/person-of-certificate.ts';
import type { Person } from '../../src/identity/person.ts';
import { parseSemanticsIdentifier } from '../../src/identity/semantics-identifier.ts';
import { parseCertificate, type VerifiedCertificate } from '../../src/pki/certificate.ts';
import { validatePath } from '../../src/pki/path-validation.ts';
import { testPki } from '../support/answers/authentication-responses.ts';
import { distinguishedName } from '../support/certificates/certificate-encoding.ts';
import { authenticationTemplate, issued } from '../support/certificates/certificates.ts';
import type { AuthenticationProfile } from '../support/certificates/certificate-profile.ts';
import { aVerifiedAuthentication, trustStoreOf } from '../support/answers/authentications.ts';

const facts = {
  documentNumber: 'PNOEE-40504040001-MOCK-Q',
  certificateLevel: 'QUALIFIED',
  flow: 'notification',
} as const;

async function personFrom(certificate: AuthenticationProfile): Promise<Person> {
  return personOf((await aVerifiedAuthentication({ certificate })).certificate);
}

/** A certificate of which only the path was validated. */
function certificateNaming(identifiers: readonly string[]): VerifiedCertificate {
  const { certificate, trust } = issued(testPki, {
    ...authenticationTemplate(testPki),
    subject: distinguishedName(
      ['2.5.4.4', 'TEST'],
      ['2.5.4.42', 'OK'],
      ...identifiers.map((identifier) => ['2.5.4.5', identifier] as [string, string]),
    ),
  });
  return validatePath(parseCertificate(certificate), trustStoreOf(trust), testPki.now).certificate;
}

describe('a person', () => {
  it('is the subject of the certificate', async () => {
    assert.deepEqual(await personFrom({}), {
      givenName: 'OK',
      surname: 'TEST',
      semanticsIdentifier: 'PNOEE-40504040001',
      identityType: 'PNO',
      identityCountry: 'EE',
      identityNumber: '40504040001',
      birthdate: '1999-01-01',
    });
  });

  it('keeps Latvia’s dash, and the numbers of passports and identity cards unchanged', async () => {
    const number = async (identifier: string) => {
      const { identityType, identityCountry, identityNumber } = await personFrom({ identifier });
      return [identityType, identityCountry, identityNumber];
    };
    assert.deepEqual(await number('PNOLV-030303-10004'), ['PNO', 'LV', '030303-10004']);
    assert.deepEqual(await number('PASUA-PU12345'), ['PAS', 'UA', 'PU12345']);
    assert.deepEqual(await number('IDCUA-47101010033'), ['IDC', 'UA', '47101010033']);
  });

  it('has no birth date if neither the certificate nor the code contains one', async () => {
    const person = await personFrom({ identifier: 'PNOLV-329999-99709', dateOfBirth: null });
    assert.ok(!('birthdate' in person));
  });

  for (const [surname, givenName] of [
    ['O’CONNEŽ-ŠUSLIK', 'MARY ÄNN'],
    ['ÕUNAPUU ÜLÄNE', 'ŽÕŠÄ'],
    ['BĒRZIŅŠ', 'ĢIRTS ĶĻŅĀĪŪ'],
    ['ŽUKAUSKAITĖ', 'ŲĮĄĘ'],
    ['VAN DER ØRSTED-ÇELİK', 'Þóra Æðelßtan'],
    ['ИВАНОВ', 'ΓΙΏΡΓΟΣ'],
  ]) {
    it(`keeps every letter of ${givenName} ${surname}`, async () => {
      const person = await personFrom({ surname: surname ?? '', givenName: givenName ?? '' });
      assert.deepEqual([person.surname, person.givenName], [surname, givenName]);
    });
  }

  it('has names in NFC, for every form that the certificate uses', async () => {
    assert.equal((await personFrom({ surname: 'O\u0303UN' })).surname, 'ÕUN');
  });

  it('may have a single name, and then no claim for the other', async () => {
    const person = await personFrom({ givenName: ' ' });
    assert.deepEqual([person.givenName, person.surname], ['', 'TEST']);
    const claims = claimsOf(person, facts);
    assert.equal(claims.name, 'TEST');
    assert.ok(!('given_name' in claims));
  });

  for (const [title, identifiers, code] of [
    ['without an identifier', [], 'identifier_missing'],
    ['with two identifiers', ['PNOEE-40504040001', 'PNOEE-50001029996'], 'identifier_malformed'],
    ['with an identifier of another kind', ['NTREE-10747013'], 'identifier_malformed'],
  ] as const) {
    it(`is refused ${title}: ${code}`, () => {
      assert.throws(
        () => personOf(certificateNaming(identifiers)),
        (error) => error instanceof IdentityError && error.code === code,
      );
    });
  }

  it('is refused without a name', async () => {
    await assert.rejects(
      personFrom({ givenName: ' ', surname: ' ' }),
      (error) => error instanceof IdentityError && error.code === 'name_missing',
    );
  });
});

describe('a semantics identifier', () => {
  for (const text of [
    '',
    'PNOEE',
    'PNOEE-',
    'pnoEE-1',
    'PNOee-1',
    'VATEE-1',
    'PNOEE-1 2',
    'PNOEE-1\n',
    'PNOEE-../x',
    `PNOEE-${'1'.repeat(40)}`,
  ]) {
    it(`cannot be ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parseSemanticsIdentifier(text),
        (error) => error instanceof IdentityError && error.code === 'identifier_malformed',
      );
    });
  }
});

describe('claims', () => {
  it('contain all known facts, and each claim belongs to one scope', async () => {
    const claims = claimsOf(await personFrom({}), facts);
    assert.deepEqual(claims, {
      sub: 'PNOEE-40504040001',
      name: 'OK TEST',
      given_name: 'OK',
      family_name: 'TEST',
      birthdate: '1999-01-01',
      identity_number: '40504040001',
      identity_type: 'PNO',
      identity_country: 'EE',
      semantics_identifier: 'PNOEE-40504040001',
      document_number: 'PNOEE-40504040001-MOCK-Q',
      certificate_level: 'QUALIFIED',
      flow: 'notification',
    });
    const scoped: string[] = Object.values(CLAIMS_BY_SCOPE).flat();
    assert.deepEqual(
      Object.keys(claims).filter((claim) => !scoped.includes(claim)),
      [],
    );
    assert.equal(new Set(scoped).size, scoped.length);
  });

  it('omit claims without a value', async () => {
    const person = await personFrom({ identifier: 'PNOLV-329999-99709', dateOfBirth: null });
    assert.ok(!('birthdate' in claimsOf(person, facts)));
  });

  it('state the level of assurance by the certificate’s level', () => {
    assert.equal(acrOf('QUALIFIED'), 'http://eidas.europa.eu/LoA/high');
    assert.equal(acrOf('ADVANCED'), 'http://eidas.europa.eu/LoA/low');
  });
});
