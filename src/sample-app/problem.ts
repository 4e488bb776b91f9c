import { AuthorizationResponseError, ClientError, ResponseBodyError } from 'openid-client';

/** Why a request or a login failed, for the problem page. */
export type Problem =
  | { readonly kind: 'cancelled' }
  /** The login service answered with an error of OAuth 2.0. */
  | { readonly kind: 'refused'; readonly error: string; readonly description?: string | undefined }
  /** A response to a login that this browser did not start, or started too long ago. */
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
  if (isUnreachable(error)) return { kind: 'unreachable' };
  return { kind: 'unexpected' };
}

function isUnreachable(error: unknown): boolean {
  if (error instanceof ClientError) {
    // A response that is not OpenID Connect, such as a proxy's 502, or a timeout.
    return error.code === 'OAUTH_RESPONSE_IS_NOT_CONFORM' || error.code === 'OAUTH_TIMEOUT';
  }
  return error instanceof TypeError && error.message === 'fetch failed';
}
