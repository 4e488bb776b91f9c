import { z } from 'zod';
import type { AuthenticationSession } from '../../authentication.ts';
import { decodeInteractions } from '../../interactions.ts';
import { type CreatedSession, createSession } from '../create-session.ts';
import { endpoint, type RpApi } from '../endpoint.ts';
import { notificationTarget } from '../notification-target.ts';
import { authenticationHash, hashNames } from './authentication-hash.ts';

/** A UUID, and nothing else is put into a URL. */
const createdSchema = z.object({ sessionID: z.guid() });

/**
 * Asks Smart-ID to authenticate the expected person by a push: one request, whatever happens to it. It carries no nonce:
 * the hash is fresh each time, so no two requests are the same. (RP API v2 §2.3.x, authentication request)
 */
export function createNotificationAuthenticationV2(
  api: RpApi,
  relyingPartyUUID: string,
  session: Omit<AuthenticationSession, 'sessionId' | 'deviceLink'>,
): Promise<CreatedSession<z.output<typeof createdSchema>>> {
  const url = endpoint(api, 'authentication', ...notificationTarget(session));
  const body = {
    relyingPartyUUID,
    relyingPartyName: session.relyingPartyName,
    certificateLevel: session.certificateLevel,
    hash: authenticationHash(session).toString('base64'),
    hashType: hashNames(session.hashAlgorithm).hashType,
    allowedInteractionsOrder: decodeInteractions(session.interactions),
  };
  return createSession(api, 'notification', url, body, createdSchema);
}
