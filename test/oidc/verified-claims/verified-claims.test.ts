import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { LoginResult } from '../../../src/login/login-result.ts';
import {
  VERIFIED_CLAIMS_METADATA,
  verifiedClaimsOf,
} from '../../../src/oidc/verified-claims/verified-claims.ts';
import { aLogin } from '../../support/oidc-bridge.ts';

const AT = Date.parse('2026-05-06T07:08:09Z') / 1000;
const LOGIN = aLogin({
  authenticatedAt: AT,
  attempt: '0a1b2c3d-0000-4000-8000-000000000001',
  certificate: {
    issuer: 'EID-SK 2016',
    serialNumber: '00F1E2D3',
    validFrom: Date.parse('2024-01-02T03:04:05Z') / 1000,
    validUntil: Date.parse('2027-01-02T03:04:05Z') / 1000,
  },
});
const TIME = '2026-05-06T07:08:09Z';
const EVIDENCE = {
  type: 'electronic_record',
  check_details: [{ check_method: 'vcrypt', check_id: LOGIN.attempt, time: TIME }],
  record: {
    type: 'urn:oid:1.3.6.1.4.1.10015.17.2',
    source: { name: 'EID-SK 2016' },
    serial_number: '00F1E2D3',
    created_at: '2024-01-02T03:04:05Z',
    date_of_expiry: '2027-01-02',
  },
};
const BASE = { trust_framework: 'eidas' };

const of = (requested: unknown, login: LoginResult = LOGIN, scopes?: readonly string[]) =>
  verifiedClaimsOf(login, requested, scopes);
const ask = (verification: object, claims: object = {}) => ({
  verification: { trust_framework: null, ...verification },
  claims,
});
/** The verification for a request of it; undefined where verified_claims is omitted. */
const verification = (requested: object, login?: LoginResult) => {
  const answer = of(ask(requested), login) as { readonly verification: unknown } | undefined;
  return answer?.verification;
};

describe('verified_claims', () => {
  it('has only the requested claims', () => {
    assert.deepEqual(of(ask({}, { given_name: null })), {
      verification: BASE,
      claims: { given_name: 'ÕIE-MARY' },
    });
    assert.deepEqual(of(ask({})), { verification: BASE, claims: {} });
  });

  it('is omitted where it is not requested, or not in the form of a request', () => {
    for (const requested of [
      undefined,
      null,
      {},
      [],
      'all',
      { claims: {} },
      { verification: {}, claims: {} },
    ]) {
      assert.equal(of(requested), undefined, JSON.stringify(requested));
    }
  });

  it('states level, time and evidence', () => {
    const asked = { assurance_level: null, time: null, verification_process: null };
    assert.deepEqual(
      verification({
        ...asked,
        evidence: [{ type: { value: 'electronic_record' }, check_details: null, record: null }],
      }),
      {
        ...BASE,
        assurance_level: 'high',
        time: TIME,
        verification_process: LOGIN.attempt,
        evidence: [EVIDENCE],
      },
    );
    const advanced = { ...LOGIN, certificateLevel: 'ADVANCED' } as const;
    assert.deepEqual(verification({ assurance_level: null }, advanced), { ...BASE, assurance_level: 'low' });
  });

  it('keeps the members that an element is not valid without', () => {
    const evidence = (request: object) =>
      verification({ evidence: [{ type: { value: 'electronic_record' }, ...request }] });
    assert.deepEqual(evidence({ record: { source: { name: null } } }), {
      ...BASE,
      evidence: [
        {
          type: 'electronic_record',
          record: { type: EVIDENCE.record.type, source: { name: 'EID-SK 2016' } },
        },
      ],
    });
    assert.deepEqual(evidence({ check_details: [{ time: null }] }), {
      ...BASE,
      evidence: [{ type: 'electronic_record', check_details: [{ check_method: 'vcrypt', time: TIME }] }],
    });
  });

  it('has claims of the person, of any scope that the client may ask for', () => {
    const claims = (names: readonly string[], scopes?: readonly string[]) =>
      (
        of(ask({}, Object.fromEntries(names.map((name) => [name, null]))), LOGIN, scopes) as {
          claims: object;
        }
      ).claims;
    assert.deepEqual(claims(VERIFIED_CLAIMS_METADATA.claims_in_verified_claims_supported), {
      name: 'ÕIE-MARY ÄNN',
      given_name: 'ÕIE-MARY',
      family_name: 'ÄNN',
      birthdate: '1905-04-04',
      identity_number: '40504040001',
      identity_type: 'PNO',
      identity_country: 'EE',
      semantics_identifier: 'PNOEE-40504040001',
      age_over_13: true,
      age_over_16: true,
      age_over_18: true,
      age_over_21: true,
      age_over_65: true,
    });
    assert.deepEqual(claims(['given_name', 'identity_number', 'age_over_18'], ['openid', 'age']), {
      age_over_18: true,
    });
    assert.deepEqual(claims(['email', 'document_number', 'sub', 'acr', 'toString', '__proto__']), {});
  });
});

describe('a constraint of verified_claims', () => {
  for (const [title, request] of [
    ['another trust framework', { trust_framework: { value: 'de_aml' } }],
    ['none of several trust frameworks', { trust_framework: { values: ['de_aml', 'jp_aml'] } }],
    ['another level', { assurance_level: { value: 'substantial' } }],
    ['a level as a list that is none', { assurance_level: { values: 'high' } }],
    ['evidence of another type', { evidence: [{ type: { value: 'document' } }] }],
    ['no evidence', { evidence: [] }],
    [
      'evidence of another source',
      {
        evidence: [
          { type: { value: 'electronic_record' }, record: { source: { name: { value: 'Other' } } } },
        ],
      },
    ],
    [
      'a check of another kind',
      {
        evidence: [
          { type: { value: 'electronic_record' }, check_details: [{ check_method: { value: 'vpip' } }] },
        ],
      },
    ],
    [
      'a member that is not there',
      {
        evidence: [
          { type: { value: 'electronic_record' }, record: { source: { country_code: { value: 'EE' } } } },
        ],
      },
    ],
    [
      'a younger record',
      { evidence: [{ type: { value: 'electronic_record' }, record: { created_at: { max_age: 86_400 } } }] },
    ],
    ['an age that is no number', { time: { max_age: '60' } }],
    ['the age of what is no time', { assurance_level: { max_age: 60 } }],
    ['text instead of a constraint', { time: 'now' }],
  ] as const) {
    it(`omits the element if it is not met: ${title}`, () => {
      assert.equal(of(ask(request, { given_name: null })), undefined);
    });
  }

  it('is met', () => {
    const evidence = [
      { type: { value: 'document' } },
      {
        type: { value: 'electronic_record' },
        check_details: [{ check_method: { value: 'vpip' } }, { check_method: { value: 'vcrypt' } }],
        record: {
          created_at: { max_age: 1_000_000_000 },
          date_of_expiry: { max_age: 0 },
          source: { country_code: null },
        },
      },
    ];
    assert.deepEqual(
      verification({
        trust_framework: { values: ['de_aml', 'eidas'] },
        assurance_level: { value: 'high' },
        time: { max_age: 0 },
        evidence,
      }),
      {
        ...BASE,
        assurance_level: 'high',
        time: TIME,
        evidence: [
          {
            type: 'electronic_record',
            check_details: [{ check_method: 'vcrypt' }],
            record: {
              type: EVIDENCE.record.type,
              created_at: EVIDENCE.record.created_at,
              date_of_expiry: '2027-01-02',
            },
          },
        ],
      },
    );
  });

  it('omits only the claim if it is one of a claim', () => {
    assert.deepEqual(
      of(
        ask(
          {},
          {
            given_name: { value: 'OTHER' },
            family_name: { value: 'ÄNN', essential: true },
            age_over_18: { values: [true] },
          },
        ),
      ),
      { verification: BASE, claims: { family_name: 'ÄNN', age_over_18: true } },
    );
  });

  it('holds for each request of a list by itself', () => {
    const high = ask({ assurance_level: { value: 'high' } }, { given_name: null });
    const low = ask({ assurance_level: { value: 'low' } }, { family_name: null });
    const met = { verification: { ...BASE, assurance_level: 'high' }, claims: { given_name: 'ÕIE-MARY' } };
    assert.deepEqual(of([low, high]), [met]);
    assert.deepEqual(of([high]), [met]);
    assert.equal(of([low]), undefined);
  });
});

describe('verified_claims of a login of an earlier release', () => {
  it('has no record', () => {
    const { certificate: _, attempt: __, ...login } = LOGIN;
    assert.deepEqual(
      verification(
        {
          verification_process: null,
          evidence: [{ type: { value: 'electronic_record' }, record: null, check_details: null }],
        },
        login,
      ),
      {
        ...BASE,
        evidence: [{ type: 'electronic_record', check_details: [{ check_method: 'vcrypt', time: TIME }] }],
      },
    );
    assert.equal(
      verification(
        {
          evidence: [
            { type: { value: 'electronic_record' }, record: { type: { value: EVIDENCE.record.type } } },
          ],
        },
        login,
      ),
      undefined,
    );
  });
});
