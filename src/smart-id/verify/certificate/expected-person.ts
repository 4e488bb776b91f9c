import type { VerifiedCertificate } from '../../../pki/certificate.ts';
import type { AuthenticationSession, CertificateLevel } from '../../authentication.ts';
import { VerificationError } from '../errors.ts';

const SERIAL_NUMBER = '2.5.4.5';
/** ETSI EN 319 412-1: a natural person by personal number, passport or identity card. */
const SEMANTICS_IDENTIFIER = /^(?:PNO|PAS|IDC)[A-Z]{2}-[0-9A-Za-z](?:[0-9A-Za-z-]{0,28}[0-9A-Za-z])?$/;
/** What follows the identifier in a document number: the account, and whether it is a qualified one. */
const ACCOUNTS: Readonly<Record<CertificateLevel, RegExp>> = {
  QUALIFIED: /^-[0-9A-Z]{1,32}-Q$/,
  ADVANCED: /^-[0-9A-Z]{1,32}-NQ$/,
};

/**
 * Step 9: the certificate names a person, the one who was expected where somebody was, and the document number is that
 * person's, of an account of the certificate's level. The answer's signature does not cover the document number, so the
 * certificate has to confirm it where it can: by the alternative name that Smart-ID puts there.
 *
 * @param level of the certificate
 * @param session whom it expects: nobody in particular where it is anonymous, one account where that was asked
 * @throws VerificationError subject_identifier_missing, subject_identifier_malformed, person_mismatch,
 * document_number_mismatch
 */
export function requirePerson(
  { subject, alternativeCommonNames }: VerifiedCertificate,
  documentNumber: string,
  level: CertificateLevel,
  session: Pick<AuthenticationSession, 'expectedIdentifier' | 'expectedDocumentNumber'>,
): void {
  const { expectedIdentifier: expected, expectedDocumentNumber } = session;
  const identifier = onlyIdentifier(subject.values(SERIAL_NUMBER));
  if (expected !== undefined && identifier !== expected) {
    throw new VerificationError('person_mismatch', 'the certificate is of another person than was asked for');
  }
  if (
    !documentNumber.startsWith(identifier) ||
    !ACCOUNTS[level].test(documentNumber.slice(identifier.length))
  ) {
    throw new VerificationError(
      'document_number_mismatch',
      `the document number is not of one of the person’s ${level} accounts`,
    );
  }
  if (expectedDocumentNumber !== undefined && documentNumber !== expectedDocumentNumber) {
    throw new VerificationError(
      'document_number_mismatch',
      'the answer is of another account than was asked for',
    );
  }
  if (alternativeCommonNames.some((name) => name !== documentNumber)) {
    throw new VerificationError('document_number_mismatch', 'the certificate is of another document number');
  }
}

function onlyIdentifier([identifier, ...more]: readonly string[]): string {
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
