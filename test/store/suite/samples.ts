import { randomUUID } from 'node:crypto';
import type { AuthenticatedAttempt, PendingAttempt, WaitingAttempt } from '../../../src/login/attempt.ts';
import type { LoginResult } from '../../../src/login/login-result.ts';
import type { CallbackParameters } from '../../../src/login/authenticator.ts';
import type { PreparedSession } from '../../../src/smart-id/session.ts';

const PREPARED: PreparedSession = {
  session: {
    schemeName: 'smart-id-demo',
    relyingPartyName: 'DEMO',
    rpChallenge: 'Y2hhbGxlbmdlLW9mLXRoaXMtbG9naW4=',
    hashAlgorithm: 'SHA-512',
    certificateLevel: 'QUALIFIED',
    interactions: 'W10=',
    flows: ['notification'],
    expectedIdentifier: 'PNOEE-40504040001',
  },
  verificationCode: '4927',
};

export const LOGIN_RESULT: LoginResult = {
  person: {
    givenName: 'Mari-Liis',
    surname: 'Männik',
    semanticsIdentifier: 'PNOEE-40504040001',
    identityType: 'PNO',
    identityCountry: 'EE',
    identityNumber: '40504040001',
    birthdate: '1905-04-04',
  },
  certificateLevel: 'QUALIFIED',
  documentNumber: 'PNOEE-40504040001-MOCK-Q',
  flow: 'notification',
  authenticatedAt: 1_900_000_000,
};

export function pendingAttempt(change: Partial<PendingAttempt> = {}): PendingAttempt {
  return {
    state: 'pending',
    id: randomUUID(),
    interactionUid: randomUUID(),
    clientId: 'sample-app',
    createdAt: 1_900_000_000_000,
    flow: 'notification',
    identifier: 'PNOEE-40504040001',
    startAt: 1_900_000_003_000,
    codeFirst: true,
    prepared: PREPARED,
    ...change,
  };
}

export function authenticatedAttempt(change: Partial<AuthenticatedAttempt> = {}): AuthenticatedAttempt {
  const { id, interactionUid, clientId, createdAt, flow, identifier } = pendingAttempt();
  return {
    state: 'authenticated',
    id,
    interactionUid,
    clientId,
    createdAt,
    flow,
    identifier,
    authenticatedAt: createdAt,
    result: LOGIN_RESULT,
    ...change,
  };
}

export const CALLBACK: CallbackParameters = {
  sessionSecretDigest: 'U4CKK13H1XFiyBofev9asqrzIrY5_Gszi_nL_zDKkBc',
  userChallengeVerifier: 'XtPfaGa8JnGtYrJjboooUf0KfY9sMEHrWFpSQrsUv9c',
};

/** An anonymous attempt that waits for the callback of a same-device link. */
export function deviceLinkAttempt(): { readonly attempt: WaitingAttempt; readonly callbackHash: string } {
  const { id, interactionUid, clientId, createdAt } = pendingAttempt();
  const callbackHash = randomUUID();
  const { expectedIdentifier: _, ...session } = PREPARED.session;
  const attempt: WaitingAttempt = {
    state: 'waiting',
    id,
    interactionUid,
    clientId,
    createdAt,
    flow: 'qr',
    callbackHash,
    session: {
      ...session,
      sessionId: randomUUID(),
      flows: ['qr', 'web2app'],
      deviceLink: {
        sessionToken: 'wGIrqveE6AuGDATZKmR1mtAZ',
        sessionSecret: 'B98ODiVCebRedSwdTk51zFSaGYyHtY1H2A0ocAi3/Ps=',
        deviceLinkBase: 'https://smart-id.com/device-link',
        initialCallbackUrl: 'https://login.example.ee/callback/smart-id?value=RrKjjT4aggzu27YBddX1bQ',
        receivedAt: 1_900_000_001_000,
      },
    },
    answerBy: 1_900_000_090_000,
  };
  return { attempt, callbackHash };
}
