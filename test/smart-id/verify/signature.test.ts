import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import * as answers from '../../support/authentication-responses.ts';
import { exchange, saying } from '../../support/authentication-responses.ts';
import { rsaKeyPair } from '../../support/certificate-encoding.ts';
import { refusal } from './refusal.ts';

const RIGHT = { hash: 'sha512', maskHash: 'sha512', saltLength: 64, trailer: 0xbc };

describe('a signature made by hand', () => {
  it('is accepted with every parameter right', async () => {
    assert.equal(await refusal(answers.signedByHand(RIGHT)), 'accepted');
  });

  for (const [title, wrong] of [
    ['MGF1 of another hash', { maskHash: 'sha256' }],
    ['MGF1 of SHA-1', { maskHash: 'sha1' }],
    ['another hash of the same length', { hash: 'sha3-512' }],
    ['no salt', { saltLength: 0 }],
    ['a salt one octet shorter', { saltLength: 63 }],
    ['a salt one octet longer', { saltLength: 65 }],
    ['another trailer', { trailer: 0xcc }],
  ] as const) {
    it(`is refused with ${title}, whatever the answer states: signature_invalid`, async () => {
      assert.equal(await refusal(answers.signedByHand({ ...RIGHT, ...wrong })), 'signature_invalid');
    });
  }
});

describe('a key', () => {
  for (const bits of [2048, 3072]) {
    it(`of RSA ${bits} is accepted`, async () => {
      const keys = rsaKeyPair(`authentication ${bits}`, bits);
      assert.equal(await refusal(exchange({ certificate: { keys } })), 'accepted');
    });
  }

  it('with exponent 3 is refused: key_too_weak', async () => {
    const keys = generateKeyPairSync('rsa', { modulusLength: 2048, publicExponent: 3 });
    assert.equal(await refusal(exchange({ certificate: { keys } })), 'key_too_weak');
  });
});

describe('the text of a signature', () => {
  const spelled = (spell: (text: string) => string) =>
    exchange({
      said: (answer) => saying(spell(answer.signature?.value ?? ''), 'signature', 'value')(answer),
    });

  it('is 256 octets and two padding characters', () => {
    assert.match(exchange().answer.signature?.value ?? '', /^.{342}==$/);
  });

  for (const [title, spell] of [
    ['without its padding', (text) => text.slice(0, -2)],
    ['with more padding', (text) => `${text}==`],
    ['with a space', (text) => ` ${text}`],
    ['with stray bits', (text) => `${text.slice(0, 341)}${next(text[341])}==`],
    ['in the alphabet of URLs', (text) => `-_${text.slice(2)}`],
    ['twice', (text) => text + text],
  ] satisfies [string, (text: string) => string][]) {
    it(`is refused ${title}: response_part_malformed`, async () => {
      assert.equal(await refusal(spelled(spell)), 'response_part_malformed');
    });
  }

  for (const [title, octets] of [
    ['shorter', 255],
    ['longer', 257],
  ] as const) {
    it(`is refused ${title} than the key: signature_invalid`, async () => {
      const value = Buffer.alloc(octets, 1).toString('base64');
      assert.equal(
        await refusal(exchange({ said: saying(value, 'signature', 'value') })),
        'signature_invalid',
      );
    });
  }
});

/** The Base64 character whose value is one more: in the last place it differs in bits that stand for nothing. */
function next(character = 'A'): string {
  return String.fromCharCode(character.charCodeAt(0) + 1);
}
