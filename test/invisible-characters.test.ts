import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { invisibleIn, oneLine, withoutInvisible } from '../src/invisible-characters.ts';

const INVISIBLE = {
  'a control character': ['\u0000', 'U+0000'],
  'a line break': ['\n', 'U+000A'],
  'a soft hyphen': ['\u00ad', 'U+00AD'],
  'a grapheme joiner': ['\u034f', 'U+034F'],
  'a space of no width': ['\u200b', 'U+200B'],
  'a separator of lines': ['\u2028', 'U+2028'],
  'an override of the direction': ['\u202e', 'U+202E'],
  'a word joiner': ['\u2060', 'U+2060'],
  'an isolate of the direction': ['\u2066', 'U+2066'],
  'a byte order mark': ['\ufeff', 'U+FEFF'],
  'a Hangul filler': ['\u3164', 'U+3164'],
  'half a character': ['\ud83d', 'U+D83D'],
  'a character of private use': ['\ue000', 'U+E000'],
  'a character that is not assigned': ['\u0378', 'U+0378'],
  'a tag': ['\u{e0041}', 'U+E0041'],
} as const;

describe('a text', () => {
  for (const [what, [character, name]] of Object.entries(INVISIBLE)) {
    it(`is found to have ${what}, and read without it`, () => {
      assert.equal(invisibleIn(`a${character}b`), name);
      assert.equal(withoutInvisible(`${character}a${character}b`), 'ab');
    });
  }

  it('may have every letter and sign, a space, a non-breaking space, and a picture', () => {
    for (const text of [
      '',
      'O’CONNEŽ-ŠUSLIK, MARY ÄNN',
      'Город № 5',
      'a\u00a0b',
      'Å\u030a',
      'مكتبة',
      '📚 5 €',
    ]) {
      assert.equal(invisibleIn(text), undefined, text);
      assert.equal(withoutInvisible(text), text);
    }
  });
});

describe('a text on one line', () => {
  it('has a space in place of what ends a line, moves the cursor, or turns the direction', () => {
    assert.equal(oneLine('a\r\nb\u001b[2Jc\u2028d\u202ee'), 'a b [2Jc d e');
    assert.equal(oneLine('Mari-Liis O’Connor  Õun'), 'Mari-Liis O’Connor  Õun');
  });
});
