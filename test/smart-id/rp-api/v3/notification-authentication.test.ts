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

describe('a notification authentication', () => {
  it('is asked for as SK’s schema says, and no more', async (test) => {
    const { server, result } = await create(test, (response) => {
      json(response, 200, { sessionID: SESSION_ID });
    });
    assert.deepEqual(result, { kind: 'created', created: { sessionID: SESSION_ID } });
    const [request] = server.received;
    assert.equal(request?.method, 'POST');
    assert.equal(request.url, `/v3/authentication/notification/etsi/${IDENTIFIER}`);
    assert.equal(request.contentType, 'application/json');
    assert.deepEqual(JSON.parse(request.body), {
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

  it('goes to one account where that is expected', async (test) => {
    const server = await rpApiServer(test, (response) => {
      json(response, 200, { sessionID: SESSION_ID });
    });
    await ask(server, { ...session, expectedDocumentNumber: `${IDENTIFIER}-MOCK-Q` });
    assert.equal(server.received[0]?.url, `/v3/authentication/notification/document/${IDENTIFIER}-MOCK-Q`);
  });

  it('goes to nobody where nobody is expected', async (test) => {
    const { expectedIdentifier: _, ...anybody } = session;
    const server = await rpApiServer(test, () => undefined);
    assert.throws(() => void ask(server, anybody), TypeError);
    assert.equal(server.received.length, 0);
  });

  it('ignores fields of the answer that it does not know', async (test) => {
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
    it(`answered with ${status} is ${code}, and asked once`, async (test) => {
      const { server, result } = await create(test, (response) => {
        response.writeHead(status, { location: '/v3/elsewhere' }).end();
      });
      assert.equal(failureOf(result).code, code);
      assert.equal(server.received.length, 1);
    });
  }

  it('answered with 404 and NO_SUITABLE_ACCOUNT_FOUND is account_not_suitable', async (test) => {
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

  it('answered without a usable session is response_malformed', async (test) => {
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

  it('is asked for exactly once when the connection breaks', async (test) => {
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

  it('is asked for exactly once when a kept connection breaks', async (test) => {
    const server = await rpApiServer(test, (response, _request, count) => {
      if (count === 1) json(response, 200, { sessionID: SESSION_ID });
      else response.destroy();
    });
    assert.equal((await ask(server)).kind, 'created');
    assert.equal(failureOf(await ask(server)).code, 'service_failed');
    assert.equal(server.received.length, 2);
  });

  it('says nothing of the person when it fails, even when Smart-ID does', async (test) => {
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
  return { server, result: await ask(server) };
}

function ask(
  server: Awaited<ReturnType<typeof rpApiServer>>,
  asked: Parameters<typeof createNotificationAuthentication>[2] = session,
): Promise<Created> {
  return createNotificationAuthentication(server, RELYING_PARTY_UUID, asked);
}

function failureOf(result: Created) {
  assert.ok(result.kind === 'failed');
  return result.failure;
}
