import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callbackParametersSchema } from '../../src/login/authenticator.ts';
import { initialCallbackUrl, isDigestOfSecret, isVerifierOfChallenge } from '../../src/smart-id/callback.ts';

/** The examples of RP API 3.2, Callback URLs. */
const SECRET = 'B98ODiVCebRedSwdTk51zFSaGYyHtY1H2A0ocAi3/Ps=';
const DIGEST = 'U4CKK13H1XFiyBofev9asqrzIrY5_Gszi_nL_zDKkBc';
const VERIFIER = 'XtPfaGa8JnGtYrJjboooUf0KfY9sMEHrWFpSQrsUv9c';
const CHALLENGE = 'GnsWXXEjTCKR89fj9uo5u5ReBZ9JR7_pezLAI5jMS00';

describe('the digest of a session’s secret', () => {
  it('is the one of SK’s example', () => {
    assert.equal(isDigestOfSecret(DIGEST, SECRET), true);
  });

  for (const digest of [
    '',
    SECRET,
    `${DIGEST}=`,
    DIGEST.toLowerCase(),
    DIGEST.slice(0, -1),
    `${DIGEST.slice(0, -1)}d`,
  ]) {
    it(`is not ${digest || 'empty'}`, () => {
      assert.equal(isDigestOfSecret(digest, SECRET), false);
    });
  }
});

describe('the verifier of a user challenge', () => {
  it('is the one of SK’s example, taken as text', () => {
    assert.equal(isVerifierOfChallenge(VERIFIER, CHALLENGE), true);
  });

  for (const verifier of ['', CHALLENGE, `${VERIFIER}=`, VERIFIER.slice(0, -1)]) {
    it(`is not ${verifier || 'empty'}`, () => {
      assert.equal(isVerifierOfChallenge(verifier, CHALLENGE), false);
    });
  }

  it('is of no challenge that is not text of a digest', () => {
    for (const challenge of ['', 'x', `${CHALLENGE}=`]) {
      assert.equal(isVerifierOfChallenge(VERIFIER, challenge), false);
    }
  });
});

describe('a callback URL', () => {
  const live = (url: string) => initialCallbackUrl(url, { loopback: false });
  const simulated = (url: string) => initialCallbackUrl(url, { loopback: true });

  it('of https is taken as it is', () => {
    const url = 'https://login.example.ee/callback/smart-id?value=RrKjjT4aggzu27YBddX1bQ';
    assert.equal(live(url), url);
    assert.equal(simulated(url), url);
  });

  it('has its vertical bars percent-encoded', () => {
    assert.equal(live('https://login.example.ee/a|b?c=|'), 'https://login.example.ee/a%7Cb?c=%7C');
  });

  it('may have 1,800 characters and no more, encoded', () => {
    const base = 'https://login.example.ee/';
    const room = 1_800 - base.length;
    assert.equal(live(base + 'x'.repeat(room)).length, 1_800);
    assert.throws(() => live(base + 'x'.repeat(room + 1)), RangeError);
    assert.throws(() => live(`${base}${'x'.repeat(room - 1)}|`), RangeError);
  });

  for (const url of [
    'https://login.example.ee/#fragment',
    'http://login.example.ee/',
    'smartid://callback',
    'javascript:alert(1)',
    '/callback',
    'https://login.example.ee/a b',
    'https://login.example.ee/õ',
    'https://',
    '',
  ]) {
    it(`is refused as ${url || 'nothing'}`, () => {
      assert.throws(() => live(url), RangeError);
      assert.throws(() => simulated(url), RangeError);
    });
  }

  for (const host of ['localhost', 'sild.localhost', '127.0.0.1', '[::1]']) {
    it(`of plain http on ${host} is for the simulator alone`, () => {
      const url = `http://${host}:3000/callback/smart-id?value=x`;
      assert.equal(simulated(url), url);
      assert.throws(() => live(url), RangeError);
    });
  }
});

describe('what a callback brought', () => {
  it('is kept as it came, up to a length', () => {
    for (const text of ['', 'nonsense', 'x'.repeat(512)]) {
      const returned = { sessionSecretDigest: text, userChallengeVerifier: text };
      assert.deepEqual(callbackParametersSchema.parse(returned), returned);
    }
    const long = 'x'.repeat(513);
    assert.equal(
      callbackParametersSchema.safeParse({ sessionSecretDigest: long, userChallengeVerifier: '' }).success,
      false,
    );
  });
});
