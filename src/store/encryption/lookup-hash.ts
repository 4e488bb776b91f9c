import { createHash } from 'node:crypto';

/** What a row is found by in place of an identifier that is itself worth stealing: its SHA-256, Base64url. */
export function lookupHash(identifier: string): string {
  return createHash('sha256').update(identifier).digest('base64url');
}
