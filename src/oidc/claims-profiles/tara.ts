/**
 * The claims of TARA, the authentication service of the Estonian state, for services that were written for it. (TARA technical
 * specification 4.2, 4.3.1, 4.4: https://e-gov.github.io/TARA-Doku/TechnicalSpecification)
 */
import { randomUUID } from 'node:crypto';
import type { CertificateLevel } from '../../identity/certificate-level.ts';
import { isSemanticsIdentifier, parseSemanticsIdentifier } from '../../identity/semantics-identifier.ts';
import type { LoginResult } from '../../login/login-result.ts';
import type { ClaimsProfile } from './claims-profile.ts';

const AMR = ['smartid'] as const;
const LEVELS: Readonly<Record<CertificateLevel, string>> = { QUALIFIED: 'high', ADVANCED: 'low' };

export const tara: ClaimsProfile = {
  amr: AMR,
  acrOf: (level) => LEVELS[level],
  subjectOf(identifier) {
    const { country, number } = parseSemanticsIdentifier(identifier);
    return `${country}${number}`;
  },
  identifierOf(subject) {
    const identifier = `PNO${subject.slice(0, 2)}-${subject.slice(2)}`;
    return isSemanticsIdentifier(identifier) ? identifier : undefined;
  },
  // The subject does not tell a personal number from the number of a passport or an identity card.
  hasSubject: ({ identityType }) => identityType === 'PNO',
  // `substantial` is the default, and more than `low`. (4.1, acr_values)
  leastLevel: ({ acr_values: asked }) => (asked === 'low' ? undefined : 'QUALIFIED'),
  cancelled: { error: 'user_cancel', error_description: 'User canceled the authentication process.' },
  alwaysClaims: (login, use) => (use === 'id_token' ? idTokenClaims(login) : userinfoClaims(login)),
  keepsState: true,
};

function idTokenClaims(login: LoginResult): Readonly<Record<string, unknown>> {
  return {
    jti: randomUUID(),
    // A client with a clock that is a little slow must not refuse its token.
    nbf: login.authenticatedAt,
    profile_attributes: attributesOf(login),
    ...(login.requestState === undefined ? {} : { state: login.requestState }),
  };
}

function userinfoClaims(login: LoginResult): Readonly<Record<string, unknown>> {
  return {
    ...attributesOf(login),
    amr: AMR,
    acr: LEVELS[login.certificateLevel],
    auth_time: login.authenticatedAt,
  };
}

function attributesOf({ person: { givenName, surname, birthdate } }: LoginResult) {
  return {
    ...(birthdate === undefined ? {} : { date_of_birth: birthdate }),
    family_name: surname,
    given_name: givenName,
  };
}
