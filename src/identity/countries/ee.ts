import { birthDateByCenturyDigit, centuryDigitCodeIsValid } from './century-digit-code.ts';
import { type PersonalCodeRules, withoutSeparators } from './personal-code-rules.ts';

/** Isikukood. Every code contains a birth date. */
export const estonia: PersonalCodeRules = {
  country: 'EE',
  example: '47101010033',
  normalise: withoutSeparators,
  isWellFormed: (code) => /^[1-8]\d{10}$/.test(code) && birthDateByCenturyDigit(code) !== undefined,
  hasValidCheckDigit: centuryDigitCodeIsValid,
  birthDate: birthDateByCenturyDigit,
};
