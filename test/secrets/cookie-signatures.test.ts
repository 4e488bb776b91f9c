import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, it } from 'node:test';
import { createCookieSignatures, type CookieSignatures } from '../../src/secrets/cookie-signatures.ts';

// A dependency of Koa's cookies, with which earlier releases have signed.
const Keygrip = createRequire(createRequire(import.meta.url).resolve('cookies'))('keygrip') as new (
  keys: readonly string[],
) => CookieSignatures;

const KEYS = ['the first key', 'the second key, ä'];

describe('signatures of cookies', () => {
  it('are those of keygrip', () => {
    const [ours, theirs] = [createCookieSignatures(KEYS), new Keygrip(KEYS)];
    for (let length = 0; length < 40; length++) {
      const text = `sild_login=${'ž'.repeat(length)}`;
      assert.equal(ours.sign(text), theirs.sign(text));
      assert.equal(theirs.verify(text, ours.sign(text)), true);
      assert.equal(ours.verify(text, theirs.sign(text)), true);
    }
  });

  it('tell which key has made them', () => {
    const signatures = createCookieSignatures(KEYS);
    assert.equal(signatures.index('a=b', createCookieSignatures(KEYS.slice(0, 1)).sign('a=b')), 0);
    assert.equal(signatures.index('a=b', createCookieSignatures(KEYS.slice(1)).sign('a=b')), 1);
  });

  it('are refused with another key, for another text, altered or cut', () => {
    const signatures = createCookieSignatures(KEYS);
    const made = signatures.sign('a=b');
    const altered = `${made.startsWith('A') ? 'B' : 'A'}${made.slice(1)}`;
    for (const wrong of [
      createCookieSignatures(['another']).sign('a=b'),
      signatures.sign('a=c'),
      altered,
      made.slice(1),
      `${made}=`,
      '',
    ]) {
      assert.equal(signatures.verify('a=b', wrong), false);
      assert.equal(signatures.index('a=b', wrong), -1);
    }
  });

  it('need a key', () => {
    assert.throws(() => createCookieSignatures([]));
  });
});
