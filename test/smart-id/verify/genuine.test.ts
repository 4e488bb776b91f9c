import assert from 'node:assert/strict';
import { generateKeyPair } from 'node:crypto';
import { describe, it } from 'node:test';
import { promisify } from 'node:util';
import { claimsOf } from '../../../src/identity/claims.ts';
import { personOf } from '../../../src/identity/person-of-certificate.ts';
import type { HashAlgorithm, VerifiedAuthentication } from '../../../src/smart-id/authentication.ts';
import { exchange, withMember, testPki } from '../../support/answers/authentication-responses.ts';
import { exchangeV2 } from '../../support/answers/authentication-responses-v2.ts';
import { verified } from '../../support/answers/authentications.ts';
import type { AuthenticationProfile } from '../../support/certificates/certificate-profile.ts';
import { createTestPki, issueAuthentication } from '../../support/certificates/certificates.ts';
import { exchangeFor, type ResponseFlow, RESPONSE_FLOWS, V3_FLOWS } from '../../support/defects/defect.ts';
import { withoutExtension } from '../../support/defects/hierarchy.ts';
import { withRevocationCheck } from '../../support/defects/revocations.ts';
import { refusal } from '../../support/refusal.ts';

const FLOW_VALUES: Readonly<Record<ResponseFlow, 'notification' | 'qr' | 'web2app'>> = {
  Notification: 'notification',
  QR: 'qr',
  Web2App: 'web2app',
  v2: 'notification',
};

/** A person of every country and of every format of personal code, with and without a date of birth. */
const PEOPLE = {
  'of Estonia': {
    profile: { identifier: 'PNOEE-47101010033', surname: 'O’CONNEŽ-ŠUSLIK', givenName: 'MARY ÄNN' },
    birthdate: '1971-01-01',
  },
  'of Latvia, by an old code': {
    profile: { identifier: 'PNOLV-030303-10004', surname: 'ŽĪGURE', givenName: 'LĪGA' },
    birthdate: '1903-03-03',
  },
  'of Latvia, by a new code': {
    profile: {
      identifier: 'PNOLV-329999-99901',
      surname: 'ĶĒNIŅŠ',
      givenName: 'GATIS',
      dateOfBirth: '19990329120000Z',
    },
    birthdate: '1999-03-29',
  },
  'of Latvia, by a new code and without birth date': {
    profile: { identifier: 'PNOLV-329999-99709', surname: 'BĒRZIŅŠ', givenName: 'JĀNIS' },
    birthdate: undefined,
  },
  'of Lithuania': {
    profile: { identifier: 'PNOLT-50001029996', surname: 'ČIURLIONYTĖ', givenName: 'RŪTA' },
    birthdate: '2000-01-02',
  },
  'of Belgium': {
    profile: { identifier: 'PNOBE-85073003328', surname: 'VAN DEN BROECK', givenName: 'ANNE-SOPHIE' },
    birthdate: '1985-07-30',
  },
  'with a passport': {
    profile: { identifier: 'PASUA-PU12345', surname: 'ШЕВЧЕНКО', givenName: 'ЇЖАК' },
    birthdate: undefined,
  },
} as const;

const AUTHORITIES = { ECDSA: testPki, RSA: createTestPki({ caKeys: 'rsa' }) } as const;

for (const flow of RESPONSE_FLOWS) {
  describe(`a genuine response (${flow}) is accepted, and names the person`, () => {
    for (const [who, { profile, birthdate }] of Object.entries(PEOPLE)) {
      for (const level of ['QUALIFIED', 'ADVANCED'] as const) {
        it(`${who}, ${level}, with certificates of both generations and CAs of both key types`, async () => {
          for (const generation of ['current', 'older'] as const) {
            for (const [keys, pki] of Object.entries(AUTHORITIES)) {
              const certificate = { dateOfBirth: null, level, generation, ...profile };
              const given = exchangeFor(flow, {
                certificate,
                issued: issueAuthentication(pki, certificate),
                session: { certificateLevel: level, expectedIdentifier: profile.identifier },
              });
              assert.deepEqual(
                claimsFrom(await verified(given)),
                expectedClaims(profile, birthdate, level, FLOW_VALUES[flow]),
                `${generation}, ${keys}`,
              );
            }
          }
        });
      }
    }

    it('with a QUALIFIED certificate if ADVANCED was requested', async () => {
      const given = exchangeFor(flow, { session: { certificateLevel: 'ADVANCED' } });
      assert.equal((await verified(given)).certificateLevel, 'QUALIFIED');
    });

    it('of any person, in an anonymous session', async () => {
      const given = exchangeFor(flow, {
        session: { expectedIdentifier: undefined },
        certificate: { identifier: 'PNOEE-50001029996' },
      });
      assert.equal((await verified(given)).documentNumber, 'PNOEE-50001029996-MOCK-Q');
    });

    it('of the requested account', async () => {
      const session = { expectedDocumentNumber: 'PNOEE-40504040001-MOCK-Q' };
      assert.equal(await refusal(exchangeFor(flow, { session })), 'accepted');
    });

    it('with several extended key usages, one of which is required', async () => {
      const extendedKeyUsage = ['1.3.6.1.5.5.7.3.2', '1.3.6.1.4.1.62306.5.7.0'];
      assert.equal(await refusal(exchangeFor(flow, { certificate: { extendedKeyUsage } })), 'accepted');
    });

    it('with the policies of SK’s test certificates before 2024, on demo', async () => {
      const certificate = { policies: ['1.3.6.1.4.1.10015.3.17.2', '0.4.0.2042.1.2'] };
      assert.equal(await refusal(exchangeFor(flow, { certificate })), 'accepted');
    });

    it('whose CAs report that it is not revoked', async () => {
      assert.equal(await refusal(exchangeFor(flow, withRevocationCheck())), 'accepted');
    });

    it('on live', async () => {
      assert.equal(await refusal(exchangeFor(flow, { session: { schemeName: 'smart-id' } })), 'accepted');
    });

    it('without the document number in the certificate, by the identifier at its beginning', async () => {
      const given = exchangeFor(flow, {
        issued: withoutExtension(testPki, '2.5.29.17'),
        stated: withMember('PNOEE-40504040001-ABCD-Q', 'result', 'documentNumber'),
      });
      assert.equal((await verified(given)).documentNumber, 'PNOEE-40504040001-ABCD-Q');
    });

    it('with unknown members', async () => {
      const given = exchangeFor(flow, {
        body: (json) =>
          json.replace(/^{/, ' {"ignoredProperties":["nonce",null],"deviceIpAddress":"192.0.2.1",'),
      });
      assert.equal(await refusal(given), 'accepted');
    });

    it('with a duplicate member, of which the last one counts', async () => {
      const given = exchangeFor(flow, {
        body: (json) => json.replace('"endResult"', '"endResult":"TIMEOUT","endResult"'),
      });
      assert.equal(await refusal(given), 'accepted');
    });
  });
}

describe('a genuine response is accepted with every hash', () => {
  for (const hashAlgorithm of [
    'SHA-256',
    'SHA-384',
    'SHA-512',
    'SHA3-256',
    'SHA3-384',
    'SHA3-512',
  ] satisfies HashAlgorithm[]) {
    it(`with ${hashAlgorithm}`, async () => {
      for (const flow of V3_FLOWS) {
        assert.equal(await refusal(exchangeFor(flow, { session: { hashAlgorithm } })), 'accepted', flow);
      }
    });
  }

  for (const hashAlgorithm of ['SHA-256', 'SHA-384', 'SHA-512'] as const) {
    it(`with ${hashAlgorithm} in RP API v2`, async () => {
      assert.equal(await refusal(exchangeV2({ session: { hashAlgorithm } })), 'accepted');
    });
  }
});

describe('a genuine response is accepted with every key', () => {
  // 6144 bits is the length of Smart-ID's keys today.
  for (const bits of [2048, 3072, 6144]) {
    it(`RSA ${bits}`, async () => {
      const keys = await promisify(generateKeyPair)('rsa', { modulusLength: bits });
      for (const flow of RESPONSE_FLOWS) {
        assert.equal(await refusal(exchangeFor(flow, { certificate: { keys } })), 'accepted', flow);
      }
    });
  }

  it('and with a signature of the tests’ own PSS implementation', async () => {
    const pss = { hash: 'sha512', maskHash: 'sha512', saltLength: 64, trailer: 0xbc };
    assert.equal(await refusal(exchange({ signed: { pss } })), 'accepted');
  });
});

describe('a genuine response is accepted to a broker', () => {
  it('with the name that is registered beside its own', async () => {
    await verified(exchange({ session: { relyingPartyName: 'Broker Ltd', brokeredRpName: 'City Museum' } }));
  });
});

describe('a genuine response is accepted with every offered interaction', () => {
  for (const [type, text] of [
    ['displayTextAndPIN', 'displayText60'],
    ['confirmationMessage', 'displayText200'],
    ['confirmationMessageAndVerificationCodeChoice', 'displayText200'],
  ] as const) {
    it(type, async () => {
      const session = { interactions: encoded({ type, [text]: 'Log in' }) };
      const byV3 = exchange({ session, genuine: { interactionTypeUsed: type } });
      assert.equal((await verified(byV3)).interaction, type);
      const byV2 = exchangeV2({ session, stated: withMember(type, 'interactionFlowUsed') });
      assert.equal((await verified(byV2)).interaction, type);
    });
  }

  it('verificationCodeChoice, in RP API v2 only', async () => {
    const session = { interactions: encoded({ type: 'verificationCodeChoice', displayText60: 'Log in' }) };
    const given = exchangeV2({
      session,
      stated: withMember('verificationCodeChoice', 'interactionFlowUsed'),
    });
    assert.equal((await verified(given)).interaction, 'verificationCodeChoice');
  });
});

function claimsFrom(authentication: VerifiedAuthentication): Record<string, string> {
  const { certificate, documentNumber, certificateLevel, flow } = authentication;
  return claimsOf(personOf(certificate), { documentNumber, certificateLevel, flow });
}

function expectedClaims(
  { identifier = '', surname = '', givenName = '' }: AuthenticationProfile,
  birthdate: string | undefined,
  level: 'QUALIFIED' | 'ADVANCED',
  flow: string,
): Record<string, string> {
  return {
    sub: identifier,
    name: `${givenName} ${surname}`,
    given_name: givenName,
    family_name: surname,
    ...(birthdate === undefined ? {} : { birthdate }),
    identity_number: identifier.slice(6),
    identity_type: identifier.slice(0, 3),
    identity_country: identifier.slice(3, 5),
    semantics_identifier: identifier,
    document_number: `${identifier}-MOCK-${level === 'QUALIFIED' ? 'Q' : 'NQ'}`,
    certificate_level: level,
    flow,
  };
}

function encoded(interaction: Record<string, string>): string {
  return Buffer.from(JSON.stringify([interaction])).toString('base64');
}
