import { errors, type KoaContextWithOIDC } from 'oidc-provider';

/** A signed request without a browser must have them. (CIBA Core 7.1.1) */
const CLAIMS = ['aud', 'iss', 'exp', 'iat', 'nbf', 'jti'] as const;

/** @throws {errors.InvalidRequestObject} */
export function requireBackchannelClaims(
  { oidc }: KoaContextWithOIDC,
  claims: Readonly<Record<string, unknown>>,
): void {
  if (oidc.route !== 'backchannel_authentication') return;
  if (CLAIMS.every((claim) => claims[claim] !== undefined)) return;
  throw new errors.InvalidRequestObject(`a request object needs ${CLAIMS.join(', ')}`);
}
