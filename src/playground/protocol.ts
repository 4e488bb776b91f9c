/** The steps of a login by openid-client: send the request, redeem the code, ask for the claims. Each is recorded. */
import * as client from 'openid-client';
import { type ClientKey, CLIENT_SECRET, clientOf } from './clients.ts';
import { type Exchange, recordingFetch, requireIssuer } from './exchanges.ts';
import type { Run, SentRequest } from './runs.ts';
import { maxAgeOf, parametersOf, type Settings } from './settings.ts';

export interface ProtocolOptions {
  readonly issuer: string;
  readonly redirectUri: string;
  readonly key: ClientKey;
}

export interface Protocol {
  /** What a request has before it is sent. */
  prepare(
    settings: Settings,
    idTokenHint: string | undefined,
  ): Promise<Pick<Run, 'state' | 'nonce' | 'codeVerifier' | 'parameters'>>;
  /** Signs, and pushes, where that is asked for. @returns with the address to which the browser goes */
  send(run: Run): Promise<SentRequest>;
  /** Validates the answer and redeems its code. @throws openid-client's errors */
  redeem(run: Run): Promise<NonNullable<Run['tokens']>>;
  userinfo(run: Run): Promise<NonNullable<Run['userinfo']>>;
}

export function createProtocol({ issuer, redirectUri, key }: ProtocolOptions): Protocol {
  return {
    async prepare(settings, idTokenHint) {
      const codeVerifier = client.randomPKCECodeVerifier();
      const [state, nonce] = [client.randomState(), client.randomNonce()];
      const challenge = {
        code_challenge: await client.calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      };
      const parameters = {
        client_id: settings.client,
        redirect_uri: redirectUri,
        ...parametersOf(settings),
        state,
        nonce,
        ...(settings.pkce && challenge),
        ...(idTokenHint !== undefined && { id_token_hint: idTokenHint }),
      };
      return { state, nonce, codeVerifier, parameters };
    },

    async send({ settings, parameters, exchanges }) {
      const config = await configure(settings, exchanges.request);
      const dpop = settings.dpop
        ? client.getDPoPHandle(config, await client.randomDPoPKeyPair('ES256'))
        : undefined;
      let asked = new URLSearchParams(parameters);
      // Without PAR there is no proof yet: the parameter binds the code to the key. (RFC 9449 10)
      if (dpop && !settings.par) asked.set('dpop_jkt', await dpop.calculateThumbprint());
      let requestObject: string | undefined;
      if (settings.jar) {
        const signed = await client.buildAuthorizationUrlWithJAR(config, asked, await signingKey());
        asked = signed.searchParams;
        requestObject = asked.get('request') ?? undefined;
      }
      const address = settings.par
        ? await client.buildAuthorizationUrlWithPAR(config, asked, dpop ? { DPoP: dpop } : undefined)
        : client.buildAuthorizationUrl(config, asked);
      requireIssuer(address, issuer);
      return { address, requestObject, dpop };
    },

    async redeem({ settings, exchanges, answer, state, nonce, codeVerifier, sent }) {
      const maxAge = maxAgeOf(settings);
      return client.authorizationCodeGrant(
        await configure(settings, exchanges.tokens),
        // Of the answer only the parameters count, however they came.
        new URL(`?${answer?.toString() ?? ''}`, redirectUri),
        {
          expectedState: state,
          expectedNonce: nonce,
          idTokenExpected: true,
          ...(settings.pkce && { pkceCodeVerifier: codeVerifier }),
          ...(maxAge !== undefined && { maxAge }),
        },
        undefined,
        sent?.dpop && { DPoP: sent.dpop },
      );
    },

    async userinfo({ settings, exchanges, tokens, sent }) {
      if (!tokens?.id_token) throw new Error('there is no ID token');
      const config = await configure(settings, exchanges.userinfo);
      const subject = JSON.parse(
        Buffer.from(tokens.id_token.split('.')[1] ?? '', 'base64url').toString(),
      ) as { readonly sub: string };
      return client.fetchUserInfo(
        config,
        tokens.access_token,
        subject.sub,
        sent?.dpop && { DPoP: sent.dpop },
      );
    },
  };

  /** Discovery runs for each step, so that the record of a step is complete. */
  async function configure({ client: id }: Settings, exchanges: Exchange[]): Promise<client.Configuration> {
    const { authentication, idTokenAlg } = clientOf(id);
    return client.discovery(
      new URL(issuer),
      id,
      { id_token_signed_response_alg: idTokenAlg },
      await authenticationOf(authentication),
      {
        [client.customFetch]: recordingFetch(issuer, exchanges),
        execute: [
          client.enableNonRepudiationChecks,
          // The simulator runs only with an issuer on this machine.
          ...(new URL(issuer).protocol === 'http:' ? [client.allowInsecureRequests] : []),
        ],
      },
    );
  }

  async function authenticationOf(method: ReturnType<typeof clientOf>['authentication']) {
    switch (method) {
      case 'client_secret_basic':
        return client.ClientSecretBasic(CLIENT_SECRET);
      case 'client_secret_post':
        return client.ClientSecretPost(CLIENT_SECRET);
      case 'private_key_jwt':
        return client.PrivateKeyJwt(await signingKey());
      case 'none':
        return client.None();
    }
  }

  async function signingKey(): Promise<client.PrivateKey> {
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    return {
      key: await crypto.subtle.importKey('jwk', key.privateJwk, algorithm, false, ['sign']),
      kid: key.kid,
    };
  }
}

/** Why a step failed, for the page. */
export function reasonOf(error: unknown): string {
  if (error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError) {
    return `The login service answered ${error.error}${error.error_description === undefined ? '' : `: ${error.error_description}`}`;
  }
  if (!(error instanceof Error)) return 'It failed for an unknown reason.';
  if (error instanceof TypeError && error.message === 'fetch failed')
    return 'The login service does not answer.';
  // openid-client says what is wrong in the cause, where it is not an error of OAuth.
  if (error.cause instanceof Error) return reasonOf(error.cause);
  return `The client refused it: ${error.message}`;
}
