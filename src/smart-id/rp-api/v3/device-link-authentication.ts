import { z } from 'zod';
import type { AuthenticationSession } from '../../authentication.ts';
import { type CreatedSession, createSession } from '../create-session.ts';
import { endpoint, type RpApi } from '../endpoint.ts';
import { authenticationBody } from './authentication-body.ts';

/** https, and no query or fragment yet; the simulator's is on this machine. */
const DEVICE_LINK_BASE =
  /^(?:https:\/\/[\w.-]+|http:\/\/(?:localhost|127\.0\.0\.1))(?::\d{1,5})?(?:\/[\w./~-]*)?$/;

/**
 * SK's schema `DeviceLinkResponse`. Links are put together without encoding, and one of them becomes a link on a page: so
 * every part has to be safe there as it is.
 */
const createdSchema = z.object({
  sessionID: z.guid(),
  sessionToken: z.string().regex(/^[0-9A-Za-z]{24,512}$/),
  sessionSecret: z.base64().min(24).max(512),
  deviceLinkBase: z.string().max(512).regex(DEVICE_LINK_BASE),
});

export type CreatedDeviceLink = z.output<typeof createdSchema>;

/**
 * Asks Smart-ID for a session that its device links lead to: one request, whatever happens to it. The same session serves
 * the QR code and the link to the app. (RP API 3.2, Device link flows)
 *
 * Anybody may answer it, unless the session expects somebody.
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
