import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type FailureCode, failureSchema } from '../../src/login/failure.ts';
import {
  failureFromCreationStatus,
  failureFromEndResult,
  failureFromPollStatus,
} from '../../src/smart-id/outcome.ts';

const NO_PROBLEM = { codes: [], parameters: [] };

describe('an HTTP status of session creation', () => {
  const table: readonly (readonly [number, FailureCode])[] = [
    [400, 'request_malformed'],
    [401, 'relying_party_not_allowed'],
    [403, 'relying_party_not_allowed'],
    [404, 'account_not_found'],
    [471, 'account_not_suitable'],
    [472, 'attention_required'],
    [480, 'client_too_old'],
    [580, 'maintenance'],
    [500, 'service_failed'],
    [502, 'service_failed'],
    [503, 'service_failed'],
    [599, 'service_failed'],
    [200, 'response_malformed'],
    [201, 'response_malformed'],
    [204, 'response_malformed'],
    [302, 'service_failed'],
    [405, 'service_failed'],
    [429, 'service_failed'],
    [473, 'service_failed'],
    [999, 'service_failed'],
  ];
  for (const [status, code] of table) {
    it(`${status} is ${code}`, () => {
      assert.deepEqual(failureFromCreationStatus(status, NO_PROBLEM), { code, detail: `HTTP ${status}` });
    });
  }

  it('404 with NO_SUITABLE_ACCOUNT_FOUND is account_not_suitable, like 471', () => {
    const problem = { codes: ['SOMETHING_NEW', 'NO_SUITABLE_ACCOUNT_FOUND'], parameters: [] };
    assert.equal(failureFromCreationStatus(404, problem).code, 'account_not_suitable');
    assert.equal(failureFromCreationStatus(403, problem).code, 'relying_party_not_allowed');
  });

  it('404 with an unknown code is account_not_found', () => {
    const problem = { codes: ['SOMETHING_NEW'], parameters: [] };
    assert.equal(failureFromCreationStatus(404, problem).code, 'account_not_found');
  });

  it('400 has the rejected parameters in its detail', () => {
    const problem = { codes: [], parameters: ['relyingPartyName', 'interactions'] };
    assert.equal(failureFromCreationStatus(400, problem).detail, 'HTTP 400 relyingPartyName interactions');
  });
});

describe('an HTTP status of a status poll', () => {
  const table: readonly (readonly [number, FailureCode | undefined])[] = [
    [400, 'request_malformed'],
    [401, 'relying_party_not_allowed'],
    [403, 'relying_party_not_allowed'],
    [404, 'session_not_found'],
    [480, 'client_too_old'],
    [204, 'response_malformed'],
    [302, 'service_failed'],
    [471, 'service_failed'],
    [429, undefined],
    [500, undefined],
    [503, undefined],
    [580, undefined],
  ];
  for (const [status, code] of table) {
    it(`${status} ${code === undefined ? 'can be retried' : `is ${code}`}`, () => {
      assert.equal(failureFromPollStatus(status)?.code, code);
    });
  }
});

describe('an end result', () => {
  const table: readonly (readonly [string, FailureCode])[] = [
    ['USER_REFUSED', 'user_refused'],
    ['USER_REFUSED_INTERACTION', 'user_refused_interaction'],
    ['USER_REFUSED_DISPLAYTEXTANDPIN', 'user_refused_interaction'],
    ['USER_REFUSED_VC_CHOICE', 'user_refused_interaction'],
    ['USER_REFUSED_CONFIRMATIONMESSAGE', 'user_refused_interaction'],
    ['USER_REFUSED_CONFIRMATIONMESSAGE_WITH_VC_CHOICE', 'user_refused_interaction'],
    ['USER_REFUSED_CERT_CHOICE', 'user_refused_certificate_choice'],
    ['TIMEOUT', 'timeout'],
    ['WRONG_VC', 'wrong_verification_code'],
    ['DOCUMENT_UNUSABLE', 'document_unusable'],
    ['ACCOUNT_UNUSABLE', 'account_unusable'],
    ['REQUIRED_INTERACTION_NOT_SUPPORTED_BY_APP', 'interaction_not_supported'],
    ['PROTOCOL_FAILURE', 'protocol_failure'],
    ['SERVER_ERROR', 'server_error'],
    ['EXPECTED_LINKED_SESSION', 'expected_linked_session'],
    // Never a success, not even for property names of JavaScript objects.
    ['OK', 'unknown_end_result'],
    ['ok', 'unknown_end_result'],
    ['SOMETHING_NEW', 'unknown_end_result'],
    ['constructor', 'unknown_end_result'],
    ['__proto__', 'unknown_end_result'],
    ['', 'unknown_end_result'],
  ];
  for (const [endResult, code] of table) {
    it(`${endResult || '(empty)'} is ${code}`, () => {
      assert.equal(failureFromEndResult(endResult).code, code);
    });
  }

  it('names the refused interaction, as in RP API v3', () => {
    for (const screen of [
      'displayTextAndPIN',
      'confirmationMessage',
      'confirmationMessageAndVerificationCodeChoice',
    ]) {
      assert.equal(failureFromEndResult('USER_REFUSED_INTERACTION', screen).screen, screen);
    }
  });

  it('names the refused interaction, as in RP API v2', () => {
    const screens = [
      'DISPLAYTEXTANDPIN',
      'VC_CHOICE',
      'CONFIRMATIONMESSAGE',
      'CONFIRMATIONMESSAGE_WITH_VC_CHOICE',
    ].map((name) => failureFromEndResult(`USER_REFUSED_${name}`).screen);
    assert.deepEqual(screens, [
      'displayTextAndPIN',
      'verificationCodeChoice',
      'confirmationMessage',
      'confirmationMessageAndVerificationCodeChoice',
    ]);
  });

  it('names no unknown interaction, and none with another end result', () => {
    assert.equal('screen' in failureFromEndResult('USER_REFUSED_INTERACTION', 'toString'), false);
    assert.equal('screen' in failureFromEndResult('TIMEOUT', 'displayTextAndPIN'), false);
  });

  it('is not quoted if malformed', () => {
    const { detail } = failureFromEndResult('PNOEE-40504040001 said no');
    assert.doesNotMatch(detail, /4050/);
  });
});

describe('a stored failure', () => {
  it('is restored without change', () => {
    for (const failure of [failureFromEndResult('TIMEOUT'), failureFromEndResult('USER_REFUSED_VC_CHOICE')]) {
      assert.deepEqual(failureSchema.parse(JSON.parse(JSON.stringify(failure))), failure);
    }
  });

  it('with an unknown code is refused', () => {
    assert.equal(failureSchema.safeParse({ code: 'fine', detail: '' }).success, false);
  });
});
