import type { Country } from '../../identity/countries/rules.ts';
import { parseSemanticsIdentifier } from '../../identity/semantics-identifier.ts';
import type { LoginInteraction } from '../../oidc/interaction/login-interaction.ts';

/** The personal code of the person whom the client expects. */
export interface ExpectedCode {
  readonly identifier: string;
  readonly country: Country;
  /** The code is personal data: a page shows its last four characters only, since anybody can open a login for any hint. */
  readonly lastFour: string;
}

/**
 * Whom a push may go to: `anybody` where the client expects no particular person, `nobody` where it expects a person who has
 * no personal code of a country that the form accepts.
 */
export function pushRecipient(
  countries: readonly Country[],
  { expectedPerson }: Pick<LoginInteraction, 'expectedPerson'>,
): ExpectedCode | 'anybody' | 'nobody' {
  if (expectedPerson === undefined) return 'anybody';
  const { type, country: expected, number } = parseSemanticsIdentifier(expectedPerson);
  const country = countries.find((each) => each === expected);
  if (type !== 'PNO' || country === undefined) return 'nobody';
  return { identifier: expectedPerson, country, lastFour: number.slice(-4) };
}
