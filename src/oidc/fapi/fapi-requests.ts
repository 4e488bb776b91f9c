/** What the requests of a client with `profile: fapi2` must be like, besides what its metadata demand. */
import { decodeProtectedHeader } from 'jose';
import { type Client, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { FAPI_ALGORITHMS, isFapi } from './fapi-client.ts';

/** A JWT from further in the future is refused. (FAPI 2.0 Security Profile 5.3.2.1, note on clock skew) */
const FUTURE_SECONDS = 60;
const LONGEST_REQUEST_SECONDS = 3_600;

type Claims = Readonly<Record<string, unknown>>;

/**
 * The audience of an assertion is the issuer, as a string: one that is meant for several servers could be used at another one of
 * them. (5.3.2.1)
 *
 * @param now milliseconds since the epoch
 * @throws {errors.InvalidClientAuth}
 */
export function requireFapiAssertion(
  issuer: string,
  now: () => number,
  claims: Claims,
  { alg }: Claims,
  client: Client,
): void {
  if (!isFapi(client)) return;
  if (claims.aud !== issuer)
    throw new errors.InvalidClientAuth('the audience must be the issuer, as a string');
  if (!FAPI_ALGORITHMS.includes(String(alg))) throw new errors.InvalidClientAuth('alg is not of the profile');
  const latest = now() / 1000 + FUTURE_SECONDS;
  for (const time of [claims.iat, claims.nbf]) {
    if (typeof time === 'number' && time > latest)
      throw new errors.InvalidClientAuth('it is from the future');
  }
}

/**
 * A request object is signed with an algorithm of the profile, and valid for an hour at most. (FAPI 2.0 Message Signing 5.3.1)
 *
 * @throws {errors.InvalidRequestObject}
 */
export function requireFapiRequestObject({ exp, nbf, aud }: Claims, { alg }: Claims, client: Client): void {
  if (!isFapi(client)) return;
  // oidc-provider keeps the parameters of a pushed request unsigned, and accepts nothing unsigned from a client.
  if (alg === 'none') return;
  if (!FAPI_ALGORITHMS.includes(String(alg)))
    throw new errors.InvalidRequestObject('alg is not of the profile');
  const seconds = typeof exp === 'number' && typeof nbf === 'number' ? exp - nbf : NaN;
  if (aud === undefined || !(seconds > 0 && seconds <= LONGEST_REQUEST_SECONDS)) {
    throw new errors.InvalidRequestObject('aud, exp and nbf are needed, with exp at most an hour after nbf');
  }
}

/** @throws {errors.InvalidDpopProof} for an algorithm that is not one of the profile. Other problems are left to oidc-provider. */
export function requireFapiProof(ctx: KoaContextWithOIDC): void {
  if (!isFapi(ctx.oidc.client)) return;
  const alg = algorithmOf(ctx.get('DPoP'));
  if (alg !== undefined && !FAPI_ALGORITHMS.includes(alg)) {
    throw new errors.InvalidDpopProof('alg is not of the profile');
  }
}

function algorithmOf(proof: string): string | undefined {
  try {
    return decodeProtectedHeader(proof).alg;
  } catch {
    return undefined;
  }
}
