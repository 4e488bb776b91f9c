import type { VerifiedCertificate } from '../../../pki/certificate.ts';
import { SERIAL_NUMBER } from '../../../pki/distinguished-name.ts';
import type { CertificateLevel } from '../../../identity/certificate-level.ts';
import type { AskedAuthentication } from '../../authentication.ts';
import { VerificationError } from '../errors.ts';

/** A natural person by personal number, passport or identity card. (ETSI EN 319 412-1, 5.1.3) */
const SEMANTICS_IDENTIFIER = /^(?:PNO|PAS|IDC)[A-Z]{2}-[0-9A-Za-z](?:[0-9A-Za-z-]{0,28}[0-9A-Za-z])?$/;
/** The part of a document number after the identifier: the account, and Q (qualified) or NQ. */
const ACCOUNTS: Readonly<Record<CertificateLevel, RegExp>> = {
  QUALIFIED: /^-[0-9A-Z]{1,32}-Q$/,
  ADVANCED: /^-[0-9A-Z]{1,32}-NQ$/,
};

/**
 * Step 9: the certificate names a person, who is the expected person if the session has one, and the document number is
 * of an account of that person and of the certificate's level. The signature does not cover the document number, so it
 * is also compared with the subject alternative name in which Smart-ID certificates repeat it, if there is one.
 *
 * @param level of the certificate
 * @param session the expected person or account; an anonymous session expects neither
 * @throws VerificationError subject_identifier_missing, subject_identifier_malformed, person_mismatch,
 * document_number_mismatch
 */
export function requirePerson(
  { subject, alternativeCommonNames }: VerifiedCertificate,
  documentNumber: string,
  level: CertificateLevel,
  session: Pick<AskedAuthentication, 'expectedIdentifier' | 'expectedDocumentNumber'>,
): void {
  const { expectedIdentifier: expected, expectedDocumentNumber } = session;
  const identifier = semanticsIdentifier(subject.values(SERIAL_NUMBER));
  if (expected !== undefined && identifier !== expected) {
    throw new VerificationError('person_mismatch', 'the certificate does not name the expected person');
  }
  if (
    !documentNumber.startsWith(identifier) ||
    !ACCOUNTS[level].test(documentNumber.slice(identifier.length))
  ) {
    throw new VerificationError(
      'document_number_mismatch',
      `the document number is not of a ${level} account of the person`,
    );
  }
  if (expectedDocumentNumber !== undefined && documentNumber !== expectedDocumentNumber) {
    throw new VerificationError(
      'document_number_mismatch',
      'the document number is not of the expected account',
    );
  }
  if (alternativeCommonNames.some((name) => name !== documentNumber)) {
    throw new VerificationError('document_number_mismatch', 'the certificate has another document number');
  }
}

function semanticsIdentifier([identifier, ...more]: readonly string[]): string {
  if (identifier === undefined) {
    throw new VerificationError('subject_identifier_missing', 'the subject has no serialNumber');
  }
  if (more.length > 0 || !SEMANTICS_IDENTIFIER.test(identifier)) {
    throw new VerificationError(
      'subject_identifier_malformed',
      'the subject’s serialNumber is not one semantics identifier',
    );
  }
  return identifier;
}
