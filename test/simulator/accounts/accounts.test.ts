import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  assertSigned,
  authenticate,
  certificateOf,
  createSession,
  post,
  problem,
  requestBody,
  startTestSimulator,
} from '../relying-party.ts';

const BASIC = ['PNOLT-40504049999', 'PNOLT-49912318881', 'PNOLV-311299-18886', 'PNOLV-050404-19993'];

describe('the automated accounts', async () => {
  const simulator = await startTestSimulator();

  for (const identifier of [
    'PNOEE-40504040001',
    'PNOEE-50001029996',
    'PNOEE-39901012239',
    'PNOLT-40504040001',
    'PNOLT-50001029996',
    'PNOLT-30303039914',
    'PNOLV-050405-10009',
    'PNOLV-020100-29990',
    'PNOLV-030303-10004',
    'PNOLV-311299-19993',
    'PNOLV-329999-99901',
    'PNOLV-329999-99709',
    'PNOLV-320000-10003',
    'PNOBE-05040400032',
    'PNOBE-00010299944',
    'PNOEE-61101012257',
    'PNOLT-61101012257',
    'PNOLV-010111-23474',
  ]) {
    it(`log ${identifier} in`, async () => {
      const body = requestBody();
      const completed = await authenticate(simulator, identifier, body);
      assert.deepEqual(completed.result, { endResult: 'OK', documentNumber: `${identifier}-DEMO-Q` });
      assertSigned(simulator, body, completed, 'sha512');
      assert.ok(certificateOf(completed).subject.split('\n').includes(`serialNumber=${identifier}`));
    });
  }

  const failures: [endResult: string, interaction: string | undefined, codes: [string, string, string]][] = [
    ['USER_REFUSED', undefined, ['30403039917', '030403-10016', '00010238349']],
    ['USER_REFUSED_INTERACTION', 'displayTextAndPIN', ['30403039928', '030403-10024', '00010267350']],
    ['USER_REFUSED_INTERACTION', 'verificationCodeChoice', ['30403039939', '030403-10032', '00010266756']],
    ['USER_REFUSED_INTERACTION', 'confirmationMessage', ['30403039946', '030403-10040', '00010232708']],
    [
      'USER_REFUSED_INTERACTION',
      'confirmationMessageAndVerificationCodeChoice',
      ['30403039950', '030403-10059', '00010211724'],
    ],
    ['WRONG_VC', undefined, ['30403039972', '030403-10075', '00010216276']],
    ['TIMEOUT', undefined, ['30403039983', '030403-10083', '00010220335']],
  ];
  for (const [endResult, interaction, [code, latvian, belgian]] of failures) {
    it(`answer ${endResult}${interaction === undefined ? '' : ` on ${interaction}`}without a signature`, async () => {
      const result = interaction === undefined ? { endResult } : { endResult, details: { interaction } };
      for (const identifier of [`PNOEE-${code}`, `PNOLT-${code}`, `PNOLV-${latvian}`, `PNOBE-${belgian}`]) {
        assert.deepEqual(await authenticate(simulator, identifier), { state: 'COMPLETE', result });
      }
    });
  }

  it('fail on the service’s side as shown on the page', async () => {
    for (const [code, endResult] of [
      ['39909096017', 'ACCOUNT_UNUSABLE'],
      ['39909096028', 'DOCUMENT_UNUSABLE'],
      ['39909096039', 'REQUIRED_INTERACTION_NOT_SUPPORTED_BY_APP'],
      ['39909096040', 'PROTOCOL_FAILURE'],
      ['39909096050', 'SERVER_ERROR'],
      ['39909096061', 'EXPECTED_LINKED_SESSION'],
      ['39909096072', 'USER_REFUSED_CERT_CHOICE'],
    ] as const) {
      const completed = await authenticate(simulator, `PNOEE-${code}`);
      assert.deepEqual(completed, { state: 'COMPLETE', result: { endResult } });
    }
  });

  it('are refused with an HTTP status without an error code', async () => {
    for (const [code, expected] of [
      ['39909094012', 401],
      ['39909094034', 403],
      ['39909094045', 404],
      ['39909094720', 472],
      ['39909094807', 480],
      ['39909095009', 500],
      ['39909095804', 580],
    ] as const) {
      const response = await post(simulator, `etsi/PNOEE-${code}`, requestBody());
      assert.equal(response.status, expected);
      assert.equal((await problem(response)).errors, undefined);
    }
  });

  it('answer only after the delay', async () => {
    const slow = await startTestSimulator({ answerDelayMs: 1_500 });
    const id = await createSession(slow, 'PNOEE-40504040001');
    const at = Date.now();
    const response = await fetch(`${slow.baseUrl}session/${id}?timeoutMs=1000`);
    assert.deepEqual(await response.json(), { state: 'RUNNING' });
    await fetch(`${slow.baseUrl}session/${id}?timeoutMs=10000`);
    assert.ok(Date.now() - at >= 1_300);
  });
});

describe('a person with only a Smart-ID Basic account', async () => {
  const simulator = await startTestSimulator();
  const older = await startTestSimulator({ answersLike: '3.1' });

  for (const identifier of BASIC) {
    it(`${identifier} is not suitable for a QUALIFIED request: 404 with a code`, async () => {
      const response = await post(simulator, `etsi/${identifier}`, requestBody());
      assert.equal(response.status, 404);
      const { errors } = await problem(response);
      assert.deepEqual(
        errors?.map(({ code }) => code),
        ['NO_SUITABLE_ACCOUNT_FOUND'],
      );
    });
  }

  it('is refused with 471 if the service imitates RP API 3.1', async () => {
    for (const path of [`etsi/${BASIC[0]}`, `document/${BASIC[0]}-DEMO-NQ`]) {
      const response = await post(older, path, requestBody());
      assert.equal(response.status, 471);
      assert.equal((await problem(response)).errors, undefined);
    }
  });

  it('is not suitable for a request without a level, since QUALIFIED is the default', async () => {
    const response = await post(simulator, `etsi/${BASIC[0]}`, requestBody({ certificateLevel: undefined }));
    assert.equal(response.status, 404);
  });

  it('logs in with a non-qualified certificate if ADVANCED is enough', async () => {
    const body = requestBody({ certificateLevel: 'ADVANCED' });
    for (const identifier of BASIC) {
      const completed = await authenticate(simulator, identifier, body);
      assert.deepEqual(completed.result, { endResult: 'OK', documentNumber: `${identifier}-DEMO-NQ` });
      assert.equal(completed.cert?.certificateLevel, 'ADVANCED');
      assert.match(certificateOf(completed).issuer, /EID-NQ/);
      assertSigned(simulator, body, completed, 'sha512');
    }
  });
});

describe('accounts by document number and by identifier', async () => {
  const simulator = await startTestSimulator();

  it('log in by document number', async () => {
    const response = await post(simulator, 'document/PNOEE-40504040001-DEMO-Q', requestBody());
    assert.equal(response.status, 200);
  });

  it('have a qualified certificate even if ADVANCED is enough', async () => {
    const completed = await authenticate(
      simulator,
      'PNOEE-40504040001',
      requestBody({ certificateLevel: 'ADVANCED' }),
    );
    assert.equal(completed.cert?.certificateLevel, 'QUALIFIED');
  });

  it('are not found by a wrong suffix, without a suffix or by a malformed number', async () => {
    for (const number of [
      'PNOEE-40504040001-DEMO-NQ',
      'PNOLT-40504049999-DEMO-Q',
      'PNOEE-40504040001-ABCD-Q',
      'PNOEE-40504040001',
      'nonsense',
    ]) {
      assert.equal((await post(simulator, `document/${number}`, requestBody())).status, 404, number);
    }
  });

  it('are on the virtual phone for any other code, even with a wrong check digit', async () => {
    for (const identifier of [
      'PNOEE-12345678901',
      'PNOLT-12345678901',
      'PNOBE-12345678901',
      'PNOLV-123456-78901',
      'PNOLV-321234-56789',
    ]) {
      await createSession(simulator, identifier);
    }
  });

  it('do not exist for other countries, other identity types and other notations', async () => {
    for (const identifier of [
      'PNOFI-131052308T',
      'PASEE-K0307657',
      'PNOLV-12345678901',
      'PNOEE-4710101003',
      'PNOEE-471010100333',
    ]) {
      assert.equal((await post(simulator, `etsi/${identifier}`, requestBody())).status, 404, identifier);
    }
  });
});
