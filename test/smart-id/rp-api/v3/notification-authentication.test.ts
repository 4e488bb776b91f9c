import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { FailureCode } from '../../../../src/login/failure.ts';
import { createNotificationAuthentication } from '../../../../src/smart-id/rp-api/v3/notification-authentication.ts';
import { json, type Respond, rpApiServer } from '../rp-api-server.ts';

const IDENTIFIER = 'PNOLV-030303-10004';
const RELYING_PARTY_UUID = '00000000-0000-4000-8000-000000000000';
const SESSION_ID = '56e1c1d0-dc07-4c71-890b-6200856b8c75';

const session = {
  schemeName: 'smart-id-demo',
  relyingPartyName: 'DEMO',
  rpChallenge: 'GYS+yoah6emAcVDNIajwSs6UB/M95XrDxMzXBUkwQJ9YFDipXXzGpPc7raWcuc2+TEoRc7WvIZ/7dU/iRXenYg==',
  hashAlgorithm: 'SHA-512',
  certificateLevel: 'QUALIFIED',
  interactions: 'W10=',
  flows: ['notification'],
  expectedIdentifier: IDENTIFIER,
} as const;

describe('a notification session', () => {
  it('is requested with exactly the members of SK’s schema', async (test) => {
    const { server, result } = await create(test, (response) => {
      json(response, 200, { sessionID: SESSION_ID });
    });
    assert.deepEqual(result, { kind: 'created', created: { sessionID: SESSION_ID } });
    const [sent] = server.received;
    assert.equal(sent?.method, 'POST');
    assert.equal(sent.url, `/v3/authentication/notification/etsi/${IDENTIFIER}`);
    assert.equal(sent.contentType, 'application/json');
    assert.deepEqual(JSON.parse(sent.body), {
      relyingPartyUUID: RELYING_PARTY_UUID,
      relyingPartyName: 'DEMO',
      certificateLevel: 'QUALIFIED',
      signatureProtocol: 'ACSP_V2',
      signatureProtocolParameters: {
        rpChallenge: session.rpChallenge,
        signatureAlgorithm: 'rsassa-pss',
        signatureAlgorithmParameters: { hashAlgorithm: 'SHA-512' },
      },
      interactions: 'W10=',
      vcType: 'numeric4',
    });
  });

  it('is requested for the expected account', async (test) => {
    const server = await rpApiServer(test, (response) => {
      json(response, 200, { sessionID: SESSION_ID });
    });
    await request(server, { ...session, expectedDocumentNumber: `${IDENTIFIER}-MOCK-Q` });
    assert.equal(server.received[0]?.url, `/v3/authentication/notification/document/${IDENTIFIER}-MOCK-Q`);
  });

  it('is not requested without an expected person or account', async (test) => {
    const { expectedIdentifier: _, ...anonymous } = session;
    const server = await rpApiServer(test, () => undefined);
    assert.throws(() => void request(server, anonymous), TypeError);
    assert.equal(server.received.length, 0);
  });

  it('ignores unknown members of the response', async (test) => {
    const { result } = await create(test, (response) => {
      json(response, 200, { sessionID: SESSION_ID, vc: { type: 'numeric4', value: '0000' }, new: null });
    });
    assert.deepEqual(result, { kind: 'created', created: { sessionID: SESSION_ID } });
  });

  const statuses: readonly (readonly [number, FailureCode])[] = [
    [400, 'request_malformed'],
    [401, 'relying_party_not_allowed'],
    [403, 'relying_party_not_allowed'],
    [404, 'account_not_found'],
    [471, 'account_not_suitable'],
    [472, 'attention_required'],
    [480, 'client_too_old'],
    [580, 'maintenance'],
    [500, 'service_failed'],
    [503, 'service_failed'],
    [418, 'service_failed'],
    [302, 'service_failed'],
    [201, 'response_malformed'],
  ];
  for (const [status, code] of statuses) {
    it(`answered with ${status} fails with ${code} after one request`, async (test) => {
      const { server, result } = await create(test, (response) => {
        response.writeHead(status, { location: '/v3/elsewhere' }).end();
      });
      assert.equal(failureOf(result).code, code);
      assert.equal(server.received.length, 1);
    });
  }

  it('answered with 404 and NO_SUITABLE_ACCOUNT_FOUND fails with account_not_suitable', async (test) => {
    const { result } = await create(test, (response) => {
      response.writeHead(404, { 'content-type': 'application/problem+json' }).end(
        JSON.stringify({
          status: 404,
          errors: [{ code: 'NO_SUITABLE_ACCOUNT_FOUND', detail: IDENTIFIER }],
        }),
      );
    });
    assert.deepEqual(result, {
      kind: 'failed',
      failure: { code: 'account_not_suitable', detail: 'HTTP 404 NO_SUITABLE_ACCOUNT_FOUND' },
    });
  });

  it('answered without a valid session ID fails with response_malformed', async (test) => {
    const bodies = [
      '',
      'null',
      '{}',
      '{"sessionID":7}',
      '{"sessionID":""}',
      '{"sessionID":".."}',
      '{"sessionID":',
      '[]',
    ];
    for (const body of [...bodies, JSON.stringify({ sessionID: SESSION_ID, more: 'x'.repeat(65_536) })]) {
      const { result } = await create(test, (response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(body);
      });
      assert.equal(failureOf(result).code, 'response_malformed');
    }
  });

  it('is requested exactly once even if the connection breaks', async (test) => {
    const breaks: Respond[] = [
      (response) => response.destroy(),
      (response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).write('{', () => response.destroy()),
    ];
    for (const respond of breaks) {
      const { server, result } = await create(test, respond);
      assert.equal(failureOf(result).code, 'service_failed');
      assert.equal(server.received.length, 1);
    }
  });

  it('is requested exactly once even if a kept-alive connection breaks', async (test) => {
    const server = await rpApiServer(test, (response, _request, count) => {
      if (count === 1) json(response, 200, { sessionID: SESSION_ID });
      else response.destroy();
    });
    assert.equal((await request(server)).kind, 'created');
    assert.equal(failureOf(await request(server)).code, 'service_failed');
    assert.equal(server.received.length, 2);
  });

  it('fails without personal data in the detail, even if the response contains it', async (test) => {
    const answers: Respond[] = [
      (response) => response.destroy(),
      (response) => response.writeHead(302, { location: IDENTIFIER }).end(),
      (response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(IDENTIFIER),
      (response) => {
        json(response, 200, { sessionID: IDENTIFIER });
      },
      (response) => {
        json(response, 400, {
          title: IDENTIFIER,
          detail: IDENTIFIER,
          instance: IDENTIFIER,
          errors: [{ code: IDENTIFIER, detail: IDENTIFIER, paramName: IDENTIFIER, pointer: IDENTIFIER }],
        });
      },
    ];
    for (const respond of answers) {
      const { result } = await create(test, respond);
      assert.doesNotMatch(failureOf(result).detail, /030303/);
    }
  });
});

type Created = Awaited<ReturnType<typeof createNotificationAuthentication>>;

async function create(test: TestContext, respond: Respond) {
  const server = await rpApiServer(test, respond);
  return { server, result: await request(server) };
}

function request(
  server: Awaited<ReturnType<typeof rpApiServer>>,
  requested: Parameters<typeof createNotificationAuthentication>[2] = session,
): Promise<Created> {
  return createNotificationAuthentication(server, RELYING_PARTY_UUID, requested);
}

function failureOf(result: Created) {
  assert.ok(result.kind === 'failed');
  return result.failure;
}
