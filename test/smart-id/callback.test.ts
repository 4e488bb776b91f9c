import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callbackParametersSchema } from '../../src/login/authenticator.ts';
import { initialCallbackUrl, isDigestOfSecret, isVerifierOfChallenge } from '../../src/smart-id/callback.ts';

/** The examples of RP API 3.2, Callback URLs. */
const SECRET = 'B98ODiVCebRedSwdTk51zFSaGYyHtY1H2A0ocAi3/Ps=';
const DIGEST = 'U4CKK13H1XFiyBofev9asqrzIrY5_Gszi_nL_zDKkBc';
const VERIFIER = 'XtPfaGa8JnGtYrJjboooUf0KfY9sMEHrWFpSQrsUv9c';
const CHALLENGE = 'GnsWXXEjTCKR89fj9uo5u5ReBZ9JR7_pezLAI5jMS00';

describe('the digest of the session secret', () => {
  it('matches SK’s example', () => {
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
    it(`is refused as ${digest || 'empty text'}`, () => {
      assert.equal(isDigestOfSecret(digest, SECRET), false);
    });
  }
});

describe('the user challenge verifier', () => {
  it('matches SK’s example, hashed as text', () => {
    assert.equal(isVerifierOfChallenge(VERIFIER, CHALLENGE), true);
  });

  for (const verifier of ['', CHALLENGE, `${VERIFIER}=`, VERIFIER.slice(0, -1)]) {
    it(`is refused as ${verifier || 'empty text'}`, () => {
      assert.equal(isVerifierOfChallenge(verifier, CHALLENGE), false);
    });
  }

  it('does not match a malformed challenge', () => {
    for (const challenge of ['', 'x', `${CHALLENGE}=`]) {
      assert.equal(isVerifierOfChallenge(VERIFIER, challenge), false);
    }
  });
});

describe('a callback URL', () => {
  const live = (url: string) => initialCallbackUrl(url, { loopback: false });
  const simulated = (url: string) => initialCallbackUrl(url, { loopback: true });

  it('with https is not changed', () => {
    const url = 'https://login.example.ee/callback/smart-id?value=RrKjjT4aggzu27YBddX1bQ';
    assert.equal(live(url), url);
    assert.equal(simulated(url), url);
  });

  it('has its vertical bars percent-encoded', () => {
    assert.equal(live('https://login.example.ee/a|b?c=|'), 'https://login.example.ee/a%7Cb?c=%7C');
  });

  it('has at most 1,800 characters after encoding', () => {
    const base = 'https://login.example.ee/';
    const rest = 1_800 - base.length;
    assert.equal(live(base + 'x'.repeat(rest)).length, 1_800);
    assert.throws(() => live(base + 'x'.repeat(rest + 1)), RangeError);
    assert.throws(() => live(`${base}${'x'.repeat(rest - 1)}|`), RangeError);
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
    it(`is refused as ${url || 'empty text'}`, () => {
      assert.throws(() => live(url), RangeError);
      assert.throws(() => simulated(url), RangeError);
    });
  }

  for (const host of ['localhost', 'sild.localhost', '127.0.0.1', '[::1]']) {
    it(`with plain http on ${host} is accepted for the simulator only`, () => {
      const url = `http://${host}:3000/callback/smart-id?value=x`;
      assert.equal(simulated(url), url);
      assert.throws(() => live(url), RangeError);
    });
  }
});

describe('callback parameters', () => {
  it('are accepted unchanged up to 512 characters', () => {
    for (const text of ['', 'nonsense', 'x'.repeat(512)]) {
      const parameters = { sessionSecretDigest: text, userChallengeVerifier: text };
      assert.deepEqual(callbackParametersSchema.parse(parameters), parameters);
    }
    const long = 'x'.repeat(513);
    assert.equal(
      callbackParametersSchema.safeParse({ sessionSecretDigest: long, userChallengeVerifier: '' }).success,
      false,
    );
  });
});
