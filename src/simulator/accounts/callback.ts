/** The callback URL of same-device flows. (RP API 3.2, Callback URLs) */
import { createHash } from 'node:crypto';

/** The callback URL that the app opens: the initial one with the two proofs appended. */
export function callbackAddress(
  initialCallbackUrl: string,
  sessionSecret: string,
  userChallengeVerifier: string,
): string {
  const separator = initialCallbackUrl.includes('?') ? '&' : '?';
  const digest = sessionSecretDigest(sessionSecret);
  return `${initialCallbackUrl}${separator}sessionSecretDigest=${digest}&userChallengeVerifier=${userChallengeVerifier}`;
}

/** The digest of the decoded secret. */
export function sessionSecretDigest(sessionSecret: string): string {
  return createHash('sha256').update(Buffer.from(sessionSecret, 'base64')).digest('base64url');
}

/** The digest of the verifier's text, not of the decoded bytes. */
export function userChallengeOf(userChallengeVerifier: string): string {
  return createHash('sha256').update(userChallengeVerifier).digest('base64url');
}

/** Whether the host is `localhost` or a loopback address. Other names do not count, since DNS can map them anywhere. */
export function isLoopback(address: string): boolean {
  const { hostname } = new URL(address);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
