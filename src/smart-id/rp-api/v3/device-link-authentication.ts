import { z } from 'zod';
import type { AuthenticationSession } from '../../authentication.ts';
import { type CreatedSession, createSession } from '../create-session.ts';
import { endpoint, type RpApi } from '../endpoint.ts';
import { authenticationBody } from './authentication-body.ts';

/** https without query and fragment. Plain http to a loopback address is for the simulator. */
const DEVICE_LINK_BASE =
  /^(?:https:\/\/[\w.-]+|http:\/\/(?:localhost|127\.0\.0\.1))(?::\d{1,5})?(?:\/[\w./~-]*)?$/;

/**
 * SK's schema `DeviceLinkResponse`, restricted to URL-safe values: device links are built without URL encoding, and one
 * of them becomes a link on a page.
 */
const createdSchema = z.object({
  sessionID: z.guid(),
  sessionToken: z.string().regex(/^[0-9A-Za-z]{24,512}$/),
  sessionSecret: z.base64().min(24).max(512),
  deviceLinkBase: z.string().max(512).regex(DEVICE_LINK_BASE),
});

export type CreatedDeviceLink = z.output<typeof createdSchema>;

/**
 * Creates a device-link session, which serves both the QR code and the app link. Sends one request, without retries.
 * The session is anonymous unless it has an `expectedIdentifier`. (RP API 3.2, Device link flows)
 */
export function createDeviceLinkAuthentication(
  api: RpApi,
  relyingPartyUuid: string,
  session: Omit<AuthenticationSession, 'sessionId' | 'deviceLink'>,
  initialCallbackUrl: string,
): Promise<CreatedSession<CreatedDeviceLink>> {
  const { expectedIdentifier } = session;
  const target = expectedIdentifier === undefined ? ['anonymous'] : ['etsi', expectedIdentifier];
  const url = endpoint(api, 'authentication', 'device-link', ...target);
  const body = { ...authenticationBody(relyingPartyUuid, session), initialCallbackUrl };
  return createSession(api, 'device-link', url, body, createdSchema);
}
