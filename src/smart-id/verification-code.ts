import { createHash } from 'node:crypto';

/**
 * Computes the four digits that the person compares on browser and phone: the last two bytes of the SHA-256 as a
 * big-endian number, modulo 10000. (RP API 3.2, Notification based flows; RP API v2, 2.3.13.2 Computing the
 * verification code)
 *
 * @param rpChallenge raw bytes, not Base64: the challenge in RP API v3, the hash to sign in RP API v2
 */
export function verificationCode(rpChallenge: Uint8Array): string {
  const digest = createHash('sha256').update(rpChallenge).digest();
  return String(digest.readUInt16BE(digest.length - 2) % 10_000).padStart(4, '0');
}
