/** The application of the realm: a relying party of Keycloak, in a browser. */
import { createServer, type Server } from 'node:http';
import * as openid from 'openid-client';
import type { Page } from 'playwright';

export interface Tokens {
  readonly claims: Readonly<Record<string, unknown>>;
  readonly idToken: string;
  readonly accessToken: string;
}

export interface Application {
  /** Sends the page to Keycloak with an authorization request. */
  begin(page: Page, parameters?: Readonly<Record<string, string>>): Promise<Pending>;
  /** Sends the page to Keycloak's logout. */
  logOut(page: Page, tokens: Tokens): Promise<void>;
  /** Where a page is after a logout. */
  readonly loggedOutUrl: string;
  close(): void;
}

export interface Pending {
  /** Waits until the page is back, and redeems the code. */
  tokens(): Promise<Tokens>;
}

export async function startApplication(
  realm: string,
  appUrl: string,
  secret: string,
  clientId = 'app',
): Promise<Application> {
  const server: Server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html').end('<!doctype html><title>Application</title>');
  });
  await new Promise<void>((resolve) => server.listen(Number(new URL(appUrl).port), 'localhost', resolve));
  const authentication = openid.ClientSecretBasic(secret);
  const execute = [openid.allowInsecureRequests, openid.enableNonRepudiationChecks];
  const configuration = await openid.discovery(new URL(realm), clientId, undefined, authentication, {
    execute,
  });
  const callback = `${appUrl}/callback`;
  const loggedOutUrl = `${appUrl}/bye`;

  return {
    async begin(page, parameters = {}) {
      const verifier = openid.randomPKCECodeVerifier();
      const state = openid.randomState();
      const nonce = openid.randomNonce();
      const url = openid.buildAuthorizationUrl(configuration, {
        redirect_uri: callback,
        scope: 'openid',
        state,
        nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...parameters,
      });
      await page.goto(url.href);
      const back = async () => {
        await page.waitForURL((at) => at.href.startsWith(callback));
        return new URL(page.url());
      };
      return {
        async tokens() {
          const answer = await openid.authorizationCodeGrant(configuration, await back(), {
            pkceCodeVerifier: verifier,
            expectedState: state,
            expectedNonce: nonce,
            idTokenExpected: true,
            ...(parameters.max_age === undefined ? {} : { maxAge: Number(parameters.max_age) }),
          });
          return {
            claims: answer.claims() ?? {},
            idToken: answer.id_token ?? '',
            accessToken: answer.access_token,
          };
        },
      };
    },
    async logOut(page, { idToken }) {
      const parameters = { id_token_hint: idToken, post_logout_redirect_uri: loggedOutUrl };
      await page.goto(openid.buildEndSessionUrl(configuration, parameters).href);
    },
    loggedOutUrl,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
