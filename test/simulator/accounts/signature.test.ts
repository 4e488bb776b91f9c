import assert from 'node:assert/strict';
import { createHash, verify } from 'node:crypto';
import { describe, it } from 'node:test';
import { acspV2Payload } from '../../../src/simulator/accounts/signing.ts';
import { codeChoices, verificationCode } from '../../../src/simulator/phone/verification-code.ts';
import {
  assertSigned,
  authenticate,
  certificateOf,
  CODE_CHOICE,
  encode,
  pss,
  requestBody,
  startTestSimulator,
} from '../relying-party.ts';

/** From SK's RP API 3.2.3 documentation. */
const SK = {
  rpChallenge: 'GYS+yoah6emAcVDNIajwSs6UB/M95XrDxMzXBUkwQJ9YFDipXXzGpPc7raWcuc2+TEoRc7WvIZ/7dU/iRXenYg==',
  interactions:
    'W3sidHlwZSI6ImNvbmZpcm1hdGlvbk1lc3NhZ2UiLCJkaXNwbGF5VGV4dDIwMCI6IkxvbmdlciBkZXNjcmlwdGlvbiBvZiB0aGUgdHJhbnNhY3Rpb24gY29udGV4dCJ9LHsidHlwZSI6ImRpc3BsYXlUZXh0QW5kUElOIiwiZGlzcGxheVRleHQ2MCI6IlNob3J0IGRlc2NyaXB0aW9uIG9mIHRoZSB0cmFuc2FjdGlvbiBjb250ZXh0In1d',
};

describe('the signature of an authentication', async () => {
  const simulator = await startTestSimulator();

  it('covers the payload of SK’s own example', () => {
    const payload = acspV2Payload({
      ...SK,
      schemeName: 'smart-id',
      serverRandom: 'MTlop6EXCrQ6FOErcKjxUhbV',
      userChallenge: 'GnsWXXEjTCKR89fj9uo5u5ReBZ9JR7_pezLAI5jMS00',
      relyingPartyName: 'DEMO',
      brokeredRpName: 'Example RP',
      interactionTypeUsed: 'confirmationMessage',
      initialCallbackUrl: 'https://rp.example.com/callback-url?value=RrKjjT4aggzu27YBddX1bQ',
      flowType: 'Web2App',
    });
    assert.equal(
      createHash('sha512').update(payload).digest('base64'),
      'pKOjbNl/5Fy8NfrFqsj6pSn8W8O+Ik8rM33QSsbyD3J9qDJvEm90SboUciuY4wHGWa0Pnq8BgT3NJKmJiUDfKg==',
    );
  });

  for (const [hashAlgorithm, hash, saltLength] of [
    ['SHA-256', 'sha256', 32],
    ['SHA-384', 'sha384', 48],
    ['SHA-512', 'sha512', 64],
    ['SHA3-256', 'sha3-256', 32],
    ['SHA3-384', 'sha3-384', 48],
    ['SHA3-512', 'sha3-512', 64],
  ] as const) {
    it(`is RSASSA-PSS with ${hashAlgorithm} if requested`, async () => {
      const body = requestBody({ signatureProtocolParameters: pss(hashAlgorithm) });
      const completed = await authenticate(simulator, 'PNOEE-40504040001', body);
      assertSigned(simulator, body, completed, hash);
      assert.equal(completed.signature?.signatureAlgorithm, 'rsassa-pss');
      assert.deepEqual(completed.signature.signatureAlgorithmParameters, {
        hashAlgorithm,
        maskGenAlgorithm: { algorithm: 'id-mgf1', parameters: { hashAlgorithm } },
        saltLength,
        trailerField: '0xbc',
      });
    });
  }

  it('is PKCS#1 v1.5 without parameters if requested', async () => {
    const { rpChallenge } = pss('SHA-256');
    const body = requestBody({
      signatureProtocolParameters: { rpChallenge, signatureAlgorithm: 'sha256WithRSAEncryption' },
    });
    const completed = await authenticate(simulator, 'PNOEE-40504040001', body);
    const { signature } = completed;
    assert.ok(signature);
    assert.equal(signature.signatureAlgorithm, 'sha256WithRSAEncryption');
    assert.equal(signature.signatureAlgorithmParameters, undefined);
    const payload = acspV2Payload({
      schemeName: 'smart-id-demo',
      serverRandom: signature.serverRandom,
      rpChallenge,
      userChallenge: signature.userChallenge,
      relyingPartyName: 'DEMO',
      brokeredRpName: '',
      interactions: body.interactions,
      interactionTypeUsed: 'displayTextAndPIN',
      initialCallbackUrl: '',
      flowType: 'Notification',
    });
    const value = Buffer.from(signature.value, 'base64');
    assert.ok(verify('sha256', Buffer.from(payload), certificateOf(completed).publicKey, value));
  });

  it('is part of a status with exactly the documented members', async () => {
    const completed = await authenticate(simulator, 'PNOEE-40504040001');
    assert.deepEqual(Object.keys(completed), [
      'state',
      'result',
      'signatureProtocol',
      'signature',
      'cert',
      'interactionTypeUsed',
    ]);
    assert.deepEqual(completed.result, { endResult: 'OK', documentNumber: 'PNOEE-40504040001-DEMO-Q' });
    assert.equal(completed.signatureProtocol, 'ACSP_V2');
    assert.match(completed.signature?.serverRandom ?? '', /^[a-zA-Z0-9+/]{24,}={0,2}$/);
    assert.match(completed.signature?.userChallenge ?? '', /^[a-zA-Z0-9_-]{43}$/);
    assert.equal(completed.signature?.flowType, 'Notification');
    assert.equal(completed.cert?.certificateLevel, 'QUALIFIED');
  });

  it('differs each time', async () => {
    const body = requestBody();
    const first = await authenticate(simulator, 'PNOEE-40504040001', body);
    const second = await authenticate(simulator, 'PNOEE-40504040001', body);
    assert.notEqual(first.signature?.serverRandom, second.signature?.serverRandom);
    assert.notEqual(first.signature?.userChallenge, second.signature?.userChallenge);
  });

  it('covers the interaction that was offered first', async () => {
    const both = encode([
      { type: 'confirmationMessage', displayText200: 'Log in' },
      { type: 'displayTextAndPIN', displayText60: 'Log in' },
    ]);
    for (const [interactions, type] of [
      [both, 'confirmationMessage'],
      [CODE_CHOICE, 'confirmationMessageAndVerificationCodeChoice'],
    ] as const) {
      const body = requestBody({ interactions });
      const completed = await authenticate(simulator, 'PNOEE-40504040001', body);
      assert.equal(completed.interactionTypeUsed, type);
      assertSigned(simulator, body, completed, 'sha512');
    }
  });
});

describe('the verification code of the virtual phone', () => {
  it('matches SK’s example', () => {
    assert.equal(verificationCode(SK.rpChallenge), '7180');
  });

  it('is shown with two others, in an order that varies by session and stays after a reload', () => {
    const positions = new Set<number>();
    for (let seed = 0; seed < 60; seed++) {
      const choices = codeChoices('7180', String(seed));
      assert.equal(new Set(choices).size, 3);
      assert.deepEqual(codeChoices('7180', String(seed)), choices);
      positions.add(choices.indexOf('7180'));
    }
    assert.deepEqual([...positions].sort(), [0, 1, 2]);
  });
});
