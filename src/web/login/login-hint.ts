import type { Country } from '../../identity/countries/rules.ts';
import { isSemanticsIdentifier, parseSemanticsIdentifier } from '../../identity/semantics-identifier.ts';
import type { LoginInteraction } from '../../oidc/interaction/login-interaction.ts';

/** The person whom the client expects, by `login_hint`; a hint in another format is ignored. (OpenID Connect Core 3.1.2.1) */
export function hintedPerson({ loginHint }: LoginInteraction): string | undefined {
  if (loginHint === undefined || !isSemanticsIdentifier(loginHint)) return undefined;
  return loginHint;
}

/** The hinted person as country and personal code, if the form offers that country. */
export function hintedCode(
  countries: readonly Country[],
  interaction: LoginInteraction,
): { readonly country: Country; readonly personalCode: string } | undefined {
  const person = hintedPerson(interaction);
  if (person === undefined) return undefined;
  const { type, country: hinted, number } = parseSemanticsIdentifier(person);
  const country = countries.find((each) => each === hinted);
  return type === 'PNO' && country !== undefined ? { country, personalCode: number } : undefined;
}
