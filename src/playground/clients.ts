/**
 * The clients of the playground: one for each way in which a client authenticates and for what a client must have set. All
 * have the same key, which is made at each start: it signs request objects, and assertions of those without a secret.
 */
import { generateKeyPairSync, type JsonWebKey, randomUUID } from 'node:crypto';

export interface PlaygroundClient {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  /** What the client sends at the token endpoint. */
  readonly authentication: 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt' | 'none';
  readonly idTokenAlg: 'RS256' | 'ES256';
  /** Metadata beside the common ones. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

export const CLIENT_SECRET = 'playground-secret';

export const CLIENTS = [
  {
    id: 'playground',
    title: 'Web app with a secret',
    hint: 'client_secret_basic',
    authentication: 'client_secret_basic',
    idTokenAlg: 'RS256',
    metadata: {},
  },
  {
    id: 'playground-post',
    title: 'Web app that posts its secret',
    hint: 'client_secret_post',
    authentication: 'client_secret_post',
    idTokenAlg: 'RS256',
    metadata: {},
  },
  {
    id: 'playground-public',
    title: 'Public app',
    hint: 'none: an app in a browser or on a phone',
    authentication: 'none',
    idTokenAlg: 'RS256',
    metadata: {},
  },
  {
    id: 'playground-key',
    title: 'Web app with a key',
    hint: 'private_key_jwt',
    authentication: 'private_key_jwt',
    idTokenAlg: 'RS256',
    metadata: {},
  },
  {
    id: 'playground-fapi',
    title: 'FAPI 2.0',
    hint: 'private_key_jwt; choose PAR and DPoP, without which it is refused',
    authentication: 'private_key_jwt',
    idTokenAlg: 'ES256',
    metadata: {
      profile: 'fapi2',
      require_pkce: true,
      require_pushed_authorization_requests: true,
      dpop_bound_access_tokens: true,
    },
  },
  {
    id: 'playground-remembered',
    title: 'Remembered login',
    hint: 'its logins are remembered for 15 minutes: try prompt, max_age and id_token_hint with it',
    authentication: 'client_secret_basic',
    idTokenAlg: 'RS256',
    metadata: { remember_login: 900 },
  },
] as const satisfies readonly PlaygroundClient[];

export type ClientId = (typeof CLIENTS)[number]['id'];

/** Registered with each client, for the parameter `service`. */
export const SERVICES = [
  { id: 'library', name: 'City Library' },
  { id: 'theatre', name: 'City Theatre' },
] as const;

/** Every scope that Sild has. */
export const SCOPES = ['openid', 'profile', 'identity', 'smart_id', 'age', 'receipt'] as const;

export interface ClientKey {
  readonly kid: string;
  readonly privateJwk: JsonWebKey;
  readonly publicJwk: JsonWebKey;
}

export function createClientKey(): ClientKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const kid = randomUUID();
  return {
    kid,
    privateJwk: privateKey.export({ format: 'jwk' }),
    publicJwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'ES256', use: 'sig' },
  };
}

/** What is registered at the login service. */
export function registrationOf(
  client: PlaygroundClient,
  redirectUri: string,
  home: string,
  { publicJwk }: ClientKey,
) {
  const hasSecret = client.authentication.startsWith('client_secret');
  return {
    client_id: client.id,
    client_name: `Playground: ${client.title}`,
    client_uri: home,
    redirect_uris: [redirectUri],
    token_endpoint_auth_method: client.authentication,
    ...(hasSecret && { client_secret: CLIENT_SECRET }),
    id_token_signed_response_alg: client.idTokenAlg,
    jwks: { keys: [publicJwk] },
    scope: SCOPES.join(' '),
    services: SERVICES,
    ...client.metadata,
  };
}

export function clientOf(id: ClientId): PlaygroundClient {
  const found = CLIENTS.find((client) => client.id === id);
  if (!found) throw new Error(`no such client: ${id}`);
  return found;
}
