import { z } from 'zod';
import type { AuthenticationSession } from '../../authentication.ts';
import { type CreatedSession, createSession } from '../create-session.ts';
import { endpoint, type RpApi } from '../endpoint.ts';
import { notificationTarget } from '../notification-target.ts';
import { authenticationBody } from './authentication-body.ts';

/** SK's schema says UUID, and nothing else is put into a URL. */
const createdSchema = z.object({ sessionID: z.guid() });

/**
 * Asks Smart-ID to authenticate the expected person by a push: one request, whatever happens to it.
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
