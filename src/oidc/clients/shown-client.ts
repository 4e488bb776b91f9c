import type { Client } from 'oidc-provider';
import { withParameters } from '../uris.ts';
import { shownService } from '../services/client-services.ts';
import { brandingOf, type ClientBranding } from './client-branding.ts';

/** A client as pages show it. */
export interface ShownClient {
  readonly id: string;
  /** The name to show; never empty. */
  readonly name: string;
  /** The home page: what the client registered, or else the origin of a redirect URI; undefined for an app. */
  readonly uri: string | undefined;
  /** Where a login begins: the client's `initiate_login_uri`; undefined: at the home page. */
  readonly loginUri?: string | undefined;
  readonly branding?: ClientBranding;
}

/** What an authorization request says about the page to return to; validated. */
interface ShownRequest {
  /** The service that the pages name instead of the client. */
  readonly service?: unknown;
  readonly redirect_uri?: unknown;
}

/**
 * @param request by default none: the client itself, with its first redirect URI
 * @param issuer for an `initiate_login_uri`, which gets it as a parameter; by default the client has no `loginUri`
 */
export function shownClient(client: Client, request: ShownRequest = {}, issuer?: string): ShownClient {
  const { service, redirect_uri: redirectUri = client.redirectUris?.[0] } = request;
  const branding = brandingOf(client);
  const loginUri = issuer === undefined ? undefined : loginUriOf(client, issuer);
  return {
    id: client.clientId,
    name: client.clientName ?? client.clientId,
    uri: client.clientUri ?? originOf(redirectUri),
    ...(loginUri !== undefined && { loginUri }),
    branding,
    ...shownService(client, service, branding),
  };
}

/** The address at which the client begins a login. (OpenID Connect Core 4) */
function loginUriOf({ initiateLoginUri: uri }: Client, issuer: string): string | undefined {
  return uri === undefined ? undefined : withParameters(uri, new URLSearchParams({ iss: issuer }));
}

/** Of a web address; the schemes of apps have no origin. */
function originOf(redirectUri: unknown): string | undefined {
  const url = typeof redirectUri === 'string' ? URL.parse(redirectUri) : null;
  return url && /^https?:$/.test(url.protocol) ? `${url.origin}/` : undefined;
}
