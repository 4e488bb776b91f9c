import { decodeJwt, errors as joseErrors, type JWTPayload } from 'jose';

/** The claims of an `id_token_hint`, not verified; none if it is not a JWT. oidc-provider verifies it before it ends a login. */
export function unverifiedClaimsOf(hint: unknown): JWTPayload {
  if (typeof hint !== 'string') return {};
  try {
    return decodeJwt(hint);
  } catch (error) {
    if (error instanceof joseErrors.JWTInvalid) return {};
    throw error;
  }
}
