import { createHmac } from 'node:crypto';
import type { Client, FindAccount, KoaContextWithOIDC } from 'oidc-provider';
import { ageClaimsOf } from '../../identity/age.ts';
import { claimsOf } from '../../identity/claims.ts';
import type { LoginResult } from '../../login/login-result.ts';
import type { ClaimsProfile } from '../claims-profiles/claims-profile.ts';
import { claimsProfileOf } from '../claims-profiles/profiles.ts';
import { UNFILTERED } from '../claims-profiles/unfiltered-claims.ts';
import { verifiedClaimsOf } from '../verified-claims/verified-claims.ts';
import { isRecalled } from '../remembered/recalled.ts';
import type { LoginResultStore } from '../stores.ts';
import { RECEIPT_SCOPE } from '../receipts/receipt-scope.ts';
import type { Receipts } from '../receipts/receipts.ts';

/**
 * The account of a token is the login for which its grant was created. Without a grant there is no account: Sild has no
 * user database, and the claims of a token come from its own login.
 */
export function createFindAccount(
  loginResults: LoginResultStore,
  receipts: Pick<Receipts, 'receiptOf'>,
  subjectOf: (client: Client, accountId: string) => string,
): FindAccount {
  return async (ctx, subject, token) => {
    // When the browser resumes the request after its login, there is no token yet, only the new grant; with a remembered login,
    // that of its session.
    const grantId = token?.grantId ?? ctx.oidc.result?.consent?.grantId ?? recalledGrant(ctx);
    const result = grantId === undefined ? undefined : await loginResults.find(grantId);
    const { client } = ctx.oidc;
    if (!result || !client) return undefined;
    const profile = claimsProfileOf(client);
    if (accountOf(profile, result) !== subject) return undefined;
    return {
      accountId: subject,
      claims: async (use, scope, requested) => ({
        ...claimsOf(result.person, result),
        ...ageClaimsOf(result.person, result.authenticatedAt),
        sub: subject,
        [UNFILTERED]: {
          ...verifiedClaims(result, requested.verified_claims, client.scope),
          ...profile.alwaysClaims(result, use),
        },
        // Each login is a separate session. A logout finds it by the `sid` of its ID token.
        ...(use === 'id_token' && token && 'sessionUid' in token ? { sid: token.sessionUid } : {}),
        ...(use === 'userinfo' && scope.split(' ').includes(RECEIPT_SCOPE) ? await receiptFor() : {}),
      }),
      // Not a claim: the audit uses it to join issued tokens with their login.
      attempt: result.attempt,
    };

    /** In userinfo alone: an ID token, which also travels as a hint of the logout, stays small. */
    async function receiptFor(): Promise<{ readonly receipt?: string }> {
      if (!client || !result || grantId === undefined) return {};
      const receipt = await receipts.receiptOf({
        client,
        subject: subjectOf(client, subject),
        grantId,
        sid: token && 'sessionUid' in token ? token.sessionUid : undefined,
        login: result,
        address: ctx.ip,
      });
      return receipt === undefined ? {} : { receipt };
    }
  };
}

/** The ID of a login's account, which becomes the `sub` of a client without pairwise subjects. */
export function accountOf(profile: ClaimsProfile, { person }: Pick<LoginResult, 'person'>): string {
  return profile.subjectOf(person.semanticsIdentifier);
}

function verifiedClaims(result: LoginResult, requested: unknown, scope: string | undefined) {
  const verified = verifiedClaimsOf(result, requested, scope?.split(' '));
  return verified === undefined ? {} : { verified_claims: verified };
}

function recalledGrant(ctx: KoaContextWithOIDC): string | undefined {
  const { client, session } = ctx.oidc;
  return isRecalled(ctx) && client ? session?.grantIdFor(client.clientId) : undefined;
}

/**
 * The `sub` of a person for a client. A pairwise `sub` is the same for all clients of a sector; without the key it cannot be
 * correlated with the `sub` of another sector. (OpenID Connect Core 8)
 */
export function subjectFor(client: Client, identifier: string, pairwiseKey: Buffer): string {
  if (client.subjectType !== 'pairwise') return claimsProfileOf(client).subjectOf(identifier);
  const { sectorIdentifier } = client;
  if (typeof sectorIdentifier !== 'string') throw new Error('a pairwise client has no sector identifier');
  // A sector identifier is a host, which contains no line break, so the encoding of each pair is unique.
  return createHmac('sha256', pairwiseKey).update(`${sectorIdentifier}\n${identifier}`).digest('base64url');
}
