import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isCountryCode } from '../src/country-code.ts';

const LETTERS = Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZ');

describe('a country code', () => {
  it('is one of the 249 of ISO 3166-1, or that of Kosovo', () => {
    const pairs = LETTERS.flatMap((first) => LETTERS.map((second) => first + second));
    assert.equal(pairs.filter(isCountryCode).length, 249 + 1);
    for (const code of ['EE', 'LV', 'LT', 'BE', 'GB', 'GR', 'CW', 'XK']) assert.ok(isCountryCode(code), code);
  });

  for (const text of ['', 'E', 'ee', 'EST', 'XX', 'ZZ', 'EU', 'UK', 'EL', 'SU', 'E1', 'EE ']) {
    it(`is not ${JSON.stringify(text)}`, () => {
      assert.ok(!isCountryCode(text));
    });
  }
});
