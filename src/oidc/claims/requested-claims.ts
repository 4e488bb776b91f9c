/** The `claims` parameter of an authorization request. (OpenID Connect Core 5.5) */
import { type Client, errors } from 'oidc-provider';
import { z } from 'zod';
import { CLAIMS_BY_SCOPE } from '../../identity/claims.ts';
import { verifiedClaimsRequests } from '../verified-claims/request.ts';

const verified = { verified_claims: verifiedClaimsRequests.nullish() };

const subject = {
  sub: z.looseObject({ value: z.string().optional(), values: z.array(z.string()).optional() }).nullish(),
};

/** Only the requests of `sub` and `acr` decide about a login; of the others, but `verified_claims`, the names matter. */
const requested = z.looseObject({
  id_token: z
    .looseObject({
      ...subject,
      acr: z
        .looseObject({
          essential: z.boolean().optional(),
          value: z.string().optional(),
          values: z.array(z.string()).optional(),
        })
        .nullish(),
      ...verified,
    })
    .optional(),
  userinfo: z.looseObject({ ...subject, ...verified }).optional(),
});

export type RequestedClaims = z.output<typeof requested>;

/**
 * @param parameter the parameter as oidc-provider stores it with the request, after {@link checkRequestedClaims}
 */
export function requestedClaims(parameter: unknown): RequestedClaims {
  return typeof parameter === 'string' ? requested.parse(JSON.parse(parameter)) : {};
}

/**
 * The `sub`s that the parameter requests, for the ID token or for userinfo: only a person with one of them may log in.
 * (OpenID Connect Core 5.5.1)
 *
 * @returns undefined where it requests none; an empty list where its requests exclude each other
 */
export function requestedSubjects(parameter: unknown): readonly string[] | undefined {
  const { id_token: idToken, userinfo } = requestedClaims(parameter);
  const lists = [idToken?.sub, userinfo?.sub].flatMap((sub) => [
    ...(sub?.value === undefined ? [] : [[sub.value]]),
    ...(sub?.values === undefined ? [] : [sub.values]),
  ]);
  const [first, ...others] = lists;
  return first?.filter((one) => others.every((list) => list.includes(one)));
}

/**
 * Checks the parts of the parameter that oidc-provider does not check itself.
 *
 * @throws {errors.InvalidRequest}
 */
export function checkRequestedClaims(claims: unknown): void {
  if (!requested.safeParse(claims).success) {
    throw new errors.InvalidRequest(
      'the claims parameter requests sub, acr or verified_claims in a wrong way',
    );
  }
}

/**
 * The claims to grant that the request names one by one: those of the scopes that the client may request, so that a client
 * that is limited to some scopes gets no claims of the others.
 *
 * @param all all claims of those scopes, for the later requests of a remembered login
 */
export function claimsToGrant(parameter: unknown, client: Client, all = false): string[] {
  const { id_token: idToken = {}, userinfo = {} } = requestedClaims(parameter);
  const named = new Set([...Object.keys(idToken), ...Object.keys(userinfo)]);
  const allowed = client.scope?.split(' ');
  const verifiedToo = named.has('verified_claims') ? ['verified_claims'] : [];
  const byScope = Object.entries(CLAIMS_BY_SCOPE)
    .filter(([scope]) => allowed?.includes(scope) ?? true)
    .flatMap(([, claims]) => claims.filter((claim) => all || named.has(claim)));
  // Which claims it contains is decided when it is made.
  return [...byScope, ...verifiedToo];
}
