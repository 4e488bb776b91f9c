import { calendarDate } from '../calendar-date.ts';
import { weightedSum } from './personal-code-rules.ts';

const WEIGHTS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 1];
const SECOND_WEIGHTS = [3, 4, 5, 6, 7, 8, 9, 1, 2, 3];

/**
 * Checks the check digit of the layout of Estonia and Lithuania: a digit for sex and century, YYMMDD, three digits, a
 * check digit.
 *
 * @param code 11 digits
 */
export function centuryDigitCodeIsValid(code: string): boolean {
  const first = weightedSum(code, WEIGHTS) % 11;
  const remainder = first === 10 ? weightedSum(code, SECOND_WEIGHTS) % 11 : first;
  return Number(code.at(-1)) === remainder % 10;
}

/**
 * The first digit is 1 or 2 for men and women born in 18xx, 3 or 4 for 19xx, and so on.
 *
 * @param code 11 digits
 */
export function birthDateByCenturyDigit(code: string): string | undefined {
  const centuryDigit = Number(code.at(0));
  if (centuryDigit < 1 || centuryDigit > 8) return undefined;
  const century = 1800 + 100 * Math.floor((centuryDigit - 1) / 2);
  return calendarDate(century + Number(code.slice(1, 3)), Number(code.slice(3, 5)), Number(code.slice(5, 7)));
}
