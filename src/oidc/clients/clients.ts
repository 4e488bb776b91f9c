/**
 * The registered clients (relying parties). They are stored as records that oidc-provider looks up itself, so that a new
 * client can be used at once, on every instance.
 *
 *   metadata ─▶ clientSchema (only known members) ─▶ oidc-provider's validation ─▶ record
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { ClientMetadata } from 'oidc-provider';
import type { z } from 'zod';
import { inWords, problemText } from '../../schema-problems.ts';
import { clientSchema } from './client-schema.ts';
import { ClientError, type ClientValidation, requireValid } from './client-validation.ts';
import { isManagedByFile, managedByMembers } from './managed-client.ts';
import { previousSecretMembers, previousSecretOf } from './secrets/previous-secret.ts';
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
        'client_secret cannot be changed here: sild client secret makes a new one',
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
    const parsed = clientSchema.safeParse(metadata, inWords);
    if (!parsed.success) throw new ClientError('client_invalid', problemText(parsed.error));
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
