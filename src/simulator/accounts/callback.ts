/** The way back from the app to the browser. (RP API 3.2, Callback URLs) */
import { createHash } from 'node:crypto';

/** The callback URL as the app launches it: as it was given, with the two proofs added. */
export function callbackAddress(
  initialCallbackUrl: string,
  sessionSecret: string,
  userChallengeVerifier: string,
): string {
  const separator = initialCallbackUrl.includes('?') ? '&' : '?';
  const digest = sessionSecretDigest(sessionSecret);
  return `${initialCallbackUrl}${separator}sessionSecretDigest=${digest}&userChallengeVerifier=${userChallengeVerifier}`;
}

/** Over the secret's bytes. */
export function sessionSecretDigest(sessionSecret: string): string {
  return createHash('sha256').update(Buffer.from(sessionSecret, 'base64')).digest('base64url');
}

/** Over the verifier as text, not decoded. */
export function userChallengeOf(userChallengeVerifier: string): string {
  return createHash('sha256').update(userChallengeVerifier).digest('base64url');
}

/** Whether an address is on this machine: `localhost` or a loopback address, nothing that a DNS server decides. */
export function isLoopback(address: string): boolean {
  const { hostname } = new URL(address);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}
