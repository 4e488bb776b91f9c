import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { birthDateOf } from '../../src/identity/birth-date.ts';
import { parseSemanticsIdentifier } from '../../src/identity/semantics-identifier.ts';

describe('date of birth', () => {
  const cases: [identifier: string, attribute: string | undefined, expected: string | undefined][] = [
    // the attribute has precedence over the code
    ['PNOEE-40504040001', '19990101120000Z', '1999-01-01'],
    ['PNOEE-40504040001', undefined, '1905-04-04'],
    // an attribute that is not a date is ignored
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
    // BE: the check digits show the century
    ['PNOBE-71010100112', undefined, '1971-01-01'],
    ['PNOBE-00010299944', undefined, '2000-01-02'],
    ['PNOBE-05040400032', undefined, undefined],
    ['PNOBE-00000000197', undefined, undefined],
    // no rules for other countries and for documents
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

describe('date of birth at the start and end of every month of four centuries', () => {
  const codes: Record<string, (date: DayOfBirth) => readonly string[]> = {
    EE: ({ year, month, day }) => ofCenturyDigit('PNOEE', year, month, day),
    LT: ({ year, month, day }) => ofCenturyDigit('PNOLT', year, month, day),
    LV: ({ year, month, day }) =>
      year < 2100 && day < 32
        ? [`PNOLV-${two(day)}${two(month)}${two(year)}-${Math.floor(year / 100) - 18}0000`]
        : [],
    BE: ({ year, month, day }) => (year >= 1900 && year < 2100 ? [belgian(year, month, day)] : []),
  };
  for (const [country, codesOf] of Object.entries(codes)) {
    it(`reads the codes of ${country}`, () => {
      let read = 0;
      for (const date of days()) {
        const expected = isOfTheCalendar(date)
          ? `${date.year}-${two(date.month)}-${two(date.day)}`
          : undefined;
        for (const code of codesOf(date)) {
          assert.equal(birthDateOf(undefined, parseSemanticsIdentifier(code)), expected, code);
          read += expected === undefined ? 0 : 1;
        }
      }
      assert.ok(read > 10_000, String(read));
    });
  }

  it('reads the attribute', () => {
    for (const date of days()) {
      const { year, month, day } = date;
      const expected = isOfTheCalendar(date) ? `${year}-${two(month)}-${two(day)}` : undefined;
      const nobody = parseSemanticsIdentifier('PASUA-PU12345');
      assert.equal(birthDateOf(`${year}${two(month)}${two(day)}120000Z`, nobody), expected);
    }
  });
});

interface DayOfBirth {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** Dates from 1800 to 2199, including months and days that do not exist. */
function* days(): Generator<DayOfBirth> {
  for (let year = 1800; year < 2200; year += 1) {
    for (let month = 0; month <= 13; month += 1) {
      for (const day of [0, 1, 15, 28, 29, 30, 31, 32]) yield { year, month, day };
    }
  }
}

/** Uses JavaScript's calendar: 1800, 1900 and 2100 have no leap day, 2000 has one. */
function isOfTheCalendar({ year, month, day }: DayOfBirth): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** The first digit is 1 or 2 for 18xx, up to 7 or 8 for 21xx. */
function ofCenturyDigit(prefix: string, year: number, month: number, day: number): readonly string[] {
  const digit = 2 * Math.floor((year - 1800) / 100) + 1;
  return [digit, digit + 1].map((first) => `${prefix}-${first}${two(year)}${two(month)}${two(day)}0000`);
}

function belgian(year: number, month: number, day: number): string {
  const number = `${two(year)}${two(month)}${two(day)}997`;
  const counted = Number(year >= 2000 ? `2${number}` : number);
  return `PNOBE-${number}${two(97 - (counted % 97))}`;
}

function two(number: number): string {
  return String(number % 100).padStart(2, '0');
}
