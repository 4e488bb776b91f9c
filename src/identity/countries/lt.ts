import { birthDateByCenturyDigit, centuryDigitCodeIsValid } from './century-digit-code.ts';
import { type PersonalCodeRules, withoutSeparators } from './personal-code-rules.ts';

/**
 * Asmens kodas. A date is not asked of it: there are codes of people whose day or month of birth is not known, and ones
 * that begin with 9, without a date.
 */
export const lithuania: PersonalCodeRules = {
  country: 'LT',
  example: '48501010003',
  normalise: withoutSeparators,
  isWellFormed: (code) => /^[1-9]\d{10}$/.test(code),
  hasValidCheckDigit: centuryDigitCodeIsValid,
  birthDate: birthDateByCenturyDigit,
};
