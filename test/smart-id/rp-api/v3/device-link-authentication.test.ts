import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { createDeviceLinkAuthentication } from '../../../../src/smart-id/rp-api/v3/device-link-authentication.ts';
import { json, type Respond, rpApiServer } from '../rp-api-server.ts';

const RELYING_PARTY_UUID = '00000000-0000-4000-8000-000000000000';
const CALLBACK = 'https://login.example.ee/callback/smart-id?value=x';
const CREATED = {
  sessionID: '56e1c1d0-dc07-4c71-890b-6200856b8c75',
  sessionToken: 'wGIrqveE6AuGDATZKmR1mtAZ',
  sessionSecret: 'B98ODiVCebRedSwdTk51zFSaGYyHtY1H2A0ocAi3/Ps=',
  deviceLinkBase: 'https://smart-id.com/device-link',
};
const session = {
  schemeName: 'smart-id-demo',
  relyingPartyName: 'DEMO',
  rpChallenge: 'GYS+yoah6emAcVDNIajwSs6UB/M95XrDxMzXBUkwQJ9YFDipXXzGpPc7raWcuc2+TEoRc7WvIZ/7dU/iRXenYg==',
  hashAlgorithm: 'SHA-512',
  certificateLevel: 'QUALIFIED',
  interactions: 'W10=',
  flows: ['qr', 'web2app'],
} as const;

describe('a device-link session', () => {
  it('is requested with exactly the members of SK’s schema', async (test) => {
    const { server, result } = await create(test, (response) => {
      json(response, 200, CREATED);
    });
    assert.deepEqual(result, { kind: 'created', created: CREATED });
    const [request] = server.received;
    assert.equal(request?.method, 'POST');
    assert.equal(request.url, '/v3/authentication/device-link/anonymous');
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
      initialCallbackUrl: CALLBACK,
    });
  });

  it('is requested for the expected person, if there is one', async (test) => {
    const { server } = await create(
      test,
      (response) => {
        json(response, 200, CREATED);
      },
      'PNOEE-40504040001',
    );
    assert.equal(server.received[0]?.url, '/v3/authentication/device-link/etsi/PNOEE-40504040001');
  });

  it('accepts the simulator’s base URL on localhost', async (test) => {
    const deviceLinkBase = 'http://localhost:3001/device-link';
    const { result } = await create(test, (response) => {
      json(response, 200, { ...CREATED, deviceLinkBase });
    });
    assert.equal(result.kind, 'created');
  });

  const malformed: Record<string, Record<string, unknown>> = {
    'no session ID': { sessionID: undefined },
    'a session ID that is not a UUID': { sessionID: '..' },
    'no token': { sessionToken: undefined },
    'a short token': { sessionToken: 'x'.repeat(23) },
    'a token that would add a parameter': { sessionToken: `${'x'.repeat(24)}&lang=est` },
    'a token that would add a signed field': { sessionToken: `${'x'.repeat(24)}|x` },
    'no secret': { sessionSecret: undefined },
    'an empty secret': { sessionSecret: '' },
    'a secret that is not Base64': { sessionSecret: '%'.repeat(44) },
    'no base': { deviceLinkBase: undefined },
    'a script as the base': { deviceLinkBase: 'javascript:alert(1)//' },
    'plain http as the base': { deviceLinkBase: 'http://smart-id.com/device-link' },
    'a base with a query': { deviceLinkBase: 'https://smart-id.com/device-link?x=1' },
    'a base with a fragment': { deviceLinkBase: 'https://smart-id.com/device-link#x' },
    'a base with credentials': { deviceLinkBase: 'https://user@smart-id.com/device-link' },
    'a base with markup': { deviceLinkBase: 'https://smart-id.com/"><script>' },
  };
  for (const [title, part] of Object.entries(malformed)) {
    it(`answered with ${title} fails with response_malformed`, async (test) => {
      const { result } = await create(test, (response) => {
        json(response, 200, { ...CREATED, ...part });
      });
      assert.ok(result.kind === 'failed');
      assert.equal(result.failure.code, 'response_malformed');
      assert.doesNotMatch(result.failure.detail, /wGIrqve|B98ODi|script|smart-id\.com/);
    });
  }

  it('is requested exactly once even if the connection breaks', async (test) => {
    const { server, result } = await create(test, (response) => response.destroy());
    assert.equal(result.kind === 'failed' && result.failure.code, 'service_failed');
    assert.equal(server.received.length, 1);
  });

  it('answered with 580 fails with maintenance', async (test) => {
    const { result } = await create(test, (response) => response.writeHead(580).end());
    assert.equal(result.kind === 'failed' && result.failure.code, 'maintenance');
  });
});

async function create(test: TestContext, respond: Respond, expectedIdentifier?: string) {
  const server = await rpApiServer(test, respond);
  const requested = { ...session, ...(expectedIdentifier === undefined ? {} : { expectedIdentifier }) };
  return {
    server,
    result: await createDeviceLinkAuthentication(server, RELYING_PARTY_UUID, requested, CALLBACK),
  };
}
