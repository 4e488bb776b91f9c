/** The status of a completed session in RP API v2. (RP API v2, Session status) */
import type { Account, Answer } from './account.ts';
import type { HashRequest } from './authentication-request.ts';
import type { Credentials } from './credentials.ts';
import type { CompletedStatus, Session } from './sessions.ts';
import { signDigest } from './signing.ts';

/** v2 has one end result per interaction; v3 has a single end result with a detail. */
const REFUSED_SCREENS: Readonly<Record<string, string>> = {
  displayTextAndPIN: 'USER_REFUSED_DISPLAYTEXTANDPIN',
  verificationCodeChoice: 'USER_REFUSED_VC_CHOICE',
  confirmationMessage: 'USER_REFUSED_CONFIRMATIONMESSAGE',
  confirmationMessageAndVerificationCodeChoice: 'USER_REFUSED_CONFIRMATIONMESSAGE_WITH_VC_CHOICE',
};

export function failedV2(answer: Exclude<Answer, { endResult: 'OK' }>): CompletedStatus {
  const endResult =
    answer.endResult === 'USER_REFUSED_INTERACTION'
      ? (REFUSED_SCREENS[answer.interaction] ?? 'USER_REFUSED')
      : answer.endResult;
  return { state: 'COMPLETE', result: { endResult } };
}

export function authenticatedV2(
  { interaction }: Session,
  { hash, hashType }: HashRequest,
  account: Account,
  { privateKey, certificate }: Credentials,
): CompletedStatus {
  return {
    state: 'COMPLETE',
    result: { endResult: 'OK', documentNumber: account.documentNumber },
    signature: {
      value: signDigest(Buffer.from(hash, 'base64'), hashType, privateKey),
      algorithm: `${hashType.toLowerCase()}WithRSAEncryption`,
    },
    cert: { value: certificate, certificateLevel: account.level },
    interactionFlowUsed: interaction.type,
  };
}
