import { FLOW_TRAITS } from '../../flows/flows.ts';
import { type Country, isCountry, validatePersonalCode } from '../../identity/countries/rules.ts';
import { parseSemanticsIdentifier } from '../../identity/semantics-identifier.ts';
import type { Attempt } from '../../login/attempt.ts';
import type { FailureCode } from '../../login/failure.ts';
import type { LoginPageContext } from './page-context.ts';
import type { PersonalCode } from './remembered-code.ts';

/** Outcomes after which the same code fails again: the person needs another account. */
export const FOR_ANOTHER_ACCOUNT: readonly FailureCode[] = [
  'account_not_suitable',
  'account_unusable',
  'country_not_allowed',
];

/**
 * What was typed for an attempt that has failed, so that it need not be typed again. The attempt is stored sealed, and only
 * the browser that began the login gets here. The code of a person whom the client expects was not typed here: it is not shown.
 */
export function typedCodeOf(
  { interaction }: Pick<LoginPageContext, 'interaction'>,
  attempt: Attempt | undefined,
): PersonalCode | undefined {
  if (attempt?.state !== 'failed' || !FLOW_TRAITS[attempt.flow].sendsPush) return undefined;
  if (interaction.expectedPerson !== undefined || attempt.identifier === undefined) return undefined;
  if (FOR_ANOTHER_ACCOUNT.includes(attempt.failure.code)) return undefined;
  const { country, number } = parseSemanticsIdentifier(attempt.identifier);
  return isCountry(country) ? { country, number } : undefined;
}

/** The other countries on offer whose rules the code fits, check digit included. */
export function otherCountriesOf(
  countries: readonly Country[],
  { country, number }: PersonalCode,
): readonly Country[] {
  return countries.filter(
    (each) => each !== country && validatePersonalCode(each, number, { checkDigit: true }).ok,
  );
}
