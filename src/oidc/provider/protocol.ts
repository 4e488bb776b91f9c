/**
 * The supported part of OpenID Connect, the same in every deployment: endpoints, flows, scopes, algorithms, lifetimes.
 *
 * Only the authorization code flow, and CIBA for clients that may ask without a browser. No refresh tokens, because a client needs
 * nothing from Sild while the person is absent.
 * Access tokens are opaque, for Sild's own userinfo endpoint, and are revoked with the session by a logout.
 */
import { type Client, type Configuration, errors, type KoaContextWithOIDC } from 'oidc-provider';
import { LANGUAGES } from '../../config/languages.ts';
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
import { ENDPOINTS } from '../endpoints.ts';
import { VERIFIED_CLAIMS_METADATA } from '../verified-claims/verified-claims.ts';
import { UNCONNECTED_CIBA } from '../ciba/unconnected-feature.ts';
import { ALGORITHMS } from '../algorithms.ts';
import { loginPolicy, PROMPT_VALUES } from './configuration/login-policy.ts';
import { acrOfLogin } from '../claims/requested-acr.ts';
import { checkRequestedClaims } from '../claims/requested-claims.ts';
import { RECEIPT_SCOPE } from '../receipts/receipt-scope.ts';

/** The path of an interaction's login pages. */
export function loginPath(uid: string): string {
  return `/login/${uid}`;
}

/** `receipt` is not in the table of claims: its claim is only in userinfo, and cannot be requested by name. */
export const SCOPES = [
  ...(Object.keys(CLAIMS_BY_SCOPE) as readonly (keyof typeof CLAIMS_BY_SCOPE)[]),
  RECEIPT_SCOPE,
] as const;

/** Limit for a `sector_identifier_uri`, which is a short list of addresses. */
const MAX_FETCH_BYTES = 64 * 1024;

export const PROTOCOL = {
  routes: ENDPOINTS,
  scopes: SCOPES,
  claims: { ...CLAIMS_BY_SCOPE, [RECEIPT_SCOPE]: ['receipt'], verified_claims: null },
  // The ID token has the same claims as the userinfo endpoint, so that clients need no second request.
  conformIdTokenClaims: false,
  acrValues: [acrOf('QUALIFIED'), acrOf('ADVANCED')],
  discovery: {
    // Initiating User Registration via OpenID Connect 1.0, 3
    prompt_values_supported: PROMPT_VALUES,
    ui_locales_supported: LANGUAGES,
    ...VERIFIED_CLAIMS_METADATA,
  },
  responseTypes: ['code'],
  subjectTypes: ['public', 'pairwise'],
  clientAuthMethods: [
    'client_secret_basic',
    'client_secret_post',
    'client_secret_jwt',
    'private_key_jwt',
    'none',
  ],
  enabledJWA: ALGORITHMS,
  allowOmittingSingleRegisteredRedirectUri: false,
  pkce: { required: (_ctx, client) => client.require_pkce !== false },
  extraClientMetadata: {
    properties: [...EXTRA_CLIENT_METADATA],
    validator: (_ctx, key, _value, metadata) => {
      // Called once for each property, but the rules concern all of them together: checked with the first.
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
    // Access tokens of clients that send a proof are bound to its key. (RFC 9449)
    dPoP: { enabled: true },
    encryption: { enabled: true },
    // By value; by reference only what was pushed to `/par`. (RFC 9101)
    requestObjects: { enabled: true },
    resourceIndicators: { enabled: false },
    userinfo: { enabled: true },
    jwtUserinfo: { enabled: true },
    claimsParameter: { enabled: true, assertClaimsParameter: requireSupportedAcr },
    pushedAuthorizationRequests: { enabled: true },
    ciba: UNCONNECTED_CIBA,
    introspection: {
      enabled: true,
      // Only the client to which a token was issued may introspect it. Others do not even learn that it exists.
      allowedPolicy: (_ctx, client, token) => token.clientId === client.clientId,
    },
    revocation: { enabled: true, allowedPolicy: revocationAllowed },
  },
} satisfies Configuration;

/** Refuses a request without `openid` at once: without an ID token the login would be useless. */
export function requireOpenidScope(_ctx: KoaContextWithOIDC, scope: string | undefined): void {
  if (scope?.split(' ').includes('openid')) return;
  throw new errors.InvalidScope('the openid scope is required', scope ?? '');
}

/** Refuses a request at once whose essential `acr` no login can have. (OpenID Connect Core 5.5.1.1) */
function requireSupportedAcr({ oidc }: KoaContextWithOIDC, claims: unknown): void {
  checkRequestedClaims(claims);
  if (acrOfLogin(oidc.params ?? {}, 'QUALIFIED') === undefined) {
    throw new errors.UnmetAuthenticationRequirements('none of the essential acr values is supported');
  }
}

/** Public clients in a browser may call the token and userinfo endpoints from the origins of their redirect URIs. */
function clientBasedCORS(ctx: KoaContextWithOIDC, origin: string, client: Client): boolean {
  if (client.clientAuthMethod !== 'none' || !['token', 'userinfo'].includes(ctx.oidc.route)) return false;
  return (client.redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin && origin !== 'null');
}

/** An authenticated client gets an error for the token of another client (RFC 7009 2.1); a public client learns nothing. */
function revocationAllowed(
  _ctx: KoaContextWithOIDC,
  client: Client,
  token: { readonly clientId?: string | undefined },
): boolean {
  if (token.clientId === client.clientId) return true;
  if (client.clientAuthMethod === 'none') return false;
  throw new errors.InvalidRequest('the token was issued to another client');
}
