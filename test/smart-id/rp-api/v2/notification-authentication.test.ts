import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it, type TestContext } from 'node:test';
import type { FailureCode } from '../../../../src/login/failure.ts';
import { createNotificationAuthenticationV2 } from '../../../../src/smart-id/rp-api/v2/notification-authentication.ts';
import { json, type Respond, rpApiServer } from '../rp-api-server.ts';

const IDENTIFIER = 'PNOEE-40504040001';
const RELYING_PARTY_UUID = '00000000-0000-4000-8000-000000000000';
const SESSION_ID = '56e1c1d0-dc07-4c71-890b-6200856b8c75';
const INTERACTIONS = [
  { type: 'verificationCodeChoice', displayText60: 'Log in to Sample app' },
  { type: 'displayTextAndPIN', displayText60: 'Log in to Sample app' },
];

const session = {
  schemeName: 'smart-id-demo',
  relyingPartyName: 'DEMO',
  rpChallenge: Buffer.alloc(64, 7).toString('base64'),
  hashAlgorithm: 'SHA-512',
  certificateLevel: 'QUALIFIED',
  interactions: Buffer.from(JSON.stringify(INTERACTIONS)).toString('base64'),
  flows: ['notification'],
  expectedIdentifier: IDENTIFIER,
} as const;

describe('a notification session of RP API v2', () => {
  for (const [hashAlgorithm, hashType] of [
    ['SHA-256', 'SHA256'],
    ['SHA-384', 'SHA384'],
    ['SHA-512', 'SHA512'],
  ] as const) {
    it(`is requested with the ${hashType} of the challenge, which is not sent`, async (test) => {
      const { server, result } = await create(test, created, { hashAlgorithm });
      assert.deepEqual(result, { kind: 'created', created: { sessionID: SESSION_ID } });
      const [request] = server.received;
      assert.equal(request?.method, 'POST');
      assert.equal(request.url, `/v3/authentication/etsi/${IDENTIFIER}`);
      assert.deepEqual(JSON.parse(request.body), {
        relyingPartyUUID: RELYING_PARTY_UUID,
        relyingPartyName: 'DEMO',
        certificateLevel: 'QUALIFIED',
        hash: createHash(hashType).update(Buffer.alloc(64, 7)).digest('base64'),
        hashType,
        allowedInteractionsOrder: INTERACTIONS,
      });
    });
  }

  it('is requested for the expected account', async (test) => {
    const { server } = await create(test, created, { expectedDocumentNumber: `${IDENTIFIER}-MOCK-Q` });
    assert.equal(server.received[0]?.url, `/v3/authentication/document/${IDENTIFIER}-MOCK-Q`);
  });

  it('is not requested with a hash that v2 does not support', async (test) => {
    const server = await rpApiServer(test, created);
    const requested = { ...session, hashAlgorithm: 'SHA3-512' } as const;
    assert.throws(
      () => void createNotificationAuthenticationV2(server, RELYING_PARTY_UUID, requested),
      TypeError,
    );
    assert.equal(server.received.length, 0);
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
  ];
  for (const [status, code] of statuses) {
    it(`answered with ${status} fails with ${code} after one request`, async (test) => {
      const { server, result } = await create(test, (response) => {
        json(response, status, { code: status, message: `no ${IDENTIFIER}` });
      });
      assert.ok(result.kind === 'failed');
      assert.deepEqual(result.failure, { code, detail: `HTTP ${status}` });
      assert.equal(server.received.length, 1);
    });
  }

  it('answered without a valid session ID fails with response_malformed', async (test) => {
    for (const body of [{}, { sessionID: '..' }, null]) {
      const { result } = await create(test, (response) => {
        json(response, 200, body);
      });
      assert.equal(result.kind === 'failed' && result.failure.code, 'response_malformed');
    }
  });
});

const created: Respond = (response) => {
  json(response, 200, { sessionID: SESSION_ID });
};

async function create(
  test: TestContext,
  respond: Respond,
  changes: Partial<Parameters<typeof createNotificationAuthenticationV2>[2]> = {},
) {
  const server = await rpApiServer(test, respond);
  const requested = { ...session, ...changes };
  return { server, result: await createNotificationAuthenticationV2(server, RELYING_PARTY_UUID, requested) };
}
