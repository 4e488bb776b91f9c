/**
 * What of OpenID Connect Sild speaks, for every deployment the same: endpoints, flows, scopes, algorithms, lifetimes.
 *
 * Only the authorization code flow; no refresh tokens, because a login bridge has nothing to offer while the person is
 * away. Tokens are opaque, for our own userinfo endpoint, and end with the session that a logout ends.
 */
import { type Client, type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { acrOf, CLAIMS_BY_SCOPE } from '../../identity/claims.ts';
import { createClientFetch } from '../clients/client-fetch.ts';
import { clientRules, EXTRA_CLIENT_METADATA } from '../clients/client-rules.ts';
import {
  ACCESS_TOKEN_SECONDS,
  CODE_SECONDS,
  GRANT_SECONDS,
  ID_TOKEN_SECONDS,
  INTERACTION_SECONDS,
  SESSION_SECONDS,
} from '../lifetimes.ts';
import { loginPolicy } from './login-policy.ts';

export const ENDPOINTS = {
  authorization: '/authorize',
  token: '/token',
  userinfo: '/userinfo',
  jwks: '/jwks',
  pushed_authorization_request: '/par',
  end_session: '/logout',
  introspection: '/introspect',
  revocation: '/revoke',
} as const;

/** Where the login pages of an interaction are. */
export function loginPath(uid: string): string {
  return `/login/${uid}`;
}

export const SCOPES = Object.keys(CLAIMS_BY_SCOPE) as readonly (keyof typeof CLAIMS_BY_SCOPE)[];

/** Clients may make us fetch a `sector_identifier_uri`; it is a short list. */
const MAX_FETCH_BYTES = 64 * 1024;

export const PROTOCOL = {
  routes: ENDPOINTS,
  scopes: SCOPES,
  claims: CLAIMS_BY_SCOPE,
  // A login bridge's clients want to know who it is: the ID token says as much as the userinfo endpoint.
  conformIdTokenClaims: false,
  acrValues: [acrOf('QUALIFIED'), acrOf('ADVANCED')],
  responseTypes: ['code'],
  subjectTypes: ['public', 'pairwise'],
  clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'none'],
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256'] },
  allowOmittingSingleRegisteredRedirectUri: false,
  pkce: { required: (_ctx, client) => client.require_pkce !== false },
  extraClientMetadata: {
    properties: [...EXTRA_CLIENT_METADATA],
    validator: (_ctx, key, _value, metadata) => {
      // Called for each of them; the rules are about all of them together.
      if (key === EXTRA_CLIENT_METADATA[0]) clientRules(metadata);
    },
  },
  extraParams: { scope: requireOpenidScope },
  clientBasedCORS,
  fetch: createClientFetch(),
  fetchResponseBodyLimits: { jwks_uri: MAX_FETCH_BYTES, sector_identifier_uri: MAX_FETCH_BYTES },
  interactions: { policy: loginPolicy() },
  ttl: {
    Interaction: INTERACTION_SECONDS,
    AuthorizationCode: CODE_SECONDS,
    AccessToken: ACCESS_TOKEN_SECONDS,
    IdToken: ID_TOKEN_SECONDS,
    Session: SESSION_SECONDS,
    Grant: GRANT_SECONDS,
  },
  features: {
    devInteractions: { enabled: false },
    dPoP: { enabled: false },
    resourceIndicators: { enabled: false },
    userinfo: { enabled: true },
    pushedAuthorizationRequests: { enabled: true },
    introspection: {
      enabled: true,
      // A token is the business of the client that it was issued to; another one learns nothing, not even that it exists.
      allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
    },
    revocation: { enabled: true, allowedPolicy: revocationAllowed },
  },
} satisfies Configuration;

/** Without `openid` there would be no ID token, and a person would have logged in for nothing. */
function requireOpenidScope(_ctx: KoaContextWithOIDC, scope: string | undefined): void {
  if (scope?.split(' ').includes('openid')) return;
  throw new errors.InvalidScope('the openid scope is required', scope ?? '');
}

/** Browser apps, which have no secret, may redeem codes and ask for claims from the origins that they return to. */
function clientBasedCORS(ctx: KoaContextWithOIDC, origin: string, client: Client): boolean {
  if (client.clientAuthMethod !== 'none' || !['token', 'userinfo'].includes(ctx.oidc.route)) return false;
  return (client.redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin && origin !== 'null');
}

/** RFC 7009 2.1: a client that revokes another one's token is told so; one that anybody can claim to be learns nothing. */
function revocationAllowed(
  _ctx: KoaContextWithOIDC,
  client: Client,
  token: { readonly clientId?: string | undefined },
): boolean {
  if (token.clientId === client.clientId) return true;
  if (client.clientAuthMethod === 'none') return false;
  throw new errors.InvalidRequest('the token was issued to another client');
}
