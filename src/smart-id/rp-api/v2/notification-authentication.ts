import { z } from 'zod';
import type { AuthenticationSession } from '../../authentication.ts';
import { decodeInteractions } from '../../interactions.ts';
import { type CreatedSession, createSession } from '../create-session.ts';
import { endpoint, type RpApi } from '../endpoint.ts';
import { notificationTarget } from '../notification-target.ts';
import { authenticationHash, hashNames } from './authentication-hash.ts';

/** The ID becomes part of a URL, so it must be a UUID. (RP API v2, 2.2.2 UUID encoding) */
const createdSchema = z.object({ sessionID: z.guid() });

/**
 * Creates a session that authenticates the expected person by a push. Sends one request, without retries. The request
 * needs no nonce: its hash is random, so Smart-ID never treats two requests as the same. (RP API v2, 2.3.5 Idempotent
 * behaviour, 2.3.10 Authentication session)
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
