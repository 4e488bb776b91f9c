import { stricterLevel } from '../identity/certificate-level.ts';
import type { NotificationRequest } from '../login/authenticator.ts';
import { encodeInteractions, notificationInteractionsV2 } from './interactions.ts';
import {
  CHALLENGE_BYTES,
  evidenceKept,
  expectedPerson,
  type Protocol,
  type RelyingParty,
  relyingPartyOf,
} from './protocol.ts';
import type { PreparedSession } from './request.ts';
import { authenticationHash } from './rp-api/v2/authentication-hash.ts';
import { createNotificationAuthenticationV2 } from './rp-api/v2/notification-authentication.ts';
import { readSessionStatusV2, type UnverifiedCompletedSessionV2 } from './rp-api/v2/session-status.ts';
import { verificationCode } from './verification-code.ts';
import { verifyAuthenticationV2 } from './verify/v2/verify-authentication.ts';

/**
 * RP API v2: notifications only. The person signs a hash of the challenge.
 * (RP API v2, 2.3.10 Authentication session: https://github.com/SK-EID/smart-id-documentation)
 */
export function protocolV2(party: RelyingParty): Protocol<UnverifiedCompletedSessionV2> {
  const { api, relyingPartyUuid } = party;
  return {
    version: '2',
    flows: ['notification'],

    prepare(request) {
      switch (request.flow) {
        case 'notification':
          return prepareNotification(party, request);
        case 'qr':
        case 'web2app':
          throw new TypeError('RP API v2 has no device links');
      }
    },

    async create({ session }) {
      const answer = await createNotificationAuthenticationV2(api, relyingPartyUuid, session);
      return answer.kind === 'created'
        ? { kind: 'started', session: { ...session, sessionId: answer.created.sessionID } }
        : answer;
    },

    read: ({ sessionId }, timeoutMs, signal) => readSessionStatusV2(api, sessionId, timeoutMs, signal),

    needsCallback: () => false,

    verify: verifyAuthenticationV2,
  };
}

function prepareNotification(party: RelyingParty, request: NotificationRequest): PreparedSession {
  const { displayText, displayDetails, knownBrowser, wholeText } = request;
  const session = {
    schemeName: party.schemeName,
    ...relyingPartyOf(party, request),
    rpChallenge: Buffer.from(party.randomBytes(CHALLENGE_BYTES)).toString('base64'),
    hashAlgorithm: 'SHA-512',
    certificateLevel: stricterLevel(party.certificateLevel, request.certificateLevel),
    interactions: encodeInteractions(
      notificationInteractionsV2(displayText, { knownBrowser, displayDetails, wholeText }),
    ),
    flows: ['notification'],
    ...expectedPerson(request),
    ...evidenceKept(request),
  } as const;
  return { session, verificationCode: verificationCode(authenticationHash(session)) };
}
