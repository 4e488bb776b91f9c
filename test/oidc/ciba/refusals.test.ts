import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { errors } from 'oidc-provider';
import { type FailureCode, failureSchema } from '../../../src/login/failure.ts';
import { endRefusal, startRefusal } from '../../../src/oidc/ciba/refusals.ts';
import { TooManyRequests } from '../../../src/oidc/provider/stored-requests.ts';

const shown = ({ statusCode, error }: errors.OIDCProviderError) => `${statusCode} ${error}`;
const failureOf = (code: FailureCode) => ({ code, detail: 'OF_THE_PROTOCOL' });

const NOT_SENT = {
  '400 unknown_user_id': ['account_not_found'],
  '403 access_denied': [
    'account_not_suitable',
    'attention_required',
    'country_not_allowed',
    'person_mismatch',
  ],
  '429 temporarily_unavailable': [
    'push_too_soon',
    'too_many_logins',
    'too_many_logins_of_person',
    'too_many_waiting',
  ],
};

/** Where the person, or their account, is the reason: a new request would end as this one. */
const DENIED = [
  'account_not_found',
  'account_not_suitable',
  'account_unusable',
  'attention_required',
  'callback_refused',
  'country_not_allowed',
  'document_unusable',
  'interaction_not_supported',
  'person_mismatch',
  'response_malformed',
  'response_refused',
  'user_refused',
  'user_refused_certificate_choice',
  'user_refused_interaction',
  'wrong_verification_code',
];

describe('the answer to a request without a browser', () => {
  const codes = failureSchema.shape.code.options;

  it('says why nothing was sent to the phone: else it is a failure of Smart-ID, and no error of the client', () => {
    const { '503 temporarily_unavailable': unavailable = [], ...others } = Object.groupBy(
      codes.toSorted(),
      (code) => shown(startRefusal(failureOf(code))),
    );
    assert.deepEqual(others, NOT_SENT);
    assert.equal(unavailable.length, codes.length - Object.values(NOT_SENT).flat().length);
  });

  it('says when another request may follow, where a limit has refused it', () => {
    const limited = startRefusal({ ...failureOf('push_too_soon'), retryAt: 1_900_000_000_000 });
    assert.ok(limited instanceof TooManyRequests);
    assert.equal(limited.retryAt, 1_900_000_000_000);
  });

  it('denies at the token endpoint what a new request cannot change, and lets all others expire', () => {
    const {
      '400 access_denied': denied,
      '400 expired_token': expired = [],
      ...others
    } = Object.groupBy(codes.toSorted(), (code) => shown(endRefusal(failureOf(code))));
    assert.deepEqual([denied, others], [DENIED, {}]);
    assert.equal(expired.length, codes.length - DENIED.length);
  });

  it('has the code, and no detail', () => {
    for (const code of codes) {
      for (const refusal of [startRefusal(failureOf(code)), endRefusal(failureOf(code))]) {
        assert.equal(refusal.error_description, code);
        assert.ok(!JSON.stringify(refusal).includes('OF_THE_PROTOCOL'));
      }
    }
  });
});
