import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import type { FailureCode } from '../../../../src/login/failure.ts';
import { readSessionStatus, sessionStatusSchema } from '../../../../src/smart-id/rp-api/v3/session-status.ts';
import { json, type Respond, rpApiServer } from '../rp-api-server.ts';

const SESSION_ID = '3d32860c-b62d-4716-9992-f6983e678761';

const completed = {
  state: 'COMPLETE',
  result: { endResult: 'OK', documentNumber: 'PNOEE-30001010004-BVFM-Q' },
  signatureProtocol: 'ACSP_V2',
  signature: {
    value: 'Vak2',
    serverRandom: '+wVP2U/SMKVkVrggDjNTXFV/',
    userChallenge: 'TLSjYRH2oYw8tW2bq0it0IUb7WIFkCLgF8NTc7-4Zq4',
    flowType: 'Notification',
    signatureAlgorithm: 'rsassa-pss',
    signatureAlgorithmParameters: {
      hashAlgorithm: 'SHA-512',
      maskGenAlgorithm: { algorithm: 'id-mgf1', parameters: { hashAlgorithm: 'SHA-512' } },
      saltLength: 64,
      trailerField: '0xbc',
    },
  },
  cert: { value: 'MIIF', certificateLevel: 'QUALIFIED' },
  interactionTypeUsed: 'displayTextAndPIN',
};

describe('the session status', () => {
  it('is requested by session ID, as a long poll', async (test) => {
    const { server, answer } = await readFrom(test, (response) => {
      json(response, 200, { state: 'RUNNING' });
    });
    assert.deepEqual(answer, { kind: 'answered', status: { state: 'RUNNING' } });
    const [request] = server.received;
    assert.equal(request?.method, 'GET');
    assert.equal(request.url, `/v3/session/${SESSION_ID}?timeoutMs=2000`);
    assert.equal(request.body, '');
  });

  it('is read completely, without unknown members', async (test) => {
    const { answer } = await readFrom(test, (response) => {
      json(response, 200, { ...completed, deviceIpAddress: '203.0.113.34', ignoredProperties: ['x'] });
    });
    assert.deepEqual(answer, { kind: 'answered', status: completed });
  });

  const statuses: readonly (readonly [number, FailureCode])[] = [
    [400, 'request_malformed'],
    [401, 'relying_party_not_allowed'],
    [403, 'relying_party_not_allowed'],
    [404, 'session_not_found'],
    [480, 'client_too_old'],
    [418, 'service_failed'],
    [302, 'service_failed'],
    [204, 'response_malformed'],
  ];
  for (const [status, code] of statuses) {
    it(`answered with ${status} fails with ${code}`, async (test) => {
      const { answer } = await readFrom(test, (response) => {
        response.writeHead(status, { location: '/' }).end();
      });
      assert.equal(answer.kind === 'failed' && answer.failure.code, code);
    });
  }

  for (const status of [429, 500, 502, 503, 580]) {
    it(`answered with ${status} can be retried`, async (test) => {
      const { answer } = await readFrom(test, (response) => response.writeHead(status).end());
      assert.deepEqual(answer, { kind: 'unanswered', detail: `HTTP ${status}` });
    });
  }

  it('can be retried after a broken connection', async (test) => {
    const { answer } = await readFrom(test, (response) => response.destroy());
    assert.equal(answer.kind, 'unanswered');
  });

  it('that does not match the schema is response_malformed', async (test) => {
    const bodies = ['', 'null', '{', '[]', '{}', '{"state":"DONE"}', '{"state":"COMPLETE","cert":"MIIF"}'];
    for (const body of [...bodies, JSON.stringify({ ...completed, more: 'x'.repeat(65_536) })]) {
      const { answer } = await readFrom(test, (response) => {
        response.writeHead(200, { 'content-type': 'application/json' }).end(body);
      });
      assert.equal(answer.kind === 'failed' && answer.failure.code, 'response_malformed', body.slice(0, 40));
    }
  });

  it('that is malformed is reported by the path, not by the value', async (test) => {
    const { answer } = await readFrom(test, (response) => {
      json(response, 200, { state: 'COMPLETE', result: { endResult: ['PNOEE-40504040001'] } });
    });
    assert.deepEqual(answer, {
      kind: 'failed',
      failure: { code: 'response_malformed', detail: 'schema violation at result.endResult' },
    });
  });

  it('is aborted by the signal', async (test) => {
    const server = await rpApiServer(test, () => undefined);
    const abort = new AbortController();
    const answer = readSessionStatus(server, SESSION_ID, 60_000, abort.signal);
    await server.firstRequest;
    abort.abort();
    assert.deepEqual(await answer, { kind: 'aborted' });
    await server.hungUp;
  });
});

describe('the schema of the session status', () => {
  it('accepts absent members and unknown values, which verification checks', () => {
    for (const status of [
      { state: 'COMPLETE' },
      { state: 'COMPLETE', result: {} },
      { ...completed, signature: {} },
      { ...completed, cert: {}, signatureProtocol: 'ROT13' },
      {
        ...completed,
        signature: { ...completed.signature, signatureAlgorithmParameters: { saltLength: -1.5 } },
      },
    ]) {
      assert.deepEqual(sessionStatusSchema.parse(status), status);
    }
  });

  it('refuses another JSON type for every member', () => {
    for (const status of withEachMemberReplaced(completed)) {
      assert.equal(sessionStatusSchema.safeParse(status).success, false, JSON.stringify(status));
    }
  });

  it('accepts an empty result of a running session, and refuses one with an end result', () => {
    assert.equal(sessionStatusSchema.safeParse({ state: 'RUNNING', result: {} }).success, true);
    for (const endResult of ['OK', 'USER_REFUSED', '', null]) {
      assert.equal(sessionStatusSchema.safeParse({ state: 'RUNNING', result: { endResult } }).success, false);
    }
  });
});

/** Copies of a value. In each of them one member, at any depth, has a value of another JSON type. */
function withEachMemberReplaced(value: object): object[] {
  return Object.entries(value).flatMap(([key, part]: [string, unknown]) => [
    { ...value, [key]: true },
    { ...value, [key]: [part] },
    ...(typeof part === 'object' && part !== null
      ? withEachMemberReplaced(part).map((replaced) => ({ ...value, [key]: replaced }))
      : []),
  ]);
}

async function readFrom(test: TestContext, respond: Respond) {
  const server = await rpApiServer(test, respond);
  return { server, answer: await readSessionStatus(server, SESSION_ID, 2_000) };
}
