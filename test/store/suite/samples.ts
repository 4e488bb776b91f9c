import { randomUUID } from 'node:crypto';
import type { AuthenticatedAttempt, PendingAttempt } from '../../../src/login/attempt.ts';
import type { LoginResult } from '../../../src/login/login-result.ts';
import type { PreparedSession } from '../../../src/smart-id/session.ts';

const PREPARED: PreparedSession = {
  session: {
    schemeName: 'smart-id-demo',
    relyingPartyName: 'DEMO',
    rpChallenge: 'Y2hhbGxlbmdlLW9mLXRoaXMtbG9naW4=',
    hashAlgorithm: 'SHA-512',
    certificateLevel: 'QUALIFIED',
    interactions: 'W10=',
    flows: ['Notification'],
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
    identifier: 'PNOEE-40504040001',
    startAt: 1_900_000_003_000,
    codeFirst: true,
    prepared: PREPARED,
    ...change,
  };
}

export function authenticatedAttempt(change: Partial<AuthenticatedAttempt> = {}): AuthenticatedAttempt {
  const { id, interactionUid, clientId, createdAt, identifier } = pendingAttempt();
  return {
    state: 'authenticated',
    id,
    interactionUid,
    clientId,
    createdAt,
    identifier,
    result: LOGIN_RESULT,
    ...change,
  };
}
