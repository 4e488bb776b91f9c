/**
 * The callback of the Web2App flow: the URL to which the app returns the browser, and its parameters. (RP API 3.2,
 * Callback URLs)
 *
 *   initialCallbackUrl ─ sent with the session ─▶ app ─▶ browser ─ sessionSecretDigest, userChallengeVerifier ─▶ CallbackParameters
 *
 * The parameters prove that the browser that returns is the browser that opened the app: the digest shows that the
 * callback belongs to the session of this login, the verifier that it belongs to the response that the person signed.
 */
import { createHash } from 'node:crypto';
import { equalInConstantTime } from '../constant-time.ts';
import { isLoopbackHost } from '../loopback-host.ts';

/** In characters. (RP API 3.2, Callback URLs) */
const MAX_URL_LENGTH = 1_800;

/**
 * Returns the callback URL in the form that Smart-ID accepts: https, no fragment, and `|` percent-encoded, since `|`
 * separates the fields of the signed payload. (RP API 3.2, Callback URLs)
 *
 * @param options.loopback whether plain http to a loopback address is accepted; for the simulator only
 * @throws RangeError for a URL that is too long, not valid, or not https
 */
export function initialCallbackUrl(url: string, { loopback }: { readonly loopback: boolean }): string {
  const encoded = url.replaceAll('|', '%7C');
  if (encoded.length > MAX_URL_LENGTH)
    throw new RangeError('the callback URL is longer than 1,800 characters');
  if (!/^[\x21-\x7e]+$/.test(encoded) || encoded.includes('#') || !URL.canParse(encoded)) {
    throw new RangeError('the callback URL is not a valid URL, or has a fragment');
  }
  const { protocol, hostname } = new URL(encoded);
  if (protocol !== 'https:' && !(loopback && protocol === 'http:' && isLoopbackHost(hostname))) {
    throw new RangeError('the callback URL must begin with https://');
  }
  return encoded;
}

/**
 * Whether `digest` is the Base64url SHA-256 of the session secret. (RP API 3.2, Callback URLs)
 *
 * @param sessionSecret Base64, as received with the session
 */
export function isDigestOfSecret(digest: string, sessionSecret: string): boolean {
  return equalInConstantTime(digest, sha256(Buffer.from(sessionSecret, 'base64')));
}

/**
 * Whether the app that returned the browser is the app that signed: `userChallenge` is the Base64url SHA-256 of
 * `verifier`. (RP API 3.2, Callback URLs)
 *
 * @param userChallenge from the signed response
 */
export function isVerifierOfChallenge(verifier: string, userChallenge: string): boolean {
  return equalInConstantTime(userChallenge, sha256(Buffer.from(verifier, 'utf8')));
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('base64url');
}
