import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createAccounts } from '../../../src/simulator/accounts/accounts.ts';
import {
  DEVICE_LINK_DOCUMENTS,
  NOTIFICATION_DOCUMENTS,
} from '../../../src/simulator/accounts/test-documents.ts';
import { Problem } from '../../../src/simulator/problem.ts';
import { readNotificationRequest } from '../../../src/simulator/rp-api/request-validation.ts';
import { requireAccount } from '../../../src/simulator/rp-api/rp-api.ts';
import {
  assertSigned,
  authenticate,
  certificateOf,
  createDeviceLinkSession,
  createSession,
  post,
  problem,
  type RequestBody,
  requestBody,
  startTestSimulator,
  status,
} from '../relying-party.ts';

const BASIC = ['PNOLT-40504049999', 'PNOLT-49912318881', 'PNOLV-311299-18886', 'PNOLV-050404-19993'];

describe('SK’s test documents', async () => {
  const simulator = await startTestSimulator();
  const create = async (path: string, body: RequestBody) => {
    const response = await post(simulator, path, body);
    assert.equal(response.status, 200, path);
    return ((await response.json()) as { sessionID: string }).sessionID;
  };

  it('are all of those that SK publishes', () => {
    assert.deepEqual([NOTIFICATION_DOCUMENTS.length, DEVICE_LINK_DOCUMENTS.length], [56, 11]);
  });

  for (const { documentNumber, publishedAs, endResult, interaction } of NOTIFICATION_DOCUMENTS) {
    const identifier = documentNumber.replace(/-(?:DEMO|MOCK)-N?Q$/, '');
    const level = documentNumber.endsWith('-NQ') ? 'ADVANCED' : 'QUALIFIED';
    it(`${documentNumber} answers a notification with ${endResult}, by number and by identifier`, async () => {
      for (const path of [
        `document/${documentNumber}`,
        `etsi/${identifier}`,
        ...(publishedAs === undefined ? [] : [`document/${publishedAs}`]),
      ]) {
        const body = requestBody({ certificateLevel: level });
        const completed = await status(simulator, await create(path, body));
        if (endResult !== 'OK') {
          const details = interaction === undefined ? {} : { details: { interaction } };
          assert.deepEqual(completed, { state: 'COMPLETE', result: { endResult, ...details } }, path);
          continue;
        }
        assert.deepEqual(completed.result, { endResult, documentNumber }, path);
        assert.equal(completed.cert?.certificateLevel, level);
        assertSigned(simulator, body, completed, 'sha512');
        const certificate = certificateOf(completed);
        assert.ok(certificate.subject.split('\n').includes(`serialNumber=${identifier}`));
        assert.ok(certificate.subjectAltName?.endsWith(documentNumber));
      }
    });
  }

  for (const { documentNumber } of DEVICE_LINK_DOCUMENTS) {
    it(`${documentNumber} can be asked by device link, by number and by identifier`, async () => {
      const identifier = documentNumber.replace(/-(?:DEMO|MOCK)-N?Q$/, '');
      for (const path of [`document/${documentNumber}`, `etsi/${identifier}`])
        await createDeviceLinkSession(simulator, { path, certificateLevel: 'ADVANCED' });
    });
  }
});

describe('a person with several documents', async () => {
  const simulator = await startTestSimulator();
  const OTHERS = [
    ['PNOEE-39901012239-MOCK-Q', 'PNOEE-39901012239-DEMO-Q'],
    ['PNOLT-39901012239-DEMO-Q', 'PNOLT-39901012239-MOCK-Q'],
    ['PNOLV-030303-10215-MOCK-Q', 'PNOLV-030303-10215-DEMO-Q'],
    ['PNOBE-99010199987-DEMO-Q', 'PNOBE-99010199987-MOCK-Q'],
  ] as const;

  it('answers with the document that was asked, each with its own certificate', async () => {
    for (const documents of OTHERS) {
      const fingerprints = new Set<string>();
      for (const documentNumber of documents) {
        const response = await post(simulator, `document/${documentNumber}`, requestBody());
        const { sessionID } = (await response.json()) as { sessionID: string };
        const completed = await status(simulator, sessionID);
        assert.deepEqual(completed.result, { endResult: 'OK', documentNumber });
        assert.ok(certificateOf(completed).subjectAltName?.endsWith(documentNumber));
        fingerprints.add(certificateOf(completed).fingerprint256);
      }
      assert.equal(fingerprints.size, 2);
    }
  });

  it('answers by identifier with the first suitable document', () => {
    const accounts = createAccounts();
    const [first] = accounts.ofPerson('PNOEE-39901012239');
    assert.equal(first?.documentNumber, OTHERS[0][0]);
    assert.ok(first);
    const basic = { ...first, identifier: 'PASEE-K0307657', level: 'ADVANCED' } as const;
    const other = { ...basic, documentNumber: 'PASEE-K0307657-DEMO-Q', level: 'QUALIFIED' } as const;
    assert.ok(accounts.add({ ...basic, documentNumber: 'PASEE-K0307657-DEMO-NQ' }) && accounts.add(other));
    const found = accounts.ofPerson('PASEE-K0307657');
    const request = readNotificationRequest(requestBody(), { advanced: false });
    assert.equal(
      requireAccount(found, request, () => new Problem(471)),
      other,
    );
  });
});

describe('the automated accounts', async () => {
  const simulator = await startTestSimulator();

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
    for (const path of [`etsi/${BASIC[0]}`, `document/${BASIC[0]}-MOCK-NQ`]) {
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
      assert.equal(completed.result.endResult, 'OK');
      assert.match(completed.result.documentNumber ?? '', new RegExp(`^${identifier}-(?:DEMO|MOCK)-NQ$`));
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
