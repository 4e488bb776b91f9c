import type { AuthenticationSession } from '../authentication.ts';

/**
 * Whom a push goes to, as the end of its endpoint's path: one account where that is known, or else a person, who may have
 * several.
 */
export function notificationTarget({
  expectedDocumentNumber,
  expectedIdentifier,
}: Pick<AuthenticationSession, 'expectedDocumentNumber' | 'expectedIdentifier'>): [string, string] {
  if (expectedDocumentNumber !== undefined) return ['document', expectedDocumentNumber];
  if (expectedIdentifier !== undefined) return ['etsi', expectedIdentifier];
  throw new TypeError('a push needs a person to go to');
}
