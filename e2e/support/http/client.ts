import * as openid from 'openid-client';
import { createHttpBrowser, type HttpBrowser } from '../../../test/support/servers/http-browser.ts';
import type { Stack } from '../stack.ts';

/** Configures openid-client with the sample app's client ID. */
export async function discover(
  { issuer }: Pick<Stack, 'issuer'>,
  authentication = openid.ClientSecretBasic('sample-app-secret'),
): Promise<openid.Configuration> {
  return openid.discovery(new URL(issuer), 'sample-app', undefined, authentication, {
    execute: [openid.allowInsecureRequests, openid.enableNonRepudiationChecks],
  });
}

export interface RequestedLogin {
  readonly url: URL;
  readonly checks: {
    readonly pkceCodeVerifier: string;
    readonly expectedState: string;
    readonly expectedNonce: string;
  };
}

/** An authorization request with PKCE, state and nonce; `parameters` override them. */
export async function authorizationRequest(
  configuration: openid.Configuration,
  { redirectUri }: Pick<Stack, 'redirectUri'>,
  parameters: Readonly<Record<string, string>> = {},
): Promise<RequestedLogin> {
  const checks = {
    pkceCodeVerifier: openid.randomPKCECodeVerifier(),
    expectedState: openid.randomState(),
    expectedNonce: openid.randomNonce(),
  };
  const url = openid.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: 'openid profile identity smart_id',
    state: checks.expectedState,
    nonce: checks.expectedNonce,
    code_challenge: await openid.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
    code_challenge_method: 'S256',
    ...parameters,
  });
  return { url, checks };
}

/** A browser that stops at the redirect to the client. */
export function browserOf({ redirectUri }: Pick<Stack, 'redirectUri'>): HttpBrowser {
  return createHttpBrowser({ stopAt: (url) => `${url.origin}${url.pathname}` === redirectUri });
}
