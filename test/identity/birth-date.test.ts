import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { birthDateOf } from '../../src/identity/birth-date.ts';
import { parseSemanticsIdentifier } from '../../src/identity/semantics-identifier.ts';

describe('date of birth', () => {
  const cases: [identifier: string, attribute: string | undefined, expected: string | undefined][] = [
    // the attribute wins over the code
    ['PNOEE-40504040001', '19990101120000Z', '1999-01-01'],
    ['PNOEE-40504040001', undefined, '1905-04-04'],
    // an attribute that is no date does not count
    ['PNOEE-40504040001', '19990231120000Z', '1905-04-04'],
    ['PNOEE-40504040001', '1999', '1905-04-04'],
    ['PNOEE-40504040001', '19990101120000+0200', '1905-04-04'],
    // every century of EE and LT
    ['PNOEE-10001019999', undefined, '1800-01-01'],
    ['PNOEE-29912319999', undefined, '1899-12-31'],
    ['PNOEE-30001019999', undefined, '1900-01-01'],
    ['PNOLT-49912319999', undefined, '1999-12-31'],
    ['PNOLT-50001029996', undefined, '2000-01-02'],
    ['PNOEE-69912319999', undefined, '2099-12-31'],
    ['PNOEE-70001019999', undefined, '2100-01-01'],
    // leap days: 1900 had none, 2000 had one
    ['PNOEE-30002299999', undefined, undefined],
    ['PNOEE-50002299999', undefined, '2000-02-29'],
    ['PNOEE-50102299999', undefined, undefined],
    ['PNOEE-50402299999', undefined, '2004-02-29'],
    // LV, old and new
    ['PNOLV-030303-10004', undefined, '1903-03-03'],
    ['PNOLV-010100-29990', undefined, '2000-01-01'],
    ['PNOLV-311299-09990', undefined, '1899-12-31'],
    ['PNOLV-290200-19990', undefined, undefined],
    ['PNOLV-290200-29990', undefined, '2000-02-29'],
    ['PNOLV-329999-99709', undefined, undefined],
    ['PNOLV-391212-12345', undefined, undefined],
    ['PNOLV-329999-99901', '19990329120000Z', '1999-03-29'],
    // BE: the century by which the check digits fit
    ['PNOBE-71010100112', undefined, '1971-01-01'],
    ['PNOBE-00010299944', undefined, '2000-01-02'],
    ['PNOBE-05040400032', undefined, undefined],
    ['PNOBE-00000000197', undefined, undefined],
    // no rule for others, and none for papers
    ['PNOFI-131052-308T', undefined, undefined],
    ['PASEE-40504040001', undefined, undefined],
    ['IDCUA-47101010033', undefined, undefined],
    ['IDCUA-47101010033', '19710101120000Z', '1971-01-01'],
  ];
  for (const [identifier, attribute, expected] of cases) {
    it(`${identifier}, attribute ${attribute ?? 'none'}: ${expected ?? 'none'}`, () => {
      assert.equal(birthDateOf(attribute, parseSemanticsIdentifier(identifier)), expected);
    });
  }
});
