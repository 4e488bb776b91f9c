/**
 * Signatures of cookies, the same as those of the package keygrip (HMAC-SHA-1, Base64url), with keys that are prepared once, and compared
 * without making two more hashes. In an HMAC, SHA-1 is not broken. (RFC 6151 has the like for MD5; NIST SP 800-107 5.3.4)
 */
import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import { equalInConstantTime } from '../constant-time.ts';

/** What the package cookies takes for its keys. */
export interface CookieSignatures {
  sign(text: string): string;
  verify(text: string, signature: string): boolean;
  /** Which key has made a signature; -1: none. A cookie with another than the first one is signed again. */
  index(text: string, signature: string): number;
}

/** @param values the first one signs; at least one */
export function createCookieSignatures(values: readonly string[]): CookieSignatures {
  const keys = values.map((value) => createSecretKey(value, 'utf8'));
  const [first] = keys;
  if (!first) throw new Error('there is no key for cookies');
  const index = (text: string, signature: string) =>
    keys.findIndex((key) => equalInConstantTime(signature, signatureOf(key, text)));
  return {
    sign: (text) => signatureOf(first, text),
    verify: (text, signature) => index(text, signature) >= 0,
    index,
  };
}

function signatureOf(key: KeyObject, text: string): string {
  return createHmac('sha1', key).update(text).digest('base64url');
}
