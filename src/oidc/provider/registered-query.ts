import type { KoaContextWithOIDC } from 'oidc-provider';
import { withoutQuery, withParameters } from '../uris.ts';

/**
 * Keeps the query of a redirect URI as it is registered: oidc-provider re-encodes it with the parameters of the response
 * (`?x=%20y` becomes `?x=+y`), and the client would find another value. (RFC 6749 3.1.2) Registration refuses a query that
 * has a parameter of the response.
 */
export async function keepRegisteredQuery(ctx: KoaContextWithOIDC, next: () => Promise<void>): Promise<void> {
  await next();
  const location = URL.parse(ctx.response.get('Location'));
  if (!location) return;
  const kept = registeredUris(ctx)
    .map((registered) => withResponseOf(location, registered))
    .find((uri) => uri !== undefined);
  if (kept !== undefined) ctx.redirect(kept);
}

/** The URIs to which a response of this request may lead; a route without oidc-provider has none. */
function registeredUris({ oidc }: Partial<KoaContextWithOIDC>): readonly string[] {
  switch (oidc?.route) {
    case 'authorization':
    case 'resume': {
      const uri = oidc.params?.redirect_uri;
      return typeof uri === 'string' ? [uri] : [];
    }
    case 'end_session_confirm':
      // The longest first: of two with the same path, the one with more of a query.
      return (oidc.client?.postLogoutRedirectUris ?? []).toSorted((one, other) => other.length - one.length);
    default:
      return [];
  }
}

/** @returns undefined where the location is not that URI with the parameters of a response */
function withResponseOf(location: URL, registered: string): string | undefined {
  const url = URL.parse(registered);
  const own = [...(url?.searchParams ?? [])];
  const all = [...location.searchParams];
  const isOwn = own.every(([name, value], at) => all[at]?.[0] === name && all[at][1] === value);
  if (!url || withoutQuery(url) !== withoutQuery(location) || !isOwn) return undefined;
  return withParameters(registered, new URLSearchParams(all.slice(own.length))) + location.hash;
}
