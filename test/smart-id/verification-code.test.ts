import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import { verificationCode } from '../../src/smart-id/verification-code.ts';

describe('the verification code', () => {
  it('matches SK’s example', () => {
    const rpChallenge =
      'GYS+yoah6emAcVDNIajwSs6UB/M95XrDxMzXBUkwQJ9YFDipXXzGpPc7raWcuc2+TEoRc7WvIZ/7dU/iRXenYg==';
    assert.equal(verificationCode(Buffer.from(rpChallenge, 'base64')), '7180');
  });

  it('keeps its leading zeros', () => {
    const challenge = challengeWhoseDigestEndsWith((number) => number % 10_000 < 10);
    assert.match(verificationCode(challenge), /^000\d$/);
  });

  it('is the number modulo 10000', () => {
    const challenge = challengeWhoseDigestEndsWith((number) => number > 60_000);
    assert.equal(Number(verificationCode(challenge)), endOfDigest(challenge) - 60_000);
  });
});

function challengeWhoseDigestEndsWith(matches: (number: number) => boolean): Uint8Array {
  for (let counter = 0; ; counter++) {
    const challenge = Buffer.from(`challenge ${counter}`);
    if (matches(endOfDigest(challenge))) return challenge;
  }
}

function endOfDigest(bytes: Uint8Array): number {
  return Number.parseInt(createHash('sha256').update(bytes).digest('hex').slice(-4), 16);
}
