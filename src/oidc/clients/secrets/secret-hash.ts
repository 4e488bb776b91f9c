/**
 * Client secrets of which Sild has only the SHA-256. They are stored in place of the secret, as `sha256:HEX`, or as
 * `sha256:HEX+HEX` while an application changes from one secret to another. A fast hash is enough for random secrets, and no
 * others are accepted by hash.
 */
import { createHash } from 'node:crypto';
import { equalInConstantTime } from '../../../constant-time.ts';

const PREFIX = 'sha256:';
const HASHED = /^sha256:([0-9a-f]{64})(?:\+([0-9a-f]{64}))?$/;

/** @param hashes one or two, of 64 lower-case hexadecimal digits each */
export function hashedSecret(hashes: readonly string[]): string {
  return `${PREFIX}${hashes.join('+')}`;
}

export function isHashedSecret(secret: string): boolean {
  return secret.startsWith(PREFIX);
}

/** In hexadecimal. */
function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** The hashes of a stored secret: those that are stored in its place, or its own. */
export function hashesIn(stored: string): readonly string[] {
  if (!isHashedSecret(stored)) return [secretHash(stored)];
  const [, ...hashes] = HASHED.exec(stored) ?? [];
  return hashes.filter((hash: string | undefined) => hash !== undefined);
}

/** Whether the hash of a secret is stored. The stored text itself is not accepted as a secret. */
export function matchesHash(stored: string, secret: string): boolean {
  return (
    isHashedSecret(stored) && hashesIn(stored).some((hash) => equalInConstantTime(hash, secretHash(secret)))
  );
}
