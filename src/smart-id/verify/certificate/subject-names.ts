import type { VerifiedCertificate } from '../../../pki/certificate.ts';
import { GIVEN_NAME, SURNAME } from '../../../pki/distinguished-name.ts';
import { VerificationError } from '../errors.ts';

/** Control characters, separators of lines, halves of characters, and characters that turn the direction of the text. (UAX #9, 2) */
const NEVER_IN_NAMES = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\p{Bidi_Control}]/u;

/**
 * Step 9, continued: the names are text that shows what it says. In claims, other characters would make a name look like
 * another one, or break the line of a log or a page of a client.
 *
 * @throws VerificationError subject_name_malformed
 */
export function requireReadableNames({ subject }: VerifiedCertificate): void {
  const names = [SURNAME, GIVEN_NAME].flatMap((type) => subject.values(type));
  if (names.some((name) => NEVER_IN_NAMES.test(name))) {
    throw new VerificationError(
      'subject_name_malformed',
      'a name in the subject has a control character or one that turns the direction of text',
    );
  }
}
