/**
 * A login service that logs in one person without asking and returns the responses that a test sets: OpenID Connect's
 * authorization code flow with PKCE, using only node:http and node:crypto.
 */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The defect of the next responses. */
export type Defect =
  | 'wrong_nonce'
  | 'wrong_audience'
  | 'wrong_issuer'
  | 'wrong_signature'
  | 'expired'
  | 'wrong_state'
  | 'wrong_authorization_issuer'
  | 'other_subject_in_userinfo'
  | 'no_id_token';

export interface StandIn {
  readonly issuer: string;
  /** Claims of the person who logs in. */
  claims: Record<string, unknown>;
  defect: Defect | undefined;
  /** Answers the authorization request with this error. */
  error: { readonly error: string; readonly error_description?: string } | undefined;
  /** Parameters of the last authorization request and the last token request. */
  lastAuthorization: URLSearchParams;
  lastTokenRequest: URLSearchParams;
  close(): Promise<void>;
}

export async function startStandIn(port = 0): Promise<StandIn> {
  const key = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const codes = new Map<string, URLSearchParams>();
  const server = createServer((request, response) => {
    void respond(request).then(({ status = 200, location, json }) => {
      response.writeHead(status, {
        ...(location === undefined ? {} : { location }),
        'content-type': 'application/json',
      });
      response.end(JSON.stringify(json ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(port, 'localhost', resolve));
  const issuer = `http://localhost:${(server.address() as AddressInfo).port}`;
  const standIn: StandIn = {
    issuer,
    claims: { sub: 'PNOEE-40504040001', given_name: 'OK', family_name: 'TEST' },
    defect: undefined,
    error: undefined,
    lastAuthorization: new URLSearchParams(),
    lastTokenRequest: new URLSearchParams(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
  return standIn;

  async function respond(
    request: IncomingMessage,
  ): Promise<{ status?: number; location?: string; json?: unknown }> {
    const url = new URL(request.url ?? '/', issuer);
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        return {
          json: {
            issuer,
            authorization_endpoint: `${issuer}/authorize`,
            token_endpoint: `${issuer}/token`,
            userinfo_endpoint: `${issuer}/userinfo`,
            jwks_uri: `${issuer}/jwks`,
            end_session_endpoint: `${issuer}/logout`,
            response_types_supported: ['code'],
            subject_types_supported: ['public'],
            id_token_signing_alg_values_supported: ['RS256'],
            authorization_response_iss_parameter_supported: true,
          },
        };
      case '/jwks':
        return {
          json: {
            keys: [{ ...key.publicKey.export({ format: 'jwk' }), kid: 'a', alg: 'RS256', use: 'sig' }],
          },
        };
      case '/authorize':
        return authorize(url.searchParams);
      case '/token':
        return token(request, new URLSearchParams(await bodyOf(request)));
      case '/userinfo':
        return {
          json:
            standIn.defect === 'other_subject_in_userinfo' ? { ...standIn.claims, sub: 'X' } : standIn.claims,
        };
      case '/logout':
        return { status: 302, location: url.searchParams.get('post_logout_redirect_uri') ?? issuer };
      default:
        return { status: 404 };
    }
  }

  function authorize(parameters: URLSearchParams) {
    standIn.lastAuthorization = parameters;
    const code = randomBytes(16).toString('hex');
    codes.set(code, parameters);
    const answer = new URL(parameters.get('redirect_uri') ?? '');
    for (const [name, value] of Object.entries(standIn.error ?? { code }))
      answer.searchParams.set(name, value);
    answer.searchParams.set(
      'state',
      standIn.defect === 'wrong_state' ? 'x' : (parameters.get('state') ?? ''),
    );
    answer.searchParams.set(
      'iss',
      standIn.defect === 'wrong_authorization_issuer' ? 'https://evil.example' : issuer,
    );
    return { status: 302, location: answer.href };
  }

  function token(request: IncomingMessage, body: URLSearchParams) {
    standIn.lastTokenRequest = body;
    const asked = codes.get(body.get('code') ?? '');
    codes.delete(body.get('code') ?? '');
    const challenge = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url');
    const authentication = `Basic ${Buffer.from('app:secret').toString('base64')}`;
    if (request.headers.authorization !== authentication)
      return { status: 401, json: { error: 'invalid_client' } };
    if (asked?.get('code_challenge') !== challenge) return { status: 400, json: { error: 'invalid_grant' } };
    return {
      json: {
        access_token: 'an-access-token',
        token_type: 'Bearer',
        ...(standIn.defect === 'no_id_token' ? {} : { id_token: idToken(asked.get('nonce') ?? '') }),
      },
    };
  }

  function idToken(nonce: string): string {
    const now = Math.floor(Date.now() / 1000);
    const { defect } = standIn;
    const claims = {
      iss: defect === 'wrong_issuer' ? 'https://evil.example' : issuer,
      aud: defect === 'wrong_audience' ? 'another-app' : 'app',
      iat: now,
      exp: defect === 'expired' ? now - 3600 : now + 60,
      nonce: defect === 'wrong_nonce' ? 'x' : nonce,
      ...standIn.claims,
    };
    const parts = [{ alg: 'RS256', kid: 'a' }, claims].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    const { privateKey } = defect === 'wrong_signature' ? otherKey : key;
    return [...parts, sign('sha256', Buffer.from(parts.join('.')), privateKey).toString('base64url')].join(
      '.',
    );
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
