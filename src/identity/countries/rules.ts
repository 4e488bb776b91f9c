/**
 * Personal codes, a file a country. A typed code becomes the semantics identifier of the person:
 *
 *   input ─ normalise ─ well-formed? ─ check digit? ─▶ PNOEE-47101010033
 *
 * The codes of certificates are read by the same rules for their birth date (../birth-date.ts).
 */
import { belgium } from './be.ts';
import { estonia } from './ee.ts';
import { latvia } from './lv.ts';
import { lithuania } from './lt.ts';
import type { PersonalCodeRules } from './personal-code-rules.ts';

export type { PersonalCodeRules } from './personal-code-rules.ts';

/** The countries whose people have Smart-ID accounts by personal code. */
export type Country = PersonalCodeRules['country'];

export const personalCodeRules: Readonly<Record<Country, PersonalCodeRules>> = {
  EE: estonia,
  LV: latvia,
  LT: lithuania,
  BE: belgium,
};

/** In the order in which people are offered them. */
export const COUNTRIES = Object.keys(personalCodeRules) as readonly Country[];

export function isCountry(text: string): text is Country {
  return Object.hasOwn(personalCodeRules, text);
}

export type PersonalCodeCheck =
  | {
      readonly ok: true;
      /** As the country's registers write it. */
      readonly code: string;
      /** `PNOEE-47101010033`. */
      readonly identifier: string;
    }
  | { readonly ok: false; readonly error: 'empty' | 'format' | 'check_digit' };

export interface PersonalCodeOptions {
  /** Whether the check digit has to fit. SK's demo has accounts whose does not, so only live can ask for it. */
  readonly checkDigit: boolean;
}

/** Checks what a person typed as a personal code of a country. */
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
