import { acrOf, AMR } from '../../identity/claims.ts';
import { isSemanticsIdentifier } from '../../identity/semantics-identifier.ts';
import type { ClaimsProfile } from './claims-profile.ts';

/** OpenID Connect Core's claims, and Sild's by scope. */
export const standard: ClaimsProfile = {
  amr: AMR,
  acrOf,
  subjectOf: (identifier) => identifier,
  identifierOf: (subject) => (isSemanticsIdentifier(subject) ? subject : undefined),
  hasSubject: () => true,
  leastLevel: () => undefined,
  cancelled: { error: 'access_denied', error_description: 'user_cancel' },
  alwaysClaims: () => ({}),
  keepsState: false,
};
