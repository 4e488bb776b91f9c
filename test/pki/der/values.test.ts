import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AsnConvert, AsnObjectIdentifierConverter } from '@peculiar/asn1-schema';
import { AttributeValue, Time } from '@peculiar/asn1-x509';
import fc from 'fast-check';
import { readDer } from '../../../src/pki/der/der.ts';
import { encodeDer } from '../../../src/pki/der/encoding.ts';
import { hexadecimalOf, identifierOf, isTrue, textOf, timeOf } from '../../../src/pki/der/values.ts';

const OBJECT_IDENTIFIER = 0x06;
const UTC_TIME = 0x17;
const GENERALIZED_TIME = 0x18;

const of = (tag: number, content: Uint8Array) => readDer(encodeDer(tag, content));
const identifier = (hex: string) => identifierOf(of(OBJECT_IDENTIFIER, Buffer.from(hex, 'hex')));
const time = (tag: number, text: string) => timeOf(of(tag, Buffer.from(text))).toISOString();

describe('the value of an OBJECT IDENTIFIER', () => {
  const known: [hex: string, dotted: string][] = [
    ['550403', '2.5.4.3'],
    ['2b0601050507300105', '1.3.6.1.5.5.7.48.1.5'],
    ['2a864886f70d01010b', '1.2.840.113549.1.1.11'],
    ['00', '0.0'],
    ['27', '0.39'],
    ['28', '1.0'],
    ['4f', '1.39'],
    ['50', '2.0'],
    ['883703', '2.999.3'],
    // A UUID, whose number has 128 bits. (X.667)
    ['6983ffffffffffffffffffffffffffffffffff7f', `2.25.${2n ** 128n - 1n}`],
    ['83ffffffffffffffffffffffffffffffffff7f', `2.${2n ** 128n - 81n}`],
  ];
  for (const [hex, dotted] of known) {
    it(`is ${dotted}`, () => {
      assert.equal(identifier(hex), dotted);
    });
  }

  it('is refused where it is longer than any of X.509, since a number takes the square of its length', () => {
    assert.ok(identifier(`2a${'ff'.repeat(126)}7f`));
    for (const octets of [127, 1_000_000])
      assert.throws(() => identifier(`2a${'ff'.repeat(octets)}7f`), { code: 'certificate_malformed' });
  });

  it('is that of the general parser', () => {
    const arc = fc.oneof(fc.nat(200), fc.nat(2 ** 31 - 1));
    fc.assert(
      fc.property(fc.nat(2), fc.nat(39), fc.array(arc, { maxLength: 8 }), (first, second, more) => {
        const dotted = [first, second, ...more].join('.');
        const der = new Uint8Array(AsnObjectIdentifierConverter.toASN(dotted).toBER());
        assert.equal(identifierOf(readDer(der)), dotted);
      }),
    );
  });
});

describe('the value of a time', () => {
  it('is in the years 1950 to 2049, where two digits are given', () => {
    assert.equal(time(UTC_TIME, '500101000000Z'), '1950-01-01T00:00:00.000Z');
    assert.equal(time(UTC_TIME, '491231235959Z'), '2049-12-31T23:59:59.000Z');
  });

  it('is in the year of four digits, where they are given', () => {
    assert.equal(time(GENERALIZED_TIME, '00500101000000Z'), '0050-01-01T00:00:00.000Z');
    assert.equal(time(GENERALIZED_TIME, '99991231235959Z'), '9999-12-31T23:59:59.000Z');
  });

  it('is that of the general parser', () => {
    const date = fc.date({
      min: new Date('0100-01-01T00:00:00Z'),
      max: new Date('9999-12-31T23:59:59Z'),
      noInvalidDate: true,
    });
    fc.assert(
      fc.property(date, fc.boolean(), (at, isShort) => {
        const text = `${at.toISOString().replaceAll(/[-:T]|\..*/g, '')}Z`;
        const der = isShort
          ? encodeDer(UTC_TIME, Buffer.from(text.slice(2)))
          : encodeDer(GENERALIZED_TIME, Buffer.from(text));
        assert.deepEqual(timeOf(readDer(der)), AsnConvert.parse(der, Time).getTime());
      }),
    );
  });
});

describe('the text of a value', () => {
  const ascii = fc.string({ unit: 'grapheme-ascii' });
  // A mark of the byte order is a character of the text, and no mark.
  const unicode = fc.string({
    unit: fc.oneof(
      fc.constantFrom('\ufeff', 'ä', '\u0000'),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    ),
  });
  const ofPlaneZero = fc.string({
    unit: fc.nat(0xffff).map((code) => String.fromCharCode(code >= 0xd800 && code < 0xe000 ? 0x20 : code)),
  });
  const kinds: [kind: string, tag: number, texts: fc.Arbitrary<string>, encode: (text: string) => Buffer][] =
    [
      ['UTF8String', 0x0c, unicode, (text) => Buffer.from(text)],
      ['PrintableString', 0x13, ascii, (text) => Buffer.from(text)],
      [
        'TeletexString',
        0x14,
        fc.string({ unit: fc.nat(0xff).map((code) => String.fromCharCode(code)) }),
        (text) => Buffer.from(text, 'latin1'),
      ],
      ['IA5String', 0x16, ascii, (text) => Buffer.from(text)],
      ['UniversalString', 0x1c, ofPlaneZero, universal],
      ['BMPString', 0x1e, ofPlaneZero, (text) => Buffer.from(text, 'utf16le').swap16()],
    ];
  for (const [kind, tag, texts, encode] of kinds) {
    it(`is that of the general parser in a ${kind}`, () => {
      fc.assert(
        fc.property(texts, (text) => {
          const der = encodeDer(tag, encode(text));
          assert.equal(textOf(readDer(der)), text);
          assert.equal(AsnConvert.parse(der, AttributeValue).toString(), text);
        }),
      );
    });
  }

  it('has all characters of a UniversalString', () => {
    assert.equal(textOf(of(0x1c, universal('a😀ä'))), 'a😀ä');
  });

  it('is empty where the value is no text', () => {
    assert.equal(textOf(of(0x03, Buffer.from([0, 0x61]))), '');
  });
});

describe('other values', () => {
  it('are read', () => {
    assert.equal(isTrue(of(0x01, Buffer.from([0xff]))), true);
    assert.equal(isTrue(of(0x01, Buffer.from([0]))), false);
    assert.equal(hexadecimalOf(of(0x04, Buffer.from('0aFf', 'hex'))), '0AFF');
  });

  it('are encoded with the shortest length', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
      const der = encodeDer(0x04, Buffer.alloc(length, 1));
      assert.equal(readDer(der).content.length, length);
    }
    assert.deepEqual(
      encodeDer(0x30, Buffer.from('0500', 'hex'), Buffer.from('020101', 'hex')),
      Buffer.from('30050500020101', 'hex'),
    );
  });
});

function universal(text: string): Buffer {
  const characters = Array.from(text, (one) => one.codePointAt(0) ?? 0);
  const octets = Buffer.alloc(characters.length * 4);
  for (const [index, character] of characters.entries()) octets.writeUInt32BE(character, index * 4);
  return octets;
}
