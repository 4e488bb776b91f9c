/**
 * The client by which people log in to Sild itself, to see their history. Its secret is random and known to nobody: the token endpoint
 * gives nothing for its codes, which Sild redeems itself, once, without tokens.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { ClientMetadata } from 'oidc-provider';
import { z } from 'zod';
import { equalInConstantTime } from '../constant-time.ts';
import { CLIENT_PATIENCE_MS, createOutageRetry } from '../login/outage-retry.ts';
import { ENDPOINTS } from './endpoints.ts';
import { createWriteThroughOutage } from './records/write-through-outage.ts';
import type { LoginResultStore, RecordStore, RecordWrite } from './stores.ts';

export const OWN_CLIENT_ID = 'sild-history';
/** The model under which visits (`web/history/visit.ts`) are stored. Here, because forgetting a person removes them. */
export const VISIT_MODEL = 'HistoryVisit';

const CALLBACK = '/me/callback';

export function ownClient(issuer: string): ClientMetadata {
  return {
    client_id: OWN_CLIENT_ID,
    client_secret: randomBytes(32).toString('base64url'),
    client_name: new URL(issuer).hostname.slice(0, 100),
    client_uri: `${issuer}/me`,
    redirect_uris: [issuer + CALLBACK],
    grant_types: ['authorization_code'],
    scope: 'openid',
    require_pkce: true,
  };
}

/** What a browser keeps between its authorization request and the response. */
export interface OwnRequest {
  readonly state: string;
  /** PKCE's code verifier. (RFC 7636) */
  readonly verifier: string;
}

export function newOwnRequest(): OwnRequest {
  const random = () => randomBytes(32).toString('base64url');
  return { state: random(), verifier: random() };
}

/** The address of the authorization request. */
export function ownAuthorization(issuer: string, { state, verifier }: OwnRequest): string {
  const query = new URLSearchParams({
    client_id: OWN_CLIENT_ID,
    redirect_uri: issuer + CALLBACK,
    response_type: 'code',
    scope: 'openid',
    state,
    code_challenge: challengeOf(verifier),
    code_challenge_method: 'S256',
  });
  return `${issuer}${ENDPOINTS.authorization}?${query.toString()}`;
}

export interface OwnLogins {
  readonly records: Pick<RecordStore, 'find' | 'write' | 'removeGrant'>;
  readonly loginResults: Pick<LoginResultStore, 'find'>;
  /** Whether an error says that the database cannot be reached for now. */
  readonly isOutage: (error: unknown) => boolean;
}

/**
 * Redeems a code of the own client. Of any number of concurrent callers at most one gets the login; nothing of it is kept.
 *
 * @param visit when it ends, and its ID: it is stored, with its person, by the statement that uses up the code
 * @returns the semantics identifier of the person; undefined if the code is not one of this request, is expired or was used
 */
export async function redeemOwnCode(
  { records, loginResults, isOutage }: OwnLogins,
  { issuer, code, verifier }: { readonly issuer: string; readonly code: string; readonly verifier: string },
  visit: Pick<RecordWrite, 'id' | 'expiresAt'>,
): Promise<string | undefined> {
  const record = await records.find('AuthorizationCode', code);
  const { data: payload } = codeSchema.safeParse(record?.payload);
  if (!payload || record?.consumedAt !== undefined) return undefined;
  if (payload.redirectUri !== issuer + CALLBACK) return undefined;
  if (!equalInConstantTime(payload.codeChallenge, challengeOf(verifier))) return undefined;
  const person = (await loginResults.find(payload.grantId))?.person.semanticsIdentifier;
  // The login was ended meanwhile.
  if (person === undefined) return undefined;
  const put = { ...visit, model: VISIT_MODEL, payload: { accountId: person }, keys: {} };
  const writeThroughOutage = createWriteThroughOutage(records, isOutage);
  const consume = [{ model: 'AuthorizationCode', id: code }];
  if (!(await writeThroughOutage({ consume, put }))) return undefined;
  try {
    await createOutageRetry(isOutage, CLIENT_PATIENCE_MS)(() => records.removeGrant(payload.grantId));
  } catch (error) {
    // It expires by itself, and the visit has begun.
    if (!isOutage(error)) throw error;
  }
  return person;
}

const codeSchema = z.object({
  clientId: z.literal(OWN_CLIENT_ID),
  redirectUri: z.string(),
  codeChallenge: z.string(),
  codeChallengeMethod: z.literal('S256'),
  grantId: z.string(),
});

function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
