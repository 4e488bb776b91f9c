import { personOf } from '../identity/person-of-certificate.ts';
import type { AuthenticatedPerson } from '../login/authenticator.ts';
import type { VerifiedAuthentication } from './authentication.ts';

/**
 * The person of a verified authentication: the only place where Smart-ID makes an `AuthenticatedPerson`.
 *
 * @throws IdentityError when the certificate does not name a person
 */
export function authenticatedPersonOf({
  certificate,
  certificateLevel,
  documentNumber,
  flow,
}: VerifiedAuthentication): AuthenticatedPerson {
  return { person: personOf(certificate), certificateLevel, documentNumber, flow } as AuthenticatedPerson;
}
