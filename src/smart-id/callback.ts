/**
 * The callback of Web2App: where the app leads the browser back to, and what it brings. (RP API 3.2, Callback URLs)
 *
 *   initialCallbackUrl ─ sent with the session ─▶ app ─▶ browser ─ sessionSecretDigest, userChallengeVerifier ─▶ CallbackParameters
 *
 * What is brought proves that the browser that comes back is the one that the app was opened from: the digest that the
 * session is the one this login started, the verifier that it is the one whose answer the person signed.
 */
import { createHash, timingSafeEqual } from 'node:crypto';

/** The longest that SK allows, in characters. */
const MAX_URL_LENGTH = 1_800;

/**
 * A callback URL as Smart-ID takes it: https, no fragment, `|` percent-encoded since it separates what is signed.
 *
 * @param options.loopback whether plain http to this machine will do, as it does for the simulator alone
 * @throws RangeError for a URL that cannot be made one
 */
export function initialCallbackUrl(url: string, { loopback }: { readonly loopback: boolean }): string {
  const encoded = url.replaceAll('|', '%7C');
  if (encoded.length > MAX_URL_LENGTH)
    throw new RangeError('the callback URL is longer than 1,800 characters');
  if (!/^[\x21-\x7e]+$/.test(encoded) || encoded.includes('#') || !URL.canParse(encoded)) {
    throw new RangeError('the callback URL is no URL, or has a fragment');
  }
  const { protocol, hostname } = new URL(encoded);
  if (protocol !== 'https:' && !(loopback && protocol === 'http:' && isLoopback(hostname))) {
    throw new RangeError('the callback URL must begin with https://');
  }
  return encoded;
}

/** @param sessionSecret Base64, as it came with the session */
export function isDigestOfSecret(digest: string, sessionSecret: string): boolean {
  return isSame(digest, sha256(Buffer.from(sessionSecret, 'base64')));
}

/**
 * Whether the app that signed is the app that led the browser back.
 *
 * @param userChallenge of the signed answer
 */
export function isVerifierOfChallenge(verifier: string, userChallenge: string): boolean {
  return isSame(userChallenge, sha256(Buffer.from(verifier, 'utf8')));
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url');
}

/** In constant time where the lengths are the same, and those are no secret. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one, 'utf8'), Buffer.from(other, 'utf8')];
  return a.length === b.length && timingSafeEqual(a, b);
}

function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d+){3}$/.test(hostname)
  );
}
