import { isCountryAllowed } from '../../flows/offered-flows.ts';
import { parseSemanticsIdentifier } from '../../identity/semantics-identifier.ts';
import type { LoginInteraction } from '../../oidc/interaction/login-interaction.ts';

/** The person whom the client expects. Nothing is typed for them, so the country needs no form: Smart-ID knows every identifier. */
export interface ExpectedPerson {
  readonly identifier: string;
  readonly type: 'PNO' | 'PAS' | 'IDC';
  readonly country: string;
  /**
   * The end of the number: its last four characters, less of a short one. The number is personal data, and anybody can open a login
   * for any hint.
   */
  readonly end: string;
}

/** Whom a push goes to: `anybody` where the client expects no particular person. */
export function pushRecipient({
  expectedPerson,
}: Pick<LoginInteraction, 'expectedPerson'>): ExpectedPerson | 'anybody' {
  if (expectedPerson === undefined) return 'anybody';
  const { type, country, number } = parseSemanticsIdentifier(expectedPerson);
  const shown = Math.min(4, Math.max(1, Math.floor(number.length / 2)));
  return { identifier: expectedPerson, type, country, end: number.slice(number.length - shown) };
}

/** Whether the client expects a person whose country it does not accept: then nobody can log in, by any flow. */
export function expectsNobody({
  expectedPerson,
  settings,
}: Pick<LoginInteraction, 'expectedPerson' | 'settings'>): boolean {
  return (
    expectedPerson !== undefined &&
    !isCountryAllowed(settings.allowedCountries, parseSemanticsIdentifier(expectedPerson).country)
  );
}
