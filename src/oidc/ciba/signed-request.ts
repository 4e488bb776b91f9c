import { errors, type KoaContextWithOIDC } from 'oidc-provider';

/** A signed request without a browser must have them. (CIBA Core 7.1.1) */
const CLAIMS = ['aud', 'iss', 'exp', 'iat', 'nbf', 'jti'] as const;
/** From `nbf` to `exp`. (FAPI-CIBA 5.2.2) */
const LONGEST_SECONDS = 3_600;

/** @throws {errors.InvalidRequestObject} */
export function requireBackchannelClaims(
  { oidc }: KoaContextWithOIDC,
  claims: Readonly<Record<string, unknown>>,
): void {
  if (oidc.route !== 'backchannel_authentication') return;
  if (!CLAIMS.every((claim) => claims[claim] !== undefined))
    throw new errors.InvalidRequestObject(`a request object needs ${CLAIMS.join(', ')}`);
  const seconds = Number(claims.exp) - Number(claims.nbf);
  if (!(seconds <= LONGEST_SECONDS))
    throw new errors.InvalidRequestObject('a request object may be valid for an hour after nbf at most');
}
