import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readProblem } from '../../../src/smart-id/rp-api/problem.ts';

describe('problem details', () => {
  it('yield codes and parameters', () => {
    const body = {
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      errors: [
        { code: 'NO_SUITABLE_ACCOUNT_FOUND', detail: 'No suitable account' },
        { detail: 'wrong', paramName: 'signatureProtocolParameters.rpChallenge', pointer: '/x' },
        { paramName: 'id-etsi-qcs-SemanticsId-Natural' },
      ],
    };
    assert.deepEqual(readProblem(body), {
      codes: ['NO_SUITABLE_ACCOUNT_FOUND'],
      parameters: ['signatureProtocolParameters.rpChallenge', 'id-etsi-qcs-SemanticsId-Natural'],
    });
  });

  it('are empty if the body is missing or unexpected', () => {
    for (const body of [
      undefined,
      null,
      'text',
      7,
      [],
      {},
      { errors: 'x' },
      { errors: [null] },
      { errors: [{ code: 7 }] },
    ]) {
      assert.deepEqual(readProblem(body), { codes: [], parameters: [] });
    }
  });

  it('omit values that may be personal data', () => {
    const errors = [{ code: 'PNOEE-40504040001', paramName: 'PNOEE-40504040001' }, { code: 'x'.repeat(65) }];
    assert.deepEqual(readProblem({ errors }), { codes: [], parameters: [] });
  });
});
