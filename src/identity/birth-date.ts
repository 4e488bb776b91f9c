import { calendarDate } from './calendar-date.ts';
import { isCountry, personalCodeRules } from './countries/rules.ts';
import type { SemanticsIdentifier } from './semantics-identifier.ts';

/**
 * A person's birth date, `YYYY-MM-DD`: from the certificate's attribute, else from the personal code if its country's
 * codes contain a date. The attribute has precedence: a personal code does not change when a birth date is corrected.
 *
 * @param attribute dateOfBirth of the certificate (RFC 3739 3.3.1), as the text of the GeneralizedTime; ignored if it is
 *   not a calendar date
 */
export function birthDateOf(
  attribute: string | undefined,
  identifier: SemanticsIdentifier,
): string | undefined {
  return dateOfAttribute(attribute ?? '') ?? dateOfCode(identifier);
}

function dateOfAttribute(attribute: string): string | undefined {
  // DER requires seconds and Z. Issuers write noon UTC, so that the date is the same in every time zone.
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})\d{6}Z$/.exec(attribute) ?? [];
  return calendarDate(Number(year), Number(month), Number(day));
}

function dateOfCode({ type, country, number }: SemanticsIdentifier): string | undefined {
  if (type !== 'PNO' || !isCountry(country)) return undefined;
  const rules = personalCodeRules[country];
  return rules.isWellFormed(number) ? rules.birthDate(number) : undefined;
}
