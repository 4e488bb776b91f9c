import { calendarDate } from '../calendar-date.ts';
import { type PersonalCodeRules, withoutSeparators } from './personal-code-rules.ts';

/**
 * National register number: YYMMDD, three digits, two check digits. The date need not be valid: an unknown month or day
 * is 00.
 */
export const belgium: PersonalCodeRules = {
  country: 'BE',
  example: '85073003328',
  normalise: withoutSeparators,
  isWellFormed: (code) => /^\d{11}$/.test(code),
  hasValidCheckDigit: (code) => centuryOf(code) !== undefined,
  birthDate,
};

/** Only the check digits show the century: for births since 2000 they are computed with a 2 before the number. */
function centuryOf(code: string): number | undefined {
  const number = Number(code.slice(0, 9));
  const checkDigits = Number(code.slice(9));
  if (checkDigits === 97 - (number % 97)) return 1900;
  if (checkDigits === 97 - ((2_000_000_000 + number) % 97)) return 2000;
  return undefined;
}

function birthDate(code: string): string | undefined {
  const century = centuryOf(code);
  if (century === undefined) return undefined;
  return calendarDate(century + Number(code.slice(0, 2)), Number(code.slice(2, 4)), Number(code.slice(4, 6)));
}
