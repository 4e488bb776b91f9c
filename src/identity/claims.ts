import type { Flow } from '../flows/flows.ts';
import { AGE_CLAIMS } from './age.ts';
import type { CertificateFacts } from './certificate-facts.ts';
import type { CertificateLevel } from './certificate-level.ts';
import type { Person } from './person.ts';

/** The facts about an authentication that become claims. */
export interface AuthenticationFacts {
  readonly documentNumber: string;
  readonly certificateLevel: CertificateLevel;
  readonly flow: Flow;
  /** Which certificate identified the person, if the login has it. */
  readonly certificate?: CertificateFacts | undefined;
}

/** Every claim that Sild supports, by scope; this table is oidc-provider's `claims` configuration. */
export const CLAIMS_BY_SCOPE = {
  openid: ['sub', 'acr', 'amr', 'auth_time', 'sid'],
  profile: ['name', 'given_name', 'family_name', 'birthdate'],
  identity: ['identity_number', 'identity_type', 'identity_country', 'semantics_identifier'],
  smart_id: ['document_number', 'certificate_level', 'flow'],
  age: AGE_CLAIMS,
} as const;

/** Authentication method references (RFC 8176) of every login. */
export const AMR = ['smartid', 'mfa', 'pin'] as const;

/** The authentication context class reference of a certificate level. */
export function acrOf(level: CertificateLevel): string {
  switch (level) {
    case 'QUALIFIED':
      return 'http://eidas.europa.eu/LoA/high';
    case 'ADVANCED':
      return 'http://eidas.europa.eu/LoA/low';
  }
}

/** The claims about a person and their authentication, of all scopes but `age` (age.ts). A claim without a value is omitted. */
export function claimsOf(person: Person, facts: AuthenticationFacts): Record<string, string> {
  const claims = {
    sub: person.semanticsIdentifier,
    name: [person.givenName, person.surname].filter((name) => name !== '').join(' '),
    given_name: person.givenName,
    family_name: person.surname,
    birthdate: person.birthdate ?? '',
    identity_number: person.identityNumber,
    identity_type: person.identityType,
    identity_country: person.identityCountry,
    semantics_identifier: person.semanticsIdentifier,
    document_number: facts.documentNumber,
    certificate_level: facts.certificateLevel,
    flow: facts.flow,
  };
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== ''));
}
