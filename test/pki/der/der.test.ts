import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readDer, readSequence } from '../../../src/pki/der/der.ts';

const read = (hex: string) => readDer(Buffer.from(hex, 'hex'));

describe('readDer', () => {
  it('reads a value and its nested values', () => {
    const { tag, children } = read('300702010530020500');
    assert.equal(tag, 0x30);
    assert.deepEqual(
      children.map(({ tag: inner, bytes }) => [inner, Buffer.from(bytes).toString('hex')]),
      [
        [0x02, '020105'],
        [0x30, '30020500'],
      ],
    );
  });

  const wellFormed: [what: string, hex: string][] = [
    ['a long length', `048180${'00'.repeat(128)}`],
    ['a negative INTEGER', '0201ff'],
    ['an INTEGER with a needed leading zero', '02020080'],
    ['an empty BIT STRING', '030100'],
    ['a UTCTime', `170d${Buffer.from('260301120000Z').toString('hex')}`],
    ['a GeneralizedTime', `180f${Buffer.from('20000229120000Z').toString('hex')}`],
    ['a UTCTime on a leap day', `170d${Buffer.from('000229235959Z').toString('hex')}`],
    ['a UTF8String beyond ASCII', '0c02c3a4'],
    ['a BMPString', '1e0400e42020'],
    ['a UniversalString', '1c080001f600000000e4'],
  ];
  for (const [what, hex] of wellFormed) {
    it(`accepts ${what}`, () => {
      assert.equal(read(hex).bytes.length, hex.length / 2);
    });
  }

  const refused: [what: string, hex: string][] = [
    ['nothing', ''],
    ['a tag alone', '30'],
    ['a length past the end', '0402aa'],
    ['a child past its parent’s end', '30030402aa'],
    ['bytes after the value', '050000'],
    ['an indefinite length', '30800000'],
    ['a long form of a short length', '048101aa'],
    ['a length with a leading zero', `04820080${'00'.repeat(128)}`],
    ['a length of four octets', '048401000000'],
    ['a tag of more than one octet', '1f810100'],
    ['a constructed OCTET STRING', '2403040100'],
    ['a primitive SEQUENCE', '1000'],
    ['a type that X.509 does not have', '0900'],
    ['a BOOLEAN that is neither true nor false', '010101'],
    ['an INTEGER without octets', '0200'],
    ['an INTEGER with a needless zero', '02020001'],
    ['an INTEGER with a needless ff', '0202ff80'],
    ['a BIT STRING with unused bits set', '03020101'],
    ['a BIT STRING with more than seven unused bits', '03020800'],
    ['an empty BIT STRING with unused bits', '030101'],
    ['a NULL with content', '050100'],
    ['an OBJECT IDENTIFIER that ends early', '06025581'],
    ['an OBJECT IDENTIFIER with a padded arc', '0603558001'],
    ['a UTF8String that is not UTF-8', '0c02c328'],
    ['a PrintableString beyond ASCII', '1301e4'],
    ['a BMPString of an odd length', '1e0100'],
    ['a BMPString with half of a pair', '1e02d83d'],
    ['a UniversalString with a part of a character', '1c020000'],
    ['a UniversalString with half of a pair', '1c040000dc00'],
    ['a UniversalString beyond U+10FFFF', '1c0400110000'],
    ['a UTCTime without seconds', `170b${Buffer.from('2603011200Z').toString('hex')}`],
    ['a UTCTime in another zone', `1711${Buffer.from('260301120000+0200').toString('hex')}`],
    ['a day that does not exist', `170d${Buffer.from('260230120000Z').toString('hex')}`],
    ['a month that does not exist', `170d${Buffer.from('261301120000Z').toString('hex')}`],
    ['day zero', `170d${Buffer.from('260100120000Z').toString('hex')}`],
    ['a leap day of a year without one', `180f${Buffer.from('21000229120000Z').toString('hex')}`],
    ['an hour that does not exist', `170d${Buffer.from('260101240000Z').toString('hex')}`],
    ['a minute that does not exist', `170d${Buffer.from('260101126000Z').toString('hex')}`],
    ['a leap second', `170d${Buffer.from('261231235960Z').toString('hex')}`],
    ['a time with other characters than digits', `170d${Buffer.from('26010112 000Z').toString('hex')}`],
    ['a year with other characters than digits', `170d${Buffer.from('-1010112000Z').toString('hex')}5a`],
    ['a GeneralizedTime with fractions', `1811${Buffer.from('20000101120000.5Z').toString('hex')}`],
  ];
  for (const [what, hex] of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => read(hex), { name: 'PkiError', code: 'certificate_malformed' });
    });
  }

  it('accepts a SEQUENCE where one is required, and refuses a SET', () => {
    assert.equal(readSequence(Buffer.from('30020500', 'hex')).children.length, 1);
    assert.throws(() => readSequence(Buffer.from('31020500', 'hex')), { code: 'certificate_malformed' });
  });

  it('refuses values nested deeper than the limit', () => {
    const nested = (depth: number): Buffer => {
      let value = Buffer.of(0x05, 0x00);
      for (let level = 0; level < depth; level += 1) {
        value = Buffer.concat([Buffer.of(0x30, value.length), value]);
      }
      return value;
    };
    assert.equal(readDer(nested(32)).tag, 0x30);
    assert.throws(() => readDer(nested(33)), { code: 'certificate_malformed' });
  });
});
