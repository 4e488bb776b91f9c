import { VerificationError } from './errors.ts';

/**
 * Decodes standard Base64 in its one canonical spelling: padded, no white space, no stray bits. `Buffer.from` alone
 * takes nearly anything, and then several texts would stand for one certificate or signature.
 *
 * @param part what the text is in the answer, for the log
 * @throws VerificationError response_part_malformed for any other text, and for an empty one
 */
export function decodeCanonicalBase64(text: string, part: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== text) {
    throw new VerificationError('response_part_malformed', `${part} is not canonical Base64`);
  }
  return bytes;
}
