import type { AuthenticationSession } from '../authentication.ts';

/**
 * Returns the last path segments of a notification endpoint: the expected account if there is one, otherwise the
 * expected person, who may have several accounts. (RP API 3.2, Notification based flows; RP API v2, 2.3.2 REST object
 * references)
 *
 * @throws TypeError when the session expects neither
 */
export function notificationTarget({
  expectedDocumentNumber,
  expectedIdentifier,
}: Pick<AuthenticationSession, 'expectedDocumentNumber' | 'expectedIdentifier'>): [string, string] {
  if (expectedDocumentNumber !== undefined) return ['document', expectedDocumentNumber];
  if (expectedIdentifier !== undefined) return ['etsi', expectedIdentifier];
  throw new TypeError('a notification needs an expected person or account');
}
