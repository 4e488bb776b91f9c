import { VerificationError } from './errors.ts';

/**
 * Decodes standard Base64 in its canonical form: padded, without white space, unused bits zero. `Buffer.from` ignores
 * invalid characters, so several texts would decode to the same certificate or signature. (RFC 4648, 3.5)
 *
 * @param part name of the member, for the log
 * @throws VerificationError response_part_malformed for any other text, including an empty one
 */
export function decodeCanonicalBase64(text: string, part: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== text) {
    throw new VerificationError('response_part_malformed', `${part} is not canonical Base64`);
  }
  return bytes;
}
