import { calendarDate } from '../calendar-date.ts';
import { type PersonalCodeRules, weightedSum, withoutSeparators } from './personal-code-rules.ts';

const DASH = /[\p{Pd}\u2212]/u;
const WEIGHTS = [1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/**
 * Personas kods: DDMMYY, a dash, a digit for the century, four digits. Codes issued since 2017 begin with 32–39 and
 * contain no date. Both kinds have the same check digit.
 */
export const latvia: PersonalCodeRules = {
  country: 'LV',
  example: '160487-10017',
  normalise,
  isWellFormed: (code) => /^\d{6}-\d{5}$/.test(code) && (hasNoDate(code) || birthDate(code) !== undefined),
  hasValidCheckDigit,
  birthDate,
};

/** The dash is optional in the input. A dash at another position makes the code malformed. */
function normalise(input: string): string {
  const parts = input.split(DASH).map(withoutSeparators);
  const code = parts.join('-');
  return /^\d{11}$/.test(code) ? `${code.slice(0, 6)}-${code.slice(6)}` : code;
}

function hasValidCheckDigit(code: string): boolean {
  const digits = code.replace('-', '');
  return Number(digits.at(-1)) === (1101 - weightedSum(digits, WEIGHTS)) % 11;
}

function birthDate(code: string): string | undefined {
  const centuryDigit = Number(code.charAt(7));
  if (hasNoDate(code) || centuryDigit > 2) return undefined;
  const year = 1800 + 100 * centuryDigit + Number(code.slice(4, 6));
  return calendarDate(year, Number(code.slice(2, 4)), Number(code.slice(0, 2)));
}

function hasNoDate(code: string): boolean {
  return /^3[2-9]/.test(code);
}
