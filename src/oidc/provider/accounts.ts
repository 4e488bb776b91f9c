import { createHmac } from 'node:crypto';
import type { Client, FindAccount } from 'oidc-provider';
import { claimsOf } from '../../identity/claims.ts';
import type { LoginResultStore } from '../stores.ts';

/**
 * The account behind a token is the login that its grant was made for. There is no account without a grant: nothing is
 * known of a person besides their last logins, and each token tells what its own login told.
 */
export function createFindAccount(loginResults: LoginResultStore): FindAccount {
  return async (ctx, subject, token) => {
    // While the browser comes back from its login there is no token yet, but the grant that the login made.
    const grantId = token?.grantId ?? ctx.oidc.result?.consent?.grantId;
    const result = grantId === undefined ? undefined : await loginResults.find(grantId);
    if (result?.person.semanticsIdentifier !== subject) return undefined;
    return {
      accountId: subject,
      claims: (use) => ({
        ...claimsOf(result.person, result),
        sub: subject,
        // Each login is a session of its own: by this a logout tells which one its ID token is of.
        ...(use === 'id_token' && token && 'sessionUid' in token ? { sid: token.sessionUid } : {}),
      }),
      // Not for clients: the audit joins what is issued with its login.
      attempt: result.attempt,
    };
  };
}

/**
 * The `sub` that a client knows a person by. A pairwise one is the same for all clients of a sector, and nobody without the
 * key can join it with another sector's. (OpenID Connect Core 8)
 */
export function subjectFor(client: Client, accountId: string, pairwiseKey: Buffer): string {
  if (client.subjectType !== 'pairwise') return accountId;
  const { sectorIdentifier } = client;
  if (typeof sectorIdentifier !== 'string') throw new Error('a pairwise client has no sector identifier');
  // A sector is a host and has no line break, so that no two pairs are the same text.
  return createHmac('sha256', pairwiseKey).update(`${sectorIdentifier}\n${accountId}`).digest('base64url');
}
