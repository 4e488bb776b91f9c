import { certificateFactsOf } from '../identity/certificate-facts.ts';
import { personOf } from '../identity/person-of-certificate.ts';
import type { AuthenticatedPerson } from '../login/authenticator.ts';
import type { VerifiedAuthentication } from './authentication.ts';
import type { Evidence } from './evidence/evidence.ts';

/**
 * Returns the person whom a verified authentication names. This is the only place where `smart-id/` creates an
 * `AuthenticatedPerson`.
 *
 * @param evidence for a receipt; undefined: none is kept
 *
 * @throws IdentityError when the certificate does not name a person
 */
export function authenticatedPersonOf(
  { certificate, certificateLevel, documentNumber, flow }: VerifiedAuthentication,
  evidence?: Evidence,
): AuthenticatedPerson {
  return {
    person: personOf(certificate),
    certificateLevel,
    documentNumber,
    flow,
    certificate: certificateFactsOf(certificate),
    ...(evidence && { evidence }),
  } as AuthenticatedPerson;
}
