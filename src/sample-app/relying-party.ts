import * as client from 'openid-client';

export interface RelyingPartyOptions {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUri: string;
  /** Must be identical to the registered one. */
  readonly postLogoutRedirectUri: string;
}

/** The state of a login between the redirect to the login service and its response; bound to one browser. */
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

/** An OpenID Connect relying party: the authorization code flow with PKCE, state and nonce, and logout. */
export interface RelyingParty {
  /** The authorization request's address, and the state to store until the response. */
  beginLogin(): Promise<{ readonly address: URL; readonly pending: PendingLogin }>;
  /**
   * @param query the callback's query string, unchanged
   * @throws openid-client's errors if the login failed or its response is not valid
   */
  completeLogin(query: string, pending: PendingLogin): Promise<Visitor>;
  /** The login service's logout address. It asks the person to confirm, then redirects back. */
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
    // Checks the response's state and iss, redeems the code, validates the ID token: signature, iss, aud, exp, nonce.
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
   * Without `id_token_hint`: an ID token contains personal data, and addresses end up in the browser's history and in
   * the logs of proxies. `client_id` is enough to validate `post_logout_redirect_uri`. Posting the token in a form would
   * not help if the login service redirects with it. (RP-Initiated Logout 1.0, 2 and 3)
   */
  async function logoutAddress() {
    return client.buildEndSessionUrl(await loginService(), {
      client_id: clientId,
      post_logout_redirect_uri: postLogoutRedirectUri,
    });
  }

  /** Discovery runs once, at the first login. A failure is not cached, so that the next login tries again. */
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
    // By default openid-client relies on TLS for ID tokens; this makes it verify the signature too.
    {
      execute: [
        client.enableNonRepudiationChecks,
        ...(isLoopback(issuer) ? [client.allowInsecureRequests] : []),
      ],
    },
  );
}

/** http is only safe on loopback; for other hosts openid-client continues to refuse it. */
function isLoopback(issuer: string): boolean {
  const { protocol, hostname } = new URL(issuer);
  return protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
}
