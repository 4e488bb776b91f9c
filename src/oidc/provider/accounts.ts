import { createHmac } from 'node:crypto';
import type { Client, FindAccount } from 'oidc-provider';
import { claimsOf } from '../../identity/claims.ts';
import type { LoginResultStore } from '../stores.ts';

/**
 * The account of a token is the login for which its grant was created. Without a grant there is no account: Sild has no
 * user database, and the claims of a token come from its own login.
 */
export function createFindAccount(loginResults: LoginResultStore): FindAccount {
  return async (ctx, subject, token) => {
    // When the browser resumes the request after its login, there is no token yet, only the new grant.
    const grantId = token?.grantId ?? ctx.oidc.result?.consent?.grantId;
    const result = grantId === undefined ? undefined : await loginResults.find(grantId);
    if (result?.person.semanticsIdentifier !== subject) return undefined;
    return {
      accountId: subject,
      claims: (use) => ({
        ...claimsOf(result.person, result),
        sub: subject,
        // Each login is a separate session. A logout finds it by the `sid` of its ID token.
        ...(use === 'id_token' && token && 'sessionUid' in token ? { sid: token.sessionUid } : {}),
      }),
      // Not a claim: the audit uses it to join issued tokens with their login.
      attempt: result.attempt,
    };
  };
}

/**
 * The `sub` of a person for a client. A pairwise `sub` is the same for all clients of a sector; without the key it cannot be
 * correlated with the `sub` of another sector. (OpenID Connect Core 8)
 */
export function subjectFor(client: Client, accountId: string, pairwiseKey: Buffer): string {
  if (client.subjectType !== 'pairwise') return accountId;
  const { sectorIdentifier } = client;
  if (typeof sectorIdentifier !== 'string') throw new Error('a pairwise client has no sector identifier');
  // A sector identifier is a host, which contains no line break, so the encoding of each pair is unique.
  return createHmac('sha256', pairwiseKey).update(`${sectorIdentifier}\n${accountId}`).digest('base64url');
}
