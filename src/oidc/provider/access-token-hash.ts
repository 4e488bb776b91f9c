import type { KoaContextWithOIDC } from 'oidc-provider';
import type Provider from 'oidc-provider';
import { overrideMethod } from '../override-method.ts';

/**
 * Adds `at_hash` to the ID tokens of the token endpoint, where it is optional (OpenID Connect Core 3.1.3.6) and oidc-provider
 * omits it. With it a client can check that the access token belongs to the ID token.
 *
 * oidc-provider's `issue` replaces the claim's value, the access token, by its hash.
 */
export function addAccessTokenHash(provider: Provider): void {
  overrideMethod(provider.IdToken.prototype, 'issue', (idToken, issue, context) => {
    const accessToken = accessTokenOf(idToken.ctx);
    if (context.use === 'idtoken' && accessToken !== undefined) idToken.set('at_hash', accessToken);
    return issue(context);
  });
}

/** An opaque access token is its own ID. */
function accessTokenOf({ oidc }: KoaContextWithOIDC): string | undefined {
  return oidc.route === 'token' ? oidc.entities.AccessToken?.jti : undefined;
}
