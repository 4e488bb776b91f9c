/**
 * The registered clients (relying parties). They are stored as records that oidc-provider looks up itself, so that a new
 * client can be used at once, on every instance.
 *
 *   metadata ─▶ clientSchema (only known members) ─▶ oidc-provider's validation ─▶ record
 */
import { randomBytes, randomUUID } from 'node:crypto';
import Provider, { type ClientMetadata, errors } from 'oidc-provider';
import { z } from 'zod';
import type { ClientFetch } from './client-fetch.ts';
import { clientSchema } from './client-schema.ts';
import { isManagedByFile, managedByMembers } from './managed-client.ts';
import { previousSecretMembers, previousSecretOf } from './previous-secret.ts';
import { withGrantTypes } from '../ciba/ciba-client.ts';
import { RefusedAddressError } from '../../http/errors.ts';
import { mtlsConfiguration } from '../mtls/mutual-tls.ts';
import { PROTOCOL } from '../provider/protocol.ts';
import type { OperatorSettings } from '../login-settings/login-settings.ts';
import { requireUsableMetadata } from '../login-settings/usable-client.ts';
import { SIGNING_ALGORITHMS } from '../keys/key-schedule.ts';
import { jwkSet, makeSigningKey } from '../keys/signing-keys.ts';
import type { OidcRecord, RecordStore } from '../stores.ts';

/** The model of oidc-provider's records. */
export const CLIENT_MODEL = 'Client';
const SECRET_BYTES = 32;

export interface ClientRegistry {
  /**
   * Registers a client. Generates `client_id` and, for a confidential client, `client_secret` if they are absent.
   *
   * @param metadata client metadata by its registered names (RFC 7591, OpenID Connect Registration), and Sild's own
   * @throws {ClientError}
   */
  add(metadata: Readonly<Record<string, unknown>>): Promise<RegisteredClient>;
  /**
   * Changes metadata of a client; null removes a member. The secret is not changed, nor whether the client has one.
   *
   * @returns undefined if the client does not exist
   * @throws {ClientError}
   */
  update(clientId: string, changes: Readonly<Record<string, unknown>>): Promise<RegisteredClient | undefined>;
  /**
   * Replaces the secret of a client. Every older secret is invalid at once, except the last one until `keepOldUntil`.
   *
   * @param keepOldUntil seconds since the epoch
   * @returns the new secret; undefined if the client does not exist
   * @throws {ClientError} for a client without a secret
   */
  changeSecret(clientId: string, keepOldUntil?: number): Promise<string | undefined>;
  /** All registered clients, without their secrets. */
  list(): Promise<readonly ListedClient[]>;
  /** Returns whether the client existed. Its logins in progress end with an error page. */
  remove(clientId: string): Promise<boolean>;
}

export interface ListedClient {
  readonly metadata: ClientMetadata;
  /** Whether CLIENTS_FILE describes it, and it cannot be changed by hand. */
  readonly isOfFile: boolean;
}

export interface RegisteredClient {
  readonly client_id: string;
  /** Undefined for a client that has none. */
  readonly client_secret: string | undefined;
  readonly redirect_uris: readonly string[];
  readonly require_pkce?: boolean | undefined;
  readonly token_endpoint_auth_method?: ClientMetadata['token_endpoint_auth_method'];
}

export class ClientError extends Error {
  readonly code: 'client_exists' | 'client_invalid' | 'client_of_file';

  constructor(code: ClientError['code'], message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ClientError';
    this.code = code;
  }
}

/** @param validate validates client metadata; by default for addresses of the internet and any operator */
export function createClientRegistry(
  records: RecordStore,
  validate: ClientValidation = requireValid,
): ClientRegistry {
  return { add, update, changeSecret, list, remove };

  async function add(metadata: Readonly<Record<string, unknown>>): Promise<RegisteredClient> {
    const client = await validated(metadata);
    if (await records.find(CLIENT_MODEL, client.client_id)) {
      throw new ClientError('client_exists', `there is a client ${client.client_id} already`);
    }
    return put(client);
  }

  async function update(
    clientId: string,
    changes: Readonly<Record<string, unknown>>,
  ): Promise<RegisteredClient | undefined> {
    const found = await findByHand(clientId);
    if (!found) return undefined;
    if ('client_secret' in changes) {
      throw new ClientError(
        'client_invalid',
        'client_secret is not changed so: sild client secret makes a new one',
      );
    }
    const kept = withoutOwnMembers(found.payload);
    const merged: Readonly<Record<string, unknown>> = { ...kept, ...changes, client_id: clientId };
    const left = Object.entries(merged).filter(([, value]) => value !== null);
    const client = await validated(Object.fromEntries(left));
    if (found.payload.client_secret === undefined && client.client_secret !== undefined) {
      throw new ClientError(
        'client_invalid',
        'a client without a secret does not get one: remove it and add it',
      );
    }
    return put({ ...client, ...previousSecretOf(found.payload) });
  }

  async function changeSecret(clientId: string, keepOldUntil?: number): Promise<string | undefined> {
    const found = await findByHand(clientId);
    if (!found) return undefined;
    if (found.payload.client_secret === undefined) {
      throw new ClientError('client_invalid', `client ${clientId} is one without a secret`);
    }
    const client_secret = randomBytes(SECRET_BYTES).toString('base64url');
    const previous =
      keepOldUntil === undefined
        ? {}
        : {
            previous_client_secret: found.payload.client_secret,
            previous_client_secret_expires_at: keepOldUntil,
          };
    const payload = { ...withoutOwnMembers(found.payload), client_secret, ...previous };
    await records.put(CLIENT_MODEL, clientId, payload, {}, undefined);
    return client_secret;
  }

  /** @throws {ClientError} for a client that CLIENTS_FILE describes */
  async function findByHand(clientId: string): Promise<OidcRecord | undefined> {
    const found = await records.find(CLIENT_MODEL, clientId);
    if (!found || !isManagedByFile(found.payload)) return found;
    throw new ClientError(
      'client_of_file',
      `client ${clientId} is described by a file (CLIENTS_FILE, or sild client apply): change it there`,
    );
  }

  async function validated(metadata: Readonly<Record<string, unknown>>) {
    const parsed = clientSchema.safeParse(metadata);
    if (!parsed.success) throw new ClientError('client_invalid', z.prettifyError(parsed.error));
    const client = withCredentials(parsed.data);
    await validate(client);
    return client;
  }

  async function put(client: ReturnType<typeof withCredentials>): Promise<RegisteredClient> {
    await records.put(CLIENT_MODEL, client.client_id, client, {}, undefined);
    return client;
  }

  async function list(): Promise<readonly ListedClient[]> {
    const clients = await records.list(CLIENT_MODEL);
    return clients.map(({ id, payload }) => {
      const { client_secret: _, ...metadata } = withoutOwnMembers(payload);
      return { metadata: { ...metadata, client_id: id }, isOfFile: isManagedByFile(payload) };
    });
  }

  async function remove(clientId: string): Promise<boolean> {
    if (!(await findByHand(clientId))) return false;
    await records.remove(CLIENT_MODEL, clientId);
    return true;
  }
}

/** What the audit has of a client: the metadata that decides who gets codes and tokens. */
export function auditedClient(client: {
  readonly client_id: string;
  readonly token_endpoint_auth_method?: ClientMetadata['token_endpoint_auth_method'];
  readonly redirect_uris: readonly string[];
  readonly require_pkce?: boolean | undefined;
}) {
  return {
    client: client.client_id,
    redirectUris: client.redirect_uris,
    authentication: authenticationOf(client.token_endpoint_auth_method),
    pkce: client.require_pkce ?? true,
  } as const;
}

function authenticationOf(method: ClientMetadata['token_endpoint_auth_method']) {
  if (hasSecret(method)) return 'secret';
  if (method === 'none') return 'none';
  return method?.includes('tls') ? 'certificate' : 'private_key';
}

const OWN_MEMBERS = { ...previousSecretMembers, ...managedByMembers };

/** The metadata of a stored client as they were registered, with the secret. */
export function withoutOwnMembers(payload: OidcRecord['payload']): OidcRecord['payload'] {
  return Object.fromEntries(Object.entries(payload).filter(([name]) => !(name in OWN_MEMBERS)));
}

/** Validates client metadata; rejects with {@link ClientError}. */
export type ClientValidation = (client: ClientMetadata) => Promise<void>;

const validateAlone = createValidation(PROTOCOL.fetch);

/** As oidc-provider does. @throws {ClientError} */
export async function requireValid(client: ClientMetadata): Promise<void> {
  await asClientError(() => validateAlone(client));
}

/**
 * As {@link requireValid}, and refuses a client at which nobody could log in as the operator has configured Sild.
 *
 * @param fetch fetches the `sector_identifier_uri`; by default from addresses of the internet only
 */
export function validateFor(operator: OperatorSettings, fetch?: ClientFetch): ClientValidation {
  const validate = fetch ? createValidation(fetch) : validateAlone;
  return (client) =>
    asClientError(async () => {
      await validate(client);
      requireUsableMetadata(operator, client);
    });
}

async function asClientError(validate: () => Promise<void>): Promise<void> {
  try {
    await validate();
  } catch (cause) {
    if (!(cause instanceof errors.OIDCProviderError)) throw cause;
    throw new ClientError('client_invalid', reasonOf(cause), { cause });
  }
}

/** Adds the reason for a refused address: oidc-provider's message only says that the address could not be fetched. */
function reasonOf(error: errors.OIDCProviderError): string {
  const reason = error.error_description ?? error.error;
  let cause = error.cause;
  while (cause instanceof Error && !(cause instanceof RefusedAddressError)) cause = cause.cause;
  return cause instanceof RefusedAddressError ? `${reason}: ${cause.message}` : reason;
}

function withCredentials(metadata: z.infer<typeof clientSchema>) {
  const { token_endpoint_auth_method: method } = metadata;
  if (!hasSecret(method) && metadata.client_secret !== undefined) {
    throw new ClientError(
      'client_invalid',
      `a client with token_endpoint_auth_method ${method} has no client_secret`,
    );
  }
  return {
    ...metadata,
    client_id: metadata.client_id ?? randomUUID(),
    client_secret: hasSecret(method)
      ? (metadata.client_secret ?? randomBytes(SECRET_BYTES).toString('base64url'))
      : undefined,
  };
}

/** Whether a client authenticates with a secret, as it does by default. */
export function hasSecret(method: ClientMetadata['token_endpoint_auth_method']): boolean {
  return method === undefined || method.startsWith('client_secret_');
}

/**
 * Validates metadata with a separate oidc-provider that serves no requests; rejects with its errors. The serving one does not
 * fetch the `sector_identifier_uri`, and the command line has none at all. The keys only declare the algorithms.
 */
function createValidation(fetch: ClientFetch): (metadata: ClientMetadata) => Promise<void> {
  let alone: Promise<Provider> | undefined;
  return async (metadata) => {
    alone ??= createProviderAlone(fetch);
    await (await alone).Client.validate(withGrantTypes(metadata));
  };
}

const anyMtls = mtlsConfiguration({ presented: () => undefined, isIssued: () => false });

async function createProviderAlone(fetch: ClientFetch): Promise<Provider> {
  const keys = await Promise.all(SIGNING_ALGORITHMS.map(makeSigningKey));
  return new Provider('https://sild.invalid', {
    ...PROTOCOL,
    // Whether certificates are taken is of the configuration of the instances.
    features: { ...PROTOCOL.features, mTLS: anyMtls.feature },
    clientAuthMethods: [...PROTOCOL.clientAuthMethods, ...anyMtls.methods],
    fetch,
    adapter: () => NOTHING_KEPT,
    jwks: jwkSet(keys.map((key) => ({ ...key, state: 'current', since: 0 }))),
  });
}

const nothing = () => Promise.resolve(undefined);
const NOTHING_KEPT = {
  upsert: nothing,
  find: nothing,
  findByUid: nothing,
  findByUserCode: nothing,
  consume: nothing,
  destroy: nothing,
  revokeByGrantId: nothing,
};
