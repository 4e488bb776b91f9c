import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { acspV2Payload } from '../../../../src/smart-id/verify/v3/acsp-v2.ts';

/** The example of RP API 3.2, Signature protocols. */
const EXAMPLE = {
  schemeName: 'smart-id',
  serverRandom: 'MTlop6EXCrQ6FOErcKjxUhbV',
  rpChallenge: 'GYS+yoah6emAcVDNIajwSs6UB/M95XrDxMzXBUkwQJ9YFDipXXzGpPc7raWcuc2+TEoRc7WvIZ/7dU/iRXenYg==',
  userChallenge: 'GnsWXXEjTCKR89fj9uo5u5ReBZ9JR7_pezLAI5jMS00',
  relyingPartyName: 'DEMO',
  brokeredRpName: 'Example RP',
  interactions:
    'W3sidHlwZSI6ImNvbmZpcm1hdGlvbk1lc3NhZ2UiLCJkaXNwbGF5VGV4dDIwMCI6IkxvbmdlciBkZXNjcmlwdGlvbiBvZiB0aGUgdHJhbnNhY3Rpb24gY29udGV4dCJ9LHsidHlwZSI6ImRpc3BsYXlUZXh0QW5kUElOIiwiZGlzcGxheVRleHQ2MCI6IlNob3J0IGRlc2NyaXB0aW9uIG9mIHRoZSB0cmFuc2FjdGlvbiBjb250ZXh0In1d',
  interactionTypeUsed: 'confirmationMessage',
  initialCallbackUrl: 'https://rp.example.com/callback-url?value=RrKjjT4aggzu27YBddX1bQ',
  flowType: 'Web2App',
} as const;
const DIGEST = 'pKOjbNl/5Fy8NfrFqsj6pSn8W8O+Ik8rM33QSsbyD3J9qDJvEm90SboUciuY4wHGWa0Pnq8BgT3NJKmJiUDfKg==';

describe('the ACSP_V2 payload', () => {
  it('has the digest of SK’s example', () => {
    assert.equal(createHash('sha512').update(acspV2Payload(EXAMPLE)).digest('base64'), DIGEST);
  });

  it('has empty fields for absent values', () => {
    const { brokeredRpName: _broker, initialCallbackUrl: _callback, ...own } = EXAMPLE;
    const fields = acspV2Payload({ ...own, flowType: 'QR' })
      .toString('utf8')
      .split('|');
    assert.equal(fields.length, 11);
    assert.deepEqual([fields[6], fields[9], fields[10]], ['', '', 'QR']);
  });

  it('differs when any field differs', () => {
    const payloads = Object.keys(EXAMPLE).map((key) =>
      acspV2Payload({ ...EXAMPLE, [key]: 'x' }).toString('base64'),
    );
    payloads.push(acspV2Payload(EXAMPLE).toString('base64'));
    assert.equal(new Set(payloads).size, payloads.length);
  });
});
