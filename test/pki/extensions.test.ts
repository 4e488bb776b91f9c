import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { keepParsed } from '../../src/pki/extensions.ts';

/** Parses bytes to themselves, and counts. */
function counted(isOfCa?: (value: { readonly bytes: Uint8Array }) => boolean) {
  let count = 0;
  const parse = keepParsed((bytes) => {
    count += 1;
    if (bytes[0] === 0) throw new Error('malformed');
    return { bytes };
  }, isOfCa);
  return { parse, count: () => count };
}

describe('the values of a CA', () => {
  it('are parsed once for the same bytes', () => {
    const { parse, count } = counted();
    const first = parse(Uint8Array.of(1, 2));
    assert.equal(parse(Uint8Array.of(1, 2)), first);
    assert.deepEqual(parse(Uint8Array.of(1, 3)).bytes, Uint8Array.of(1, 3));
    assert.deepEqual(parse(Uint8Array.of(1)).bytes, Uint8Array.of(1));
    assert.equal(count(), 3);
  });

  it('hold no reference to the certificate that they were read from', () => {
    const certificate = Uint8Array.of(9, 1, 2, 9);
    const { bytes } = counted().parse(certificate.subarray(1, 3));
    certificate.fill(7);
    assert.deepEqual(bytes, Uint8Array.of(1, 2));
    assert.equal(bytes.buffer.byteLength, 2);
  });

  it('are not cached if they are of a person, malformed or long', () => {
    const { parse, count } = counted(({ bytes }) => bytes[0] !== 5);
    for (const bytes of [Uint8Array.of(5), new Uint8Array(1025).fill(1)]) {
      assert.notEqual(parse(bytes), parse(bytes));
    }
    for (let time = 0; time < 2; time++) assert.throws(() => parse(Uint8Array.of(0)), /malformed/);
    assert.equal(count(), 6);
  });
});
