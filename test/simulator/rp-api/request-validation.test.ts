import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  authenticate,
  encode,
  post,
  problem,
  pss,
  requestBody,
  requestWith,
  startTestSimulator,
} from '../relying-party.ts';

const PERSON = 'etsi/PNOEE-40504040001';
const text60 = { type: 'displayTextAndPIN', displayText60: 'Log in' };
const text200 = { type: 'confirmationMessage', displayText200: 'Log in' };

function withParameters(changes: Record<string, unknown>): Record<string, unknown> {
  return { signatureProtocolParameters: { ...pss('SHA-512'), ...changes } };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

describe('an authentication request', async () => {
  const simulator = await startTestSimulator();

  const invalid: [defect: string, pointer: string, changes: Record<string, unknown>][] = [
    ['without a UUID', '/relyingPartyUUID', { relyingPartyUUID: undefined }],
    ['with something else than a UUID', '/relyingPartyUUID', { relyingPartyUUID: 'DEMO' }],
    ['without a name', '/relyingPartyName', { relyingPartyName: undefined }],
    ['with an empty name', '/relyingPartyName', { relyingPartyName: '' }],
    ['with a name of 33 bytes', '/relyingPartyName', { relyingPartyName: `${'Õ'.repeat(16)}x` }],
    ['with an unknown level', '/certificateLevel', { certificateLevel: 'QSCD' }],
    ['without a signature protocol', '/signatureProtocol', { signatureProtocol: undefined }],
    ['with another signature protocol', '/signatureProtocol', { signatureProtocol: 'RAW_DIGEST_SIGNATURE' }],
    ['without parameters', '/signatureProtocolParameters', { signatureProtocolParameters: undefined }],
    [
      'without a challenge',
      '/signatureProtocolParameters/rpChallenge',
      withParameters({ rpChallenge: undefined }),
    ],
    [
      'with a challenge of 31 bytes',
      '/signatureProtocolParameters/rpChallenge',
      withParameters({ rpChallenge: randomBytes(31).toString('base64').padEnd(44, 'A') + '=' }),
    ],
    [
      'with a challenge of 30 bytes',
      '/signatureProtocolParameters/rpChallenge',
      withParameters({ rpChallenge: randomBytes(30).toString('base64') }),
    ],
    [
      'with a challenge of 65 bytes',
      '/signatureProtocolParameters/rpChallenge',
      withParameters({ rpChallenge: randomBytes(65).toString('base64') }),
    ],
    [
      'with a challenge of 67 bytes',
      '/signatureProtocolParameters/rpChallenge',
      withParameters({ rpChallenge: randomBytes(67).toString('base64') }),
    ],
    [
      'with a challenge in the URL alphabet',
      '/signatureProtocolParameters/rpChallenge',
      withParameters({ rpChallenge: Buffer.alloc(64, 0xff).toString('base64url') }),
    ],
    [
      'with an unknown signature algorithm',
      '/signatureProtocolParameters/signatureAlgorithm',
      withParameters({ signatureAlgorithm: 'ecdsa' }),
    ],
    [
      'without a hash algorithm',
      '/signatureProtocolParameters/signatureAlgorithmParameters',
      withParameters({ signatureAlgorithmParameters: undefined }),
    ],
    [
      'with an unknown hash algorithm',
      '/signatureProtocolParameters/signatureAlgorithmParameters/hashAlgorithm',
      withParameters({ signatureAlgorithmParameters: { hashAlgorithm: 'SHA-1' } }),
    ],
    ['without a code type', '/vcType', { vcType: undefined }],
    ['with another code type', '/vcType', { vcType: 'alphaNumeric4' }],
    [
      'with request properties of another type',
      '/requestProperties/shareMdClientIpAddress',
      { requestProperties: { shareMdClientIpAddress: 'yes' } },
    ],
    ...[
      'relyingPartyUUID',
      'relyingPartyName',
      'certificateLevel',
      'signatureProtocol',
      'signatureProtocolParameters',
      'interactions',
      'requestProperties',
      'capabilities',
      'vcType',
    ].map((name): [string, string, Record<string, unknown>] => [
      `with null as ${name}`,
      `/${name}`,
      { [name]: null },
    ]),
    [
      'with null as parameters of an algorithm that needs none',
      '/signatureProtocolParameters/signatureAlgorithmParameters',
      withParameters({ signatureAlgorithm: 'sha512WithRSAEncryption', signatureAlgorithmParameters: null }),
    ],
    [
      'with null as a request property',
      '/requestProperties/shareMdClientIpAddress',
      { requestProperties: { shareMdClientIpAddress: null } },
    ],
    ['with capabilities of another type', '/capabilities', { capabilities: 'QUALIFIED' }],
    ['without interactions', '/interactions', { interactions: undefined }],
    ['with interactions as JSON', '/interactions', { interactions: [text60] }],
    ['with interactions that are not Base64', '/interactions', { interactions: 'a'.repeat(5) }],
    ['with interactions that are not JSON', '/interactions', { interactions: base64('hello') }],
    [
      'with interactions that are not UTF-8',
      '/interactions',
      { interactions: Buffer.from([0x5b, 0xff]).toString('base64') },
    ],
    ['with one interaction outside a list', '/interactions', { interactions: encode(text60) }],
    ['with no interaction', '/interactions', { interactions: encode([]) }],
    [
      'with interactions not minified',
      '/interactions',
      { interactions: base64(JSON.stringify([text60], undefined, 1)) },
    ],
    ['with a type repeated', '/interactions', { interactions: encode([text60, text60]) }],
    [
      'with an unknown type',
      '/interactions',
      { interactions: encode([{ ...text60, type: 'verificationCodeChoice' }]) },
    ],
    ['without a text', '/interactions', { interactions: encode([{ type: 'displayTextAndPIN' }]) }],
    ['with an empty text', '/interactions', { interactions: encode([{ ...text60, displayText60: '' }]) }],
    [
      'with a text of 61 characters',
      '/interactions',
      { interactions: encode([{ ...text60, displayText60: 'x'.repeat(61) }]) },
    ],
    [
      'with a text of 201 characters',
      '/interactions',
      { interactions: encode([{ ...text200, displayText200: 'x'.repeat(201) }]) },
    ],
    [
      'with the other type’s text',
      '/interactions',
      { interactions: encode([{ ...text60, type: 'confirmationMessage' }]) },
    ],
    ['with both texts', '/interactions', { interactions: encode([{ ...text60, displayText200: 'Log in' }]) }],
  ];
  for (const [defect, pointer, changes] of invalid) {
    it(`${defect} is refused with 400 at ${pointer}`, async () => {
      const response = await post(simulator, PERSON, requestBody(changes));
      assert.equal(response.status, 400);
      const { errors } = await problem(response);
      assert.deepEqual([...new Set(errors?.map((error) => error.pointer))], [pointer]);
      assert.equal(errors?.[0]?.paramName, pointer.split('/').at(-1));
    });
  }

  it('with several defects is refused with all of them', async () => {
    const response = await post(simulator, PERSON, {});
    const { errors } = await problem(response);
    assert.deepEqual(errors?.map(({ paramName }) => paramName).sort(), [
      'interactions',
      'relyingPartyName',
      'relyingPartyUUID',
      'signatureProtocol',
      'signatureProtocolParameters',
      'vcType',
    ]);
  });

  it('may have texts of maximum length, white space and escapes in them, and unknown members', async () => {
    const interactions = encode([
      { ...text60, displayText60: 'x'.repeat(60), tomorrow: 1 },
      { ...text200, displayText200: `"a" \\ \n${'Ž'.repeat(190)}` },
    ]);
    const completed = await authenticate(
      simulator,
      'PNOEE-40504040001',
      requestBody({ interactions, tomorrow: {} }),
    );
    assert.equal(completed.result.endResult, 'OK');
  });

  it('may have a challenge of 32 to 64 bytes', async () => {
    for (const length of [32, 33, 48, 63, 64]) {
      const rpChallenge = randomBytes(length).toString('base64');
      assert.equal(
        (await post(simulator, PERSON, requestBody(withParameters({ rpChallenge })))).status,
        200,
        `${length}`,
      );
    }
  });

  it('gets a list of the ignored request properties', async () => {
    const body = requestBody({ requestProperties: { shareMdClientIpAddress: false, tomorrow: true } });
    assert.deepEqual((await authenticate(simulator, 'PNOEE-40504040001', body)).ignoredProperties, [
      'tomorrow',
    ]);
  });

  it('of an unknown relying party is refused with 403, with a wrong name 401', async () => {
    const stranger = requestBody({ relyingPartyUUID: '11111111-2222-4333-8444-555555555555' });
    assert.equal((await post(simulator, PERSON, stranger)).status, 403);
    assert.equal((await post(simulator, PERSON, requestBody({ relyingPartyName: 'Demo' }))).status, 401);
  });

  it('for a feature without permission is refused with 403, with the reason', async () => {
    for (const [changes, pointer] of [
      [{ requestProperties: { shareMdClientIpAddress: true } }, '/requestProperties/shareMdClientIpAddress'],
      [{ capabilities: ['ADVANCED'] }, '/capabilities'],
    ] as const) {
      const response = await post(simulator, PERSON, requestBody(changes));
      assert.equal(response.status, 403);
      assert.equal((await problem(response)).errors?.[0]?.pointer, pointer);
    }
  });

  it('for ADVANCED needs the right to it', async () => {
    const body = requestBody({ certificateLevel: 'ADVANCED' });
    const withoutRight = await startTestSimulator({ allowsAdvanced: undefined });
    for (const identifier of ['PNOEE-40504040001', 'PNOLT-40504049999', 'PNOEE-39909094045']) {
      const refused = await post(withoutRight, `etsi/${identifier}`, body);
      assert.equal(refused.status, 403, identifier);
      assert.equal((await problem(refused)).errors?.[0]?.pointer, '/certificateLevel');
    }
    assert.equal((await post(withoutRight, PERSON, requestBody())).status, 200);
    assert.equal((await post(simulator, 'etsi/PNOLT-40504049999', body)).status, 200);
  });

  it('with a malformed identifier is refused with 400', async () => {
    for (const identifier of ['47101010033', 'pnoee-47101010033', 'PNOEE47101010033', 'PNOEE-']) {
      const response = await post(simulator, `etsi/${identifier}`, requestBody());
      assert.equal(response.status, 400, identifier);
      assert.equal((await problem(response)).errors?.[0]?.paramName, 'id-etsi-qcs-SemanticsId-Natural');
    }
  });

  it('reveals no account before body and relying party are valid', async () => {
    const missing = 'etsi/PNOEE-39909094045';
    assert.equal((await post(simulator, missing, requestBody({ vcType: undefined }))).status, 400);
    assert.equal((await post(simulator, missing, requestBody({ relyingPartyName: 'Demo' }))).status, 401);
  });

  it('is refused with 400 if not JSON, 415 for another content type, 413 if too large', async () => {
    assert.equal((await post(simulator, PERSON, '{"a":')).status, 400);
    assert.equal((await post(simulator, PERSON, '"text"')).status, 400);
    assert.equal((await post(simulator, PERSON, requestBody({ tomorrow: 'x'.repeat(70_000) }))).status, 413);
    const url = `${simulator.baseUrl}authentication/notification/${PERSON}`;
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/xml']) {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': type },
        body: JSON.stringify(requestBody()),
      });
      assert.equal(response.status, 415, type);
      await problem(response);
    }
  });

  it('is accepted only at its path and with POST', async () => {
    const at = (path: string, method: string) => fetch(new URL(path, simulator.baseUrl), { method });
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND']) {
      const refused = await requestWith(
        method,
        new URL(`authentication/notification/${PERSON}`, simulator.baseUrl),
      );
      assert.deepEqual([refused.status, refused.allow], [405, 'POST'], method);
      if (method !== 'HEAD') assert.equal((refused.body as { status: number }).status, 405);
    }
    const options = await at(`authentication/notification/${PERSON}`, 'OPTIONS');
    assert.deepEqual([options.status, options.headers.get('allow')], [200, 'POST']);
    const trace = await requestWith(
      'TRACE',
      new URL('session/00000000-0000-4000-8000-000000000000', simulator.baseUrl),
    );
    assert.equal(trace.status, 405);
    assert.deepEqual(trace.allow?.split(', ').sort(), ['GET', 'HEAD']);
    for (const path of ['authentication/nothing', '../v4/session/x', 'authentication/notification/etsi/']) {
      const response = await at(path, 'POST');
      assert.equal(response.status, 404, path);
      await problem(response);
    }
  });
});
