import type { CallbackParameters } from '../../../login/authenticator.ts';
import { isDigestOfSecret, isVerifierOfChallenge } from '../../callback.ts';
import { type Flow, FLOW_TRAITS } from '../../../flows/flows.ts';
import type { AskedAuthentication } from '../../authentication.ts';
import { VerificationError } from '../errors.ts';

/**
 * Step 3: if the flow needs the callback, the browser returned through it, and its parameters belong to this session
 * and this response. Without this check, an attacker could send their own app link to a victim, and be logged in as the
 * victim who confirms. (RP API 3.2, Callback URLs)
 *
 * @param flow as stated in the response; step 11 verifies that it was signed
 * @param callback the parameters, if the browser returned through the callback. The caller has checked that the browser
 *   is the one that started the login.
 * @throws VerificationError callback_missing, callback_unexpected, callback_secret_mismatch,
 * callback_challenge_mismatch
 */
export function requireReturnedBrowser(
  flow: Flow,
  userChallenge: string,
  { deviceLink }: AskedAuthentication,
  callback: CallbackParameters | undefined,
): void {
  if (!FLOW_TRAITS[flow].needsCallback) {
    if (callback === undefined) return;
    throw new VerificationError('callback_unexpected', `the flow ${flow} does not use the callback`);
  }
  if (callback === undefined) {
    throw new VerificationError('callback_missing', 'the browser did not return through the callback');
  }
  if (deviceLink === undefined || !isDigestOfSecret(callback.sessionSecretDigest, deviceLink.sessionSecret)) {
    throw new VerificationError('callback_secret_mismatch', 'the callback belongs to another session');
  }
  if (!isVerifierOfChallenge(callback.userChallengeVerifier, userChallenge)) {
    throw new VerificationError('callback_challenge_mismatch', 'the callback belongs to another response');
  }
}
