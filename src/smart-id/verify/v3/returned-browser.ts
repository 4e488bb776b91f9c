import type { CallbackParameters } from '../../../login/authenticator.ts';
import { isDigestOfSecret, isVerifierOfChallenge } from '../../callback.ts';
import { type Flow, FLOW_TRAITS } from '../../../flows/flows.ts';
import type { AuthenticationSession } from '../../authentication.ts';
import { VerificationError } from '../errors.ts';

/**
 * Step 3: where the flow needs the callback, the browser came back from the app through it, to this session and with the
 * answer of this app. Without it somebody could send their own link to a victim, and be logged in as the one who opened it.
 * (RP API 3.2, Callback URLs)
 *
 * @param flow that the answer claims; the signature covers it later
 * @param returned what the callback brought, where the browser came back; that the cookie belongs to the callback's value
 * is known then
 * @throws VerificationError callback_missing, callback_unexpected, callback_secret_mismatch, callback_challenge_mismatch
 */
export function requireReturnedBrowser(
  flow: Flow,
  userChallenge: string,
  { deviceLink }: AuthenticationSession,
  returned: CallbackParameters | undefined,
): void {
  if (!FLOW_TRAITS[flow].needsCallback) {
    if (returned === undefined) return;
    throw new VerificationError('callback_unexpected', `the flow ${flow} comes back through no callback`);
  }
  if (returned === undefined) {
    throw new VerificationError('callback_missing', 'the browser did not come back through the callback');
  }
  if (deviceLink === undefined || !isDigestOfSecret(returned.sessionSecretDigest, deviceLink.sessionSecret)) {
    throw new VerificationError('callback_secret_mismatch', 'the callback is of another session');
  }
  if (!isVerifierOfChallenge(returned.userChallengeVerifier, userChallenge)) {
    throw new VerificationError('callback_challenge_mismatch', 'the callback is of another answer');
  }
}
