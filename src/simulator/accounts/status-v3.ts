/** The status of a completed session in RP API v3. (RP API 3.2, Session endpoint; Signature protocols) */
import { randomBytes } from 'node:crypto';
import type { Account, Answer } from './account.ts';
import type { AcspRequest } from './authentication-request.ts';
import { callbackAddress, userChallengeOf } from './callback.ts';
import type { Credentials } from './credentials.ts';
import type { CompletedStatus, Session } from './sessions.ts';
import { acspV2Payload, describeAlgorithm, SCHEME_NAME, signPayload } from './signing.ts';

export interface Completion {
  readonly status: CompletedStatus;
  /** The callback with its proofs, after a successful same-device login. */
  readonly returnTo?: string;
}

export function failedV3(answer: Exclude<Answer, { endResult: 'OK' }>): CompletedStatus {
  if (answer.endResult !== 'USER_REFUSED_INTERACTION')
    return { state: 'COMPLETE', result: { endResult: answer.endResult } };
  const details = { interaction: answer.interaction };
  return { state: 'COMPLETE', result: { endResult: answer.endResult, details } };
}

export async function authenticatedV3(
  { interaction, deviceLink, opened }: Session,
  request: AcspRequest,
  account: Account,
  { privateKey, certificate }: Credentials,
): Promise<Completion> {
  const flowType = opened?.linkType ?? 'Notification';
  const sameDevice = flowType === 'Web2App' || flowType === 'App2App';
  const initialCallbackUrl = sameDevice ? deviceLink?.initialCallbackUrl : undefined;
  const serverRandom = randomBytes(24).toString('base64');
  // Only the callback contains the verifier.
  const userChallengeVerifier = randomBytes(32).toString('base64url');
  const userChallenge = userChallengeOf(userChallengeVerifier);
  const payload = acspV2Payload({
    schemeName: SCHEME_NAME,
    serverRandom,
    rpChallenge: request.rpChallenge,
    userChallenge,
    relyingPartyName: request.relyingPartyName,
    brokeredRpName: request.brokeredRpName,
    interactions: request.interactions,
    interactionTypeUsed: interaction.type,
    initialCallbackUrl: initialCallbackUrl ?? '',
    flowType,
  });
  const status: CompletedStatus = {
    state: 'COMPLETE',
    result: { endResult: 'OK', documentNumber: account.documentNumber },
    signatureProtocol: 'ACSP_V2',
    signature: {
      value: await signPayload(payload, request.signatureAlgorithm, privateKey),
      serverRandom,
      userChallenge,
      flowType,
      ...describeAlgorithm(request.signatureAlgorithm),
    },
    cert: { value: certificate, certificateLevel: account.level },
    interactionTypeUsed: interaction.type,
  };
  if (!deviceLink || initialCallbackUrl === undefined) return { status };
  const returnTo = callbackAddress(initialCallbackUrl, deviceLink.sessionSecret, userChallengeVerifier);
  return { status, returnTo };
}
