import { createHash } from 'node:crypto';

/** SHA-256 of an identifier, Base64url: the lookup key of a row whose identifier is a credential. */
export function lookupHash(identifier: string): string {
  return createHash('sha256').update(identifier).digest('base64url');
}
