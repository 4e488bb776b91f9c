import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';

/** Why nobody is logged in, in words for the person. */
export type Problem =
  | { readonly kind: 'cancelled' }
  /** The login service answered with an error of OAuth 2.0. */
  | { readonly kind: 'refused'; readonly error: string; readonly description?: string | undefined }
  /** An answer to a login that this browser did not begin, or began too long ago. */
  | { readonly kind: 'not_expected' }
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'no_such_page' }
  /** Anything else, such as an ID token that does not validate. */
  | { readonly kind: 'unexpected' };

export function problemOf(error: unknown): Problem {
  if (error instanceof AuthorizationResponseError) {
    return error.error === 'access_denied'
      ? { kind: 'cancelled' }
      : { kind: 'refused', error: error.error, description: error.error_description };
  }
  if (error instanceof ResponseBodyError) {
    return { kind: 'refused', error: error.error, description: error.error_description };
  }
  if (isOutOfReach(error)) return { kind: 'unreachable' };
  return { kind: 'unexpected' };
}

function isOutOfReach(error: unknown): boolean {
  if (error instanceof ClientError) {
    // An answer that is not one of OpenID Connect, such as a 502 of a proxy, or none in time.
    return error.code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' || error.code === 'OAUTH_TIMEOUT';
  }
  return error instanceof TypeError && error.message === 'fetch failed';
}
