import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Country, personalCodeRules, validatePersonalCode } from '../../src/identity/countries/rules.ts';

describe('personal codes', () => {
  for (const [country, rules] of Object.entries(personalCodeRules)) {
    it(`${country}: the example is valid`, () => {
      const result = validatePersonalCode(country as Country, rules.example, { checkDigit: true });
      assert.deepEqual(result, {
        ok: true,
        code: rules.example,
        identifier: `PNO${country}-${rules.example}`,
      });
      assert.match(rules.birthDate(rules.example) ?? '', /^\d{4}-\d\d-\d\d$/);
    });
  }

  const valid: [Country, string][] = [
    ['EE', '40504040001'],
    ['EE', '50001029996'],
    ['EE', '39901012239'],
    ['LT', '40504040001'],
    ['LT', '30303039914'],
    ['LV', '030303-10004'],
    ['LV', '050405-10009'],
    ['LV', '329999-99901'],
    ['LV', '320000-10003'],
    ['BE', '00010299944'],
    ['BE', '71010100112'],
  ];
  for (const [country, code] of valid) {
    it(`${country} ${code}has valid check digits`, () => {
      assert.ok(validatePersonalCode(country, code, { checkDigit: true }).ok);
    });
  }

  const wrong: [Country, string][] = [
    ['EE', '40504040002'],
    ['LT', '40504040010'],
    ['LV', '010111-22341'],
    ['LV', '329999-99902'],
    ['BE', '05040400032'],
  ];
  for (const [country, code] of wrong) {
    it(`${country} ${code}has wrong check digits and is refused only for the live service`, () => {
      assert.deepEqual(validatePersonalCode(country, code, { checkDigit: true }), {
        ok: false,
        error: 'check_digit',
      });
      assert.ok(validatePersonalCode(country, code, { checkDigit: false }).ok);
    });
  }

  it('each serial number has exactly one valid check digit, including those that need the second weights', () => {
    const codes = Array.from({ length: 10_000 }, (_, serial) => `3990101${String(serial).padStart(4, '0')}`);
    const right = codes.filter((code) => personalCodeRules.EE.hasValidCheckDigit(code));
    assert.equal(right.length, 1000, 'each serial number has exactly one check digit');
  });

  it('Latvia: the check digit detects every single wrong digit', () => {
    const code = '050405-10009';
    for (const [index, digit] of Array.from(code).entries()) {
      if (digit === '-') continue;
      for (const other of '0123456789'.replace(digit, '')) {
        const typo = code.slice(0, index) + other + code.slice(index + 1);
        assert.ok(!personalCodeRules.LV.hasValidCheckDigit(typo), typo);
      }
    }
  });

  const typed: [Country, string, string][] = [
    ['EE', ' 4050 404 0001 ', '40504040001'],
    ['LV', '03030310004', '030303-10004'],
    ['LV', '030303 - 10004', '030303-10004'],
    ['LV', '030303\u201310004', '030303-10004'],
    ['LV', '329999 99901', '329999-99901'],
    ['LV', '391212-12345', '391212-12345'],
    ['BE', '00.01.02-999.44', '00010299944'],
    ['EE', '\u200b40504040001\u00a0', '40504040001'],
    // an unknown date of birth, and a code without a date
    ['LT', '49900010000', '49900010000'],
    ['LT', '99900000000', '99900000000'],
    ['LT', '405 0404-0001', '40504040001'],
  ];
  for (const [country, input, code] of typed) {
    it(`${country} "${input}" is read as ${code}`, () => {
      const result = validatePersonalCode(country, input, { checkDigit: false });
      assert.ok(result.ok);
      assert.equal(result.code, code);
    });
  }

  const refused: [Country, string, 'empty' | 'format'][] = [
    ['EE', '', 'empty'],
    ['EE', '  - ', 'empty'],
    ['EE', '4050404000', 'format'],
    ['EE', '405040400011', 'format'],
    ['EE', '90504040001', 'format'],
    ['EE', '4050404000a', 'format'],
    ['EE', '４０５０４０４０００１', 'format'],
    ['EE', '../session/1', 'format'],
    ['EE', '47113010033', 'format'],
    ['EE', 'PNOEE-40504040001', 'format'],
    ['LT', '09901010000', 'format'],
    ['LV', '0303031-0004', 'format'],
    ['LV', '310203-10004', 'format'],
    ['LV', '030303-40004', 'format'],
    ['BE', '0001029994', 'format'],
  ];
  for (const [country, input, error] of refused) {
    it(`${country} "${input}" is refused: ${error}`, () => {
      assert.deepEqual(validatePersonalCode(country, input, { checkDigit: false }), { ok: false, error });
    });
  }
});
