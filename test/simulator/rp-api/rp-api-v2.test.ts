import assert from 'node:assert/strict';
import { createHash, randomBytes, verify, X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import { createSession, problem, startTestSimulator, TEXT } from '../relying-party.ts';

const OK = 'PNOEE-40504040001';
const ON_PHONE = 'PNOEE-47101010033';
const text60 = { type: 'displayTextAndPIN', displayText60: TEXT };
const confirmation = { type: 'confirmationMessage', displayText200: TEXT };
const codeChoice = { type: 'verificationCodeChoice', displayText60: TEXT };
const both = { type: 'confirmationMessageAndVerificationCodeChoice', displayText200: TEXT };

interface StatusV2 {
  state: string;
  result: { endResult: string; documentNumber?: string };
  signature?: { value: string; algorithm: string };
  cert?: { value: string; certificateLevel: string };
  interactionFlowUsed?: string;
  ignoredProperties?: string[];
}

/** The data to sign, before hashing: the relying party's random bytes. */
function hashed(hashType = 'SHA512'): { data: Buffer; hash: string; hashType: string } {
  const data = randomBytes(64);
  return { data, hash: createHash(hashType).update(data).digest('base64'), hashType };
}

function requestBody(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const { hash, hashType } = hashed();
  return {
    relyingPartyUUID: '00000000-0000-4000-8000-000000000000',
    relyingPartyName: 'DEMO',
    certificateLevel: 'QUALIFIED',
    hash,
    hashType,
    allowedInteractionsOrder: [text60],
    ...changes,
  };
}

function codeOf(hash: unknown): string {
  const [high = 0, low = 0] = createHash('sha256')
    .update(Buffer.from(String(hash), 'base64'))
    .digest()
    .subarray(-2);
  return String((high * 256 + low) % 10_000).padStart(4, '0');
}

describe('RP API v2', async () => {
  const simulator = await startTestSimulator();
  const post = (path: string, body: unknown) =>
    fetch(`${simulator.baseUrlV2}authentication/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  const create = async (identifier: string, body = requestBody()) => {
    const response = await post(`etsi/${identifier}`, body);
    assert.equal(response.status, 200);
    const answer = (await response.json()) as { sessionID: string };
    assert.deepEqual(Object.keys(answer), ['sessionID']);
    return answer.sessionID;
  };
  const status = async (id: string, timeoutMs = 30_000) => {
    const response = await fetch(`${simulator.baseUrlV2}session/${id}?timeoutMs=${timeoutMs}`);
    assert.equal(response.status, 200);
    return (await response.json()) as StatusV2;
  };
  const authenticate = async (identifier: string, body = requestBody()) =>
    await status(await create(identifier, body));
  const press = (id: string, fields: Record<string, string>) =>
    fetch(new URL(`/requests/${id}`, simulator.phoneUrl), {
      method: 'POST',
      body: new URLSearchParams(fields),
      redirect: 'manual',
    });
  const page = async () => await (await fetch(simulator.phoneUrl)).text();

  it('returns its base URL', () => {
    assert.equal(simulator.baseUrlV2, `http://localhost:${simulator.port}/smart-id-rp/v2/`);
  });

  for (const [hashType, algorithm] of [
    ['SHA256', 'sha256WithRSAEncryption'],
    ['SHA384', 'sha384WithRSAEncryption'],
    ['SHA512', 'sha512WithRSAEncryption'],
  ] as const) {
    it(`signs a ${hashType} hash with PKCS#1 v1.5, under a trusted certificate`, async () => {
      const { data, hash } = hashed(hashType);
      const completed = await authenticate(OK, requestBody({ hash, hashType }));
      assert.deepEqual(Object.keys(completed), [
        'state',
        'result',
        'signature',
        'cert',
        'interactionFlowUsed',
      ]);
      assert.deepEqual(completed.result, { endResult: 'OK', documentNumber: `${OK}-DEMO-Q` });
      assert.equal(completed.signature?.algorithm, algorithm);
      assert.equal(completed.cert?.certificateLevel, 'QUALIFIED');
      assert.equal(completed.interactionFlowUsed, 'displayTextAndPIN');
      const certificate = new X509Certificate(Buffer.from(completed.cert.value, 'base64'));
      const value = Buffer.from(completed.signature.value, 'base64');
      assert.ok(verify(hashType, data, certificate.publicKey, value), 'over what was hashed');
      assert.ok(!verify(hashType, randomBytes(64), certificate.publicKey, value), 'and over nothing else');
      const issuers = simulator.trustAnchors.map((der) => new X509Certificate(der));
      assert.equal(issuers.filter((issuer) => certificate.verify(issuer.publicKey)).length, 1);
    });
  }

  it('accepts every interaction, and returns the one that was used', async () => {
    for (const interaction of [text60, confirmation, codeChoice, both]) {
      const body = requestBody({ allowedInteractionsOrder: [interaction] });
      assert.equal((await authenticate(OK, body)).interactionFlowUsed, interaction.type);
    }
  });

  const invalid: [defect: string, pointer: string, changes: Record<string, unknown>][] = [
    ['without a hash', '/hash', { hash: undefined }],
    ['with a hash that is not Base64', '/hash', { hash: '***' }],
    ['with a hash shorter than its type', '/hash', { hashType: 'SHA512', hash: hashed('SHA256').hash }],
    ['with an unknown hash type', '/hashType', { hashType: 'SHA-512' }],
    ['without interactions', '/allowedInteractionsOrder', { allowedInteractionsOrder: undefined }],
    ['with Base64 interactions', '/allowedInteractionsOrder', { allowedInteractionsOrder: 'W10=' }],
    ['with no interaction', '/allowedInteractionsOrder/0', { allowedInteractionsOrder: [] }],
    ['with a type repeated', '/allowedInteractionsOrder', { allowedInteractionsOrder: [text60, text60] }],
    [
      'with an unknown type',
      '/allowedInteractionsOrder/0/type',
      { allowedInteractionsOrder: [{ ...text60, type: 'fingerprint' }] },
    ],
    [
      'with a text of 61 characters',
      '/allowedInteractionsOrder/0/displayText60',
      { allowedInteractionsOrder: [{ ...codeChoice, displayText60: 'x'.repeat(61) }] },
    ],
    [
      'with a text of 201 characters',
      '/allowedInteractionsOrder/1/displayText200',
      { allowedInteractionsOrder: [text60, { ...both, displayText200: 'x'.repeat(201) }] },
    ],
    ['with a nonce of 31 characters', '/nonce', { nonce: 'x'.repeat(31) }],
    ['with an empty nonce', '/nonce', { nonce: '' }],
    ['with null as nonce', '/nonce', { nonce: null }],
    ['with null as level', '/certificateLevel', { certificateLevel: null }],
    ['with an unknown level', '/certificateLevel', { certificateLevel: 'QSCD' }],
    ['without a UUID', '/relyingPartyUUID', { relyingPartyUUID: undefined }],
  ];
  for (const [defect, pointer, changes] of invalid) {
    it(`refuses a request ${defect} with 400 and names ${pointer}`, async () => {
      const response = await post(`etsi/${OK}`, requestBody(changes));
      assert.equal(response.status, 400);
      const { errors } = await problem(response);
      assert.deepEqual([...new Set(errors?.map((error) => error.pointer))], [pointer]);
    });
  }

  it('refuses accounts with the HTTP statuses of v2, such as 471 for a Basic account', async () => {
    for (const [path, expected] of [
      ['etsi/PNOEE-39909094045', 404],
      ['document/PNOEE-40504040001', 404],
      ['etsi/40504040001', 400],
      ['etsi/PNOLT-40504049999', 471],
      ['document/PNOLT-40504049999-MOCK-NQ', 471],
      ['etsi/PNOEE-39909094720', 472],
      ['etsi/PNOEE-39909094807', 480],
      ['etsi/PNOEE-39909095804', 580],
      [`document/${OK}-DEMO-Q`, 200],
    ] as const)
      assert.equal((await post(path, requestBody())).status, expected, path);
    assert.equal((await post(`etsi/${OK}`, requestBody({ relyingPartyName: 'Demo' }))).status, 401);
    const basic = await authenticate('PNOLT-40504049999', requestBody({ certificateLevel: 'ADVANCED' }));
    assert.equal(basic.cert?.certificateLevel, 'ADVANCED');
  });

  it('returns an end result for the refused interaction', async () => {
    for (const [code, endResult] of [
      ['30403039917', 'USER_REFUSED'],
      ['30403039928', 'USER_REFUSED_DISPLAYTEXTANDPIN'],
      ['30403039939', 'USER_REFUSED_VC_CHOICE'],
      ['30403039946', 'USER_REFUSED_CONFIRMATIONMESSAGE'],
      ['30403039950', 'USER_REFUSED_CONFIRMATIONMESSAGE_WITH_VC_CHOICE'],
      ['30403039972', 'WRONG_VC'],
      ['30403039983', 'TIMEOUT'],
    ] as const)
      assert.deepEqual(await authenticate(`PNOEE-${code}`), { state: 'COMPLETE', result: { endResult } });
  });

  it('offers the verification code of the hash on the virtual phone, then asks for PIN1', async () => {
    const body = requestBody({ allowedInteractionsOrder: [codeChoice] });
    const id = await create(ON_PHONE, body);
    assert.ok((await page()).includes(`value="${codeOf(body.hash)}"`));
    await press(id, { code: codeOf(body.hash) });
    await press(id, { action: 'confirm', pin: '1234' });
    const completed = await status(id);
    assert.deepEqual(
      [completed.result.endResult, completed.interactionFlowUsed],
      ['OK', 'verificationCodeChoice'],
    );

    const cancelled = await create(ON_PHONE, requestBody({ allowedInteractionsOrder: [codeChoice] }));
    await press(cancelled, { action: 'cancel' });
    assert.deepEqual((await status(cancelled)).result, { endResult: 'USER_REFUSED_VC_CHOICE' });
  });

  it('is RUNNING before an answer, and the phone shows the verification code of the hash', async () => {
    const body = requestBody();
    const id = await create(ON_PHONE, body);
    assert.deepEqual(await status(id, 1_000), { state: 'RUNNING' });
    assert.ok((await page()).includes(`>${codeOf(body.hash)}<`));
    await press(id, { action: 'cancel' });
  });

  it('returns the same session for a repeated request, and another one for another nonce', async () => {
    const body = requestBody();
    const id = await create(ON_PHONE, body);
    assert.equal(await create(ON_PHONE, body), id);
    assert.notEqual(await create(ON_PHONE, { ...body, nonce: 'a' }), id);
    assert.notEqual(await create('PNOEE-38001085718', body), id);
  });

  it('creates a new session for a request repeated after 15 seconds', async () => {
    let ahead = 0;
    const later = await startTestSimulator({ now: () => new Date(Date.now() + ahead) });
    const body = requestBody();
    const ask = async () => {
      const response = await fetch(`${later.baseUrlV2}authentication/etsi/${ON_PHONE}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      return ((await response.json()) as { sessionID: string }).sessionID;
    };
    const id = await ask();
    ahead = 14_000;
    assert.equal(await ask(), id);
    ahead = 15_100;
    assert.notEqual(await ask(), id);
  });

  it('does not share sessions with v3, and has no device links', async () => {
    const [v2, v3] = [await create(ON_PHONE), await createSession(simulator, ON_PHONE)];
    assert.equal((await fetch(`${simulator.baseUrlV2}session/${v3}`)).status, 404);
    assert.equal((await fetch(`${simulator.baseUrl}session/${v2}`)).status, 404);
    assert.equal((await post('device-link/anonymous', requestBody())).status, 404);
  });

  it('lists the ignored request properties', async () => {
    const body = requestBody({ requestProperties: { vcChoice: true } });
    assert.deepEqual((await authenticate(OK, body)).ignoredProperties, ['vcChoice']);
  });
});
