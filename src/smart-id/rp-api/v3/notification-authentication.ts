import { z } from 'zod';
import type { AuthenticationSession } from '../../authentication.ts';
import { type CreatedSession, createSession } from '../create-session.ts';
import { endpoint, type RpApi } from '../endpoint.ts';
import { notificationTarget } from '../notification-target.ts';
import { authenticationBody } from './authentication-body.ts';

/** The ID becomes part of a URL, so it must be a UUID, as in SK's schema. */
const createdSchema = z.object({ sessionID: z.guid() });

/**
 * Creates a session that authenticates the expected person by a push. Sends one request, without retries.
 * (RP API 3.2, Notification based flows)
 */
export function createNotificationAuthentication(
  api: RpApi,
  relyingPartyUuid: string,
  session: Omit<AuthenticationSession, 'sessionId' | 'deviceLink'>,
): Promise<CreatedSession<z.output<typeof createdSchema>>> {
  const url = endpoint(api, 'authentication', 'notification', ...notificationTarget(session));
  const body = { ...authenticationBody(relyingPartyUuid, session), vcType: 'numeric4' };
  return createSession(api, 'notification', url, body, createdSchema);
}
