/**
 * Maps a verified certificate to the person that it identifies. The person is then mapped to claims:
 *
 *   VerifiedCertificate ─ personOf ─▶ Person ─ claimsOf (claims.ts) ─▶ claims by scope
 *        surname, givenName            names
 *        serialNumber                  semantics-identifier.ts
 *        dateOfBirth, serialNumber     birth-date.ts, countries/ (one file per country)
 *
 * The common name is ignored: its layout has changed over the years. (RP API 3.2, Response verification)
 */
import type { VerifiedCertificate } from '../pki/certificate.ts';
import { GIVEN_NAME, SERIAL_NUMBER, SURNAME } from '../pki/distinguished-name.ts';
import { birthDateOf } from './birth-date.ts';
import { IdentityError } from './errors.ts';
import type { Person } from './person.ts';
import { parseSemanticsIdentifier } from './semantics-identifier.ts';

/**
 * The person that a certificate identifies.
 *
 * Names are normalised to Unicode NFC, so that a name compares equal whichever way the issuer encoded accents. A person
 * with a single name has it in either attribute. (ETSI EN 319 412-2: "givenName and/or surname")
 *
 * @throws IdentityError if the identifier or the name is missing or malformed
 */
export function personOf(certificate: VerifiedCertificate): Person {
  const semanticsIdentifier = identifierOf(certificate);
  const identifier = parseSemanticsIdentifier(semanticsIdentifier);
  const givenName = nameOf(certificate, GIVEN_NAME);
  const surname = nameOf(certificate, SURNAME);
  if (givenName === '' && surname === '') {
    throw new IdentityError('name_missing', 'the subject has neither a given name nor a surname');
  }
  const birthdate = birthDateOf(certificate.dateOfBirth, identifier);
  return {
    givenName,
    surname,
    semanticsIdentifier,
    identityType: identifier.type,
    identityCountry: identifier.country,
    identityNumber: identifier.number,
    ...(birthdate === undefined ? {} : { birthdate }),
  };
}

function identifierOf({ subject }: VerifiedCertificate): string {
  const [identifier, ...more] = subject.values(SERIAL_NUMBER);
  if (identifier === undefined) {
    throw new IdentityError('identifier_missing', 'the subject has no serialNumber');
  }
  if (more.length > 0) throw new IdentityError('identifier_malformed', 'the subject has two serialNumbers');
  return identifier;
}

function nameOf({ subject }: VerifiedCertificate, type: string): string {
  return subject.values(type).join(' ').trim().normalize('NFC');
}
