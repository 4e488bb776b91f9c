/**
 * Personal codes, one file per country. A typed code becomes the semantics identifier of the person:
 *
 *   input ─ normalise ─ well-formed? ─ check digit? ─▶ PNOEE-47101010033
 *
 * The same rules read the birth date from a certificate's personal code (../birth-date.ts).
 */
import { belgium } from './be.ts';
import { estonia } from './ee.ts';
import { latvia } from './lv.ts';
import { lithuania } from './lt.ts';
import type { PersonalCodeRules } from './personal-code-rules.ts';

export type { PersonalCodeRules } from './personal-code-rules.ts';

/** The countries in which a personal code identifies a Smart-ID account. */
export type Country = PersonalCodeRules['country'];

export const personalCodeRules: Readonly<Record<Country, PersonalCodeRules>> = {
  EE: estonia,
  LV: latvia,
  LT: lithuania,
  BE: belgium,
};

/** In the order of the login form. */
export const COUNTRIES = Object.keys(personalCodeRules) as readonly Country[];

export function isCountry(text: string): text is Country {
  return Object.hasOwn(personalCodeRules, text);
}

export type PersonalCodeCheck =
  | {
      readonly ok: true;
      /** In the notation of the country's registers. */
      readonly code: string;
      /** `PNOEE-47101010033`. */
      readonly identifier: string;
    }
  | { readonly ok: false; readonly error: 'empty' | 'format' | 'check_digit' };

export interface PersonalCodeOptions {
  /** Whether to verify the check digit. SK's demo has accounts with wrong ones, so this is only for live. */
  readonly checkDigit: boolean;
}

/** Validates typed input as a personal code of a country. */
export function validatePersonalCode(
  country: Country,
  input: string,
  options: PersonalCodeOptions,
): PersonalCodeCheck {
  const rules = personalCodeRules[country];
  const code = rules.normalise(input);
  if (code === '') return { ok: false, error: 'empty' };
  if (!rules.isWellFormed(code)) return { ok: false, error: 'format' };
  if (options.checkDigit && !rules.hasValidCheckDigit(code)) return { ok: false, error: 'check_digit' };
  return { ok: true, code, identifier: `PNO${country}-${code}` };
}
