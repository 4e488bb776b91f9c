import { birthDateByCenturyDigit, centuryDigitCodeIsValid } from './century-digit-code.ts';
import { type PersonalCodeRules, withoutSeparators } from './personal-code-rules.ts';

/**
 * Asmens kodas. The date need not be valid: the day or month of birth may be unknown, and codes that begin with 9 contain
 * no date.
 */
export const lithuania: PersonalCodeRules = {
  country: 'LT',
  example: '48501010003',
  normalise: withoutSeparators,
  isWellFormed: (code) => /^[1-9]\d{10}$/.test(code),
  hasValidCheckDigit: centuryDigitCodeIsValid,
  birthDate: birthDateByCenturyDigit,
};
