/** How an interaction ends, in the terms of oidc-provider: with a login and its grant, or with the error that the client gets. */
import type { InteractionResults } from 'oidc-provider';
import type { ClientRefusal } from '../../login/client-refusal.ts';
import type { LoginResult } from '../../login/login-result.ts';
import { isAcrEssential } from '../claims/requested-acr.ts';
import { rememberedSeconds } from '../remember-login.ts';
import { acrFor, type AskedLogin, type LoginGrants } from './login-grant.ts';
import type { AbortReason } from './login-interaction.ts';

const REFUSALS: Readonly<Record<ClientRefusal, string>> = {
  person_mismatch: 'another person than expected',
  country_not_allowed: 'the country of the person is not allowed',
  account_not_suitable: 'the level of the certificate is too low',
};

/** The request's essential `acr` is not met. (OpenID Connect Core Error Code unmet_authentication_requirements 1.0) */
const UNMET: InteractionResults = {
  error: 'unmet_authentication_requirements',
  error_description: 'the login does not have the essential acr',
};

/** Creates the grant of a login; for a login that the client does not get, the error. */
export async function resultOf(
  grants: LoginGrants,
  found: AskedLogin,
  login: LoginResult,
): Promise<InteractionResults> {
  const refusal = await grants.refusalFor(found, login);
  if (refusal) return { error: 'access_denied', error_description: REFUSALS[refusal] };
  // The eID was asked for this level.
  const acr = acrFor(found, login);
  if (acr === undefined) return UNMET;
  const { grantId, accountId } = await grants.create(found, login, rememberedSeconds(found.client));
  return {
    login: {
      accountId,
      acr,
      amr: [...found.profile.amr],
      // Without `ts`, oidc-provider sets auth_time to the moment at which the browser resumes the request.
      remember: false,
    },
    consent: { grantId },
  };
}

export function abortedBecause(
  reason: AbortReason,
  { params, profile: { cancelled } }: AskedLogin,
): InteractionResults {
  switch (reason) {
    case 'account_not_suitable':
      return isAcrEssential(params) ? UNMET : { ...cancelled };
    case 'user_cancel':
      return { ...cancelled };
  }
}
