import { stricterLevel } from '../identity/certificate-level.ts';
import { type DeviceLinkFlow, type Flow, FLOW_TRAITS, flowOfWireName } from '../flows/flows.ts';
import { initialCallbackUrl } from './callback.ts';
import { deviceLinkInteractions, encodeInteractions, notificationInteractions } from './interactions.ts';
import {
  CHALLENGE_BYTES,
  evidenceKept,
  expectedPerson,
  type Protocol,
  type RelyingParty,
  relyingPartyOf,
} from './protocol.ts';
import type {
  AuthenticationRequest,
  DeviceLinkRequest,
  NotificationRequest,
} from '../login/authenticator.ts';
import type { PreparedSession } from './request.ts';
import { createDeviceLinkAuthentication } from './rp-api/v3/device-link-authentication.ts';
import { createNotificationAuthentication } from './rp-api/v3/notification-authentication.ts';
import { readSessionStatus, type UnverifiedCompletedSession } from './rp-api/v3/session-status.ts';
import { verificationCode } from './verification-code.ts';
import { verifyAuthentication } from './verify/v3/verify-authentication.ts';

export interface DeviceLinkOptions {
  /** The device-link flows that are offered. A response of the other flow is refused. */
  readonly deviceLinkFlows: readonly DeviceLinkFlow[];
  /** Whether the callback may use plain http to a loopback address; for the simulator only. */
  readonly loopbackCallback: boolean;
}

/** RP API v3: device links and notifications, with the signature protocol ACSP_V2. (RP API 3.2, Signature protocols) */
export function protocolV3(
  party: RelyingParty,
  options: DeviceLinkOptions,
): Protocol<UnverifiedCompletedSession> {
  const { api, relyingPartyUuid } = party;
  return {
    version: '3',
    flows: ['qr', 'web2app', 'notification'],

    prepare(request) {
      switch (request.flow) {
        case 'qr':
        case 'web2app':
          return prepareDeviceLink(request);
        case 'notification':
          return prepareNotification(request);
      }
    },

    async create({ session, initialCallbackUrl: callbackUrl }) {
      if (callbackUrl !== undefined) return createDeviceLink(session, callbackUrl);
      const answer = await createNotificationAuthentication(api, relyingPartyUuid, session);
      return answer.kind === 'created'
        ? { kind: 'started', session: { ...session, sessionId: answer.created.sessionID } }
        : answer;
    },

    read: ({ sessionId }, timeoutMs, signal) => readSessionStatus(api, sessionId, timeoutMs, signal),

    needsCallback({ signature }, { deviceLink }) {
      // Verification refuses an unknown flow; there is no reason to wait for the callback first.
      const flow = flowOfWireName(signature?.flowType ?? '');
      return deviceLink !== undefined && flow !== undefined && FLOW_TRAITS[flow].needsCallback;
    },

    verify: verifyAuthentication,
  };

  function prepareDeviceLink(request: DeviceLinkRequest): PreparedSession {
    const { identifier, displayText, displayDetails, callbackUrl, answerBy } = request;
    const flows = options.deviceLinkFlows.filter((flow) => answerBy?.includes(flow) ?? true);
    const challenge = party.randomBytes(CHALLENGE_BYTES);
    return {
      session: {
        ...commonParameters(request, challenge, flows),
        interactions: encodeInteractions(deviceLinkInteractions(displayText, displayDetails)),
        ...(identifier === undefined ? {} : { expectedIdentifier: identifier }),
      },
      initialCallbackUrl: initialCallbackUrl(callbackUrl, { loopback: options.loopbackCallback }),
    };
  }

  function prepareNotification(request: NotificationRequest): PreparedSession {
    const { displayText, displayDetails, knownBrowser, wholeText } = request;
    const challenge = party.randomBytes(CHALLENGE_BYTES);
    return {
      session: {
        ...commonParameters(request, challenge, ['notification']),
        interactions: encodeInteractions(
          notificationInteractions(displayText, { knownBrowser, displayDetails, wholeText }),
        ),
        ...expectedPerson(request),
      },
      verificationCode: verificationCode(challenge),
    };
  }

  function commonParameters(request: AuthenticationRequest, challenge: Uint8Array, flows: readonly Flow[]) {
    return {
      schemeName: party.schemeName,
      ...relyingPartyOf(party, request),
      rpChallenge: Buffer.from(challenge).toString('base64'),
      hashAlgorithm: 'SHA-512',
      certificateLevel: stricterLevel(party.certificateLevel, request.certificateLevel),
      flows,
      ...evidenceKept(request),
    } as const;
  }

  async function createDeviceLink(session: PreparedSession['session'], callbackUrl: string) {
    const answer = await createDeviceLinkAuthentication(api, relyingPartyUuid, session, callbackUrl);
    if (answer.kind === 'failed') return answer;
    // Smart-ID counts elapsedSeconds of a QR code from its response. (RP API 3.2, Device link flows)
    const receivedAt = party.now().getTime();
    const { sessionID: sessionId, ...parts } = answer.created;
    const deviceLink = { ...parts, initialCallbackUrl: callbackUrl, receivedAt };
    return { kind: 'started', session: { ...session, sessionId, deviceLink } } as const;
  }
}
