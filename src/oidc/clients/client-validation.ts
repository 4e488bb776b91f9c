/** Validates client metadata as oidc-provider does, and by the operator's configuration. */
import Provider, { type ClientMetadata, errors } from 'oidc-provider';
import type { ClientFetch } from './client-fetch.ts';
import { withGrantTypes } from '../ciba/ciba-client.ts';
import { RefusedAddressError } from '../../http/errors.ts';
import { SIGNING_ALGORITHMS } from '../keys/key-schedule.ts';
import { jwkSet, makeSigningKey } from '../keys/signing-keys.ts';
import type { OperatorSettings } from '../login-settings/login-settings.ts';
import { requireUsableMetadata } from '../login-settings/usable-client.ts';
import { mtlsConfiguration } from '../mtls/mutual-tls.ts';
import { PROTOCOL } from '../provider/protocol.ts';

export class ClientError extends Error {
  readonly code: 'client_exists' | 'client_invalid' | 'client_of_file';

  constructor(code: ClientError['code'], message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'ClientError';
    this.code = code;
  }
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
    // Whether certificates are accepted depends on the configuration of the instances.
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
