import { calendarDate } from './calendar-date.ts';
import { isCountry, personalCodeRules } from './countries/rules.ts';
import type { SemanticsIdentifier } from './semantics-identifier.ts';

/**
 * A person's birth date, `YYYY-MM-DD`: the certificate's attribute, else what the personal code tells by the rules of its
 * country, else none. The attribute wins: a code is made from a birth date once, and stays when the date is corrected.
 *
 * @param attribute dateOfBirth of the certificate (RFC 3739 3.3.1), as the GeneralizedTime's text; it does not count
 *   where it is no day of the calendar
 */
export function birthDateOf(
  attribute: string | undefined,
  identifier: SemanticsIdentifier,
): string | undefined {
  return dateOfAttribute(attribute ?? '') ?? dateOfCode(identifier);
}

function dateOfAttribute(attribute: string): string | undefined {
  // Issuers write noon UTC, so that it is the same day everywhere; only the date counts. DER wants seconds and Z.
  const [, year, month, day] = /^(\d{4})(\d{2})(\d{2})\d{6}Z$/.exec(attribute) ?? [];
  return calendarDate(Number(year), Number(month), Number(day));
}

function dateOfCode({ type, country, number }: SemanticsIdentifier): string | undefined {
  if (type !== 'PNO' || !isCountry(country)) return undefined;
  const rules = personalCodeRules[country];
  return rules.isWellFormed(number) ? rules.birthDate(number) : undefined;
}
