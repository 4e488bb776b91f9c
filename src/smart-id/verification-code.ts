import { createHash } from 'node:crypto';

/**
 * The four digits that the person compares between the browser and the phone: the last two bytes of the challenge's
 * SHA-256 as a big-endian number, modulo 10000. (RP API 3.2, Notification based flows)
 *
 * @param rpChallenge the raw bytes, not their Base64
 */
export function verificationCode(rpChallenge: Uint8Array): string {
  const digest = createHash('sha256').update(rpChallenge).digest();
  return String(digest.readUInt16BE(digest.length - 2) % 10_000).padStart(4, '0');
}
