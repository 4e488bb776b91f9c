import * as client from 'openid-client';

export interface RelyingPartyOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  /** Registered with the login service, to the letter. */
  readonly postLogoutRedirectUri: string;
}

/** What must be remembered, for this browser alone, from the redirect to the login service until its answer. */
export interface PendingLogin {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

export type Claims = Readonly<Record<string, unknown>>;

export interface Visitor {
  readonly idTokenClaims: Claims;
  readonly userinfo: Claims;
}

/** OpenID Connect's relying party: the authorization code flow with PKCE, state and nonce, and logout. */
export interface RelyingParty {
  /** Where to send the browser, and what to remember meanwhile. */
  beginLogin(): Promise<{ readonly address: URL; readonly pending: PendingLogin }>;
  /** @param query the callback's, as it came @throws openid-client's errors when the login failed or is not to be believed */
  completeLogin(query: string, pending: PendingLogin): Promise<Visitor>;
  /** Where to send the browser to log out of the login service too, which asks the person, and sends them back. */
  logoutAddress(): Promise<URL>;
}

const SCOPE = 'openid profile identity smart_id';

export function createRelyingParty(options: RelyingPartyOptions): RelyingParty {
  const { clientId, redirectUri, postLogoutRedirectUri } = options;
  let discovered: Promise<client.Configuration> | undefined;

  return { beginLogin, completeLogin, logoutAddress };

  async function beginLogin() {
    const codeVerifier = client.randomPKCECodeVerifier();
    const pending = { state: client.randomState(), nonce: client.randomNonce(), codeVerifier };
    const address = client.buildAuthorizationUrl(await loginService(), {
      redirect_uri: redirectUri,
      scope: SCOPE,
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
      code_challenge_method: 'S256',
    });
    return { address, pending };
  }

  async function completeLogin(query: string, { state, nonce, codeVerifier }: PendingLogin) {
    const service = await loginService();
    // Checks state and iss of the answer, redeems the code, validates the ID token: signature, iss, aud, exp, nonce.
    const tokens = await client.authorizationCodeGrant(service, new URL(`?${query}`, redirectUri), {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
    });
    const idTokenClaims = tokens.claims();
    if (!idTokenClaims) throw new Error('the login service gave no ID token');
    const userinfo = await client.fetchUserInfo(service, tokens.access_token, idTokenClaims.sub);
    return { idTokenClaims, userinfo };
  }

  /**
   * Without `id_token_hint`: an ID token says who the person is, and what is in an address is in the browser's history
   * and in the logs of proxies. `client_id` tells the login service as well whose `post_logout_redirect_uri` this is; a
   * form that posts the token would not help where it ends in a redirect. (RP-Initiated Logout 1.0, 2 and 3)
   */
  async function logoutAddress() {
    return client.buildEndSessionUrl(await loginService(), {
      client_id: clientId,
      post_logout_redirect_uri: postLogoutRedirectUri,
    });
  }

  /** Asked once, at the first login. A failed attempt is not kept, so that the next login asks again. */
  function loginService(): Promise<client.Configuration> {
    discovered ??= discover(options).catch((error: unknown) => {
      discovered = undefined;
      throw error;
    });
    return discovered;
  }
}

function discover({ issuer, clientId, clientSecret }: RelyingPartyOptions): Promise<client.Configuration> {
  return client.discovery(
    new URL(issuer),
    clientId,
    undefined,
    client.ClientSecretBasic(clientSecret),
    // openid-client trusts an ID token that came over TLS; with this it verifies the signature as well.
    {
      execute: [
        client.enableNonRepudiationChecks,
        ...(isLoopback(issuer) ? [client.allowInsecureRequests] : []),
      ],
    },
  );
}

/** On this machine alone http is as good as https; anywhere else openid-client goes on refusing it. */
function isLoopback(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer);
  return protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
