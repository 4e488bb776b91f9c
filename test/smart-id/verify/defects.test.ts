import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { catalogue, defects } from '../../support/defects/catalogue.ts';
import { exchangeFor, RESPONSE_FLOWS } from '../../support/defects/defect.ts';
import { refusal, type RefusalCode } from '../../support/refusal.ts';

describe('a response without a defect is accepted', () => {
  for (const flow of RESPONSE_FLOWS) {
    it(flow, async () => {
      assert.equal(await refusal(exchangeFor(flow)), 'accepted');
    });
  }
});

for (const [group, listed] of Object.entries(catalogue)) {
  describe(`a response is refused for defects of ${group}`, () => {
    for (const { name, code, flows, make } of listed) {
      it(`${name}: ${code}`, async () => {
        const codes = await Promise.all(flows.map(async (flow) => [flow, await refusal(make(flow))]));
        assert.deepEqual(
          codes,
          flows.map((flow) => [flow, code]),
        );
      });
    }
  });
}

/** Every code. A new code does not compile until it is listed here, and fails the tests until it has a defect. */
const CODES: Readonly<Record<RefusalCode, true>> = {
  certificate_malformed: true,
  certificate_expired: true,
  certificate_not_yet_valid: true,
  no_path_to_trust_anchor: true,
  certificate_signature_invalid: true,
  signature_algorithm_refused: true,
  issuer_not_a_ca: true,
  issuer_may_not_sign_certificates: true,
  path_length_exceeded: true,
  end_entity_is_a_ca: true,
  unknown_critical_extension: true,
  certificate_revoked: true,
  issuer_revoked: true,
  revocation_unknown: true,
  revocation_unavailable: true,
  no_trust_anchors: true,
  trust_anchor_unusable: true,
  session_not_complete: true,
  end_result_not_ok: true,
  signature_protocol_unexpected: true,
  response_part_missing: true,
  response_part_malformed: true,
  response_malformed: true,
  flow_not_offered: true,
  interaction_not_offered: true,
  callback_missing: true,
  callback_unexpected: true,
  callback_secret_mismatch: true,
  callback_challenge_mismatch: true,
  certificate_policies_foreign: true,
  certificate_policies_ambiguous: true,
  certificate_level_not_of_issuer: true,
  certificate_purpose_wrong: true,
  certificate_level_unknown: true,
  certificate_level_contradicts_policies: true,
  certificate_level_too_low: true,
  subject_identifier_missing: true,
  subject_identifier_malformed: true,
  subject_name_malformed: true,
  person_mismatch: true,
  document_number_mismatch: true,
  signature_algorithm_unexpected: true,
  hash_algorithm_unexpected: true,
  mask_generation_unexpected: true,
  salt_length_unexpected: true,
  trailer_field_unexpected: true,
  key_type_unexpected: true,
  key_too_weak: true,
  signature_invalid: true,
};

describe('the catalogue of defects', () => {
  it('has at least 60 defects in every flow, with distinct names', () => {
    const names = defects.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length);
    for (const flow of RESPONSE_FLOWS) {
      const possible = defects.filter(({ flows }) => flows.includes(flow));
      assert.ok(possible.length >= 60, `${flow}: ${possible.length}`);
    }
  });

  it('has a defect for every refusal code', () => {
    const codes = new Set(defects.map(({ code }) => code));
    assert.deepEqual([...codes].sort(), Object.keys(CODES).sort());
  });
});
