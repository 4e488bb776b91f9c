/** The paths of the OpenID Connect endpoints. oidc-provider finds them in any letter case, and with a slash at the end. */
export const ENDPOINTS = {
  authorization: '/authorize',
  token: '/token',
  userinfo: '/userinfo',
  jwks: '/jwks',
  pushed_authorization_request: '/par',
  backchannel_authentication: '/ciba',
  end_session: '/logout',
  introspection: '/introspect',
  revocation: '/revoke',
} as const;

const PATHS: readonly string[] = Object.values(ENDPOINTS);

/**
 * The path of an endpoint, or below one, as it is written above; any other path as it is. The ID of an interaction keeps its case. With
 * a second slash at the end it is another path, for oidc-provider too: without one of them it would be an endpoint that nothing checks.
 */
export function canonicalPath(path: string): string {
  const [, first = '', ...below] = path.replace(/\/$/, '').split('/');
  const endpoint = `/${first.toLowerCase()}`;
  if (!PATHS.includes(endpoint) || below.includes('')) return path;
  const rest = endpoint === ENDPOINTS.authorization ? below : below.map((part) => part.toLowerCase());
  return [endpoint, ...rest].join('/');
}
