/**
 * OpenID Connect by oidc-provider, which this module configures and never reimplements.
 *
 *   /authorize ─▶ interaction ─▶ (login pages, in web/) ─▶ interactions.complete ─▶ /authorize/:uid ─▶ code
 *   /token ─▶ code spent once ─▶ account of the grant's login ─▶ claims ─▶ ID token
 *
 * All state is in the stores, so that any instance serves any request. The session cookies are bound to the logout endpoint:
 * no authorization request ever sees an earlier login, and logins of several tabs do not meet; nor do logouts
 * (`logout-choice.ts`).
 *
 * oidc-provider keeps its signing keys for its lifetime. Where they have changed, a new one with the new keys takes the
 * requests from then on, and those under way end with the one that they began with: neither has state of its own.
 */
import type { RequestListener } from 'node:http';
import { createBrowserBinding } from './interaction/browser-binding.ts';
import { brandingOf, type ClientBranding } from './clients/client-branding.ts';
import { type ClientRegistry, createClientRegistry } from './clients/clients.ts';
import { configuredProvider, listenerOf, type ProviderOptions } from './provider/configured-provider.ts';
import { createLoginInteractions } from './interaction/interactions.ts';
import { createKeyRotation } from './keys/key-rotation.ts';
import type { LoginInteractions } from './interaction/login-interaction.ts';
import { publishKeys } from './keys/published-keys.ts';
import { jwkSet } from './keys/signing-keys.ts';
import type { KeyChange, SigningKey, SigningKeyStore, StoredSigningKey } from './stores.ts';

export interface OpenIdProviderOptions extends Omit<ProviderOptions, 'now'> {
  readonly signingKeys: SigningKeyStore;
  /** After how many days a signing key makes place for the next one; undefined: never by itself. */
  readonly keyRotationDays?: number | undefined;
  /** Called with each change of a signing key that this instance makes by itself. */
  readonly onKeyChange?: (change: KeyChange) => void;
  /** Milliseconds since the epoch; the clock by default. */
  readonly now?: () => number;
}

export interface OpenIdProvider {
  /** The listener for oidc-provider's endpoints. The body of a request must not have been read yet. */
  callback(): RequestListener;
  readonly interactions: LoginInteractions;
  readonly clients: ClientRegistry;
  /** How a client looks to people; `undefined` where there is no such client. */
  branding(clientId: string): Promise<ClientBranding | undefined>;
  /**
   * Does with the signing keys what is due, and takes up what others have done. Each instance is to call it every
   * `KEY_POLL_SECONDS`. When it fails, the keys are as they were.
   */
  keepKeys(): Promise<void>;
}

/** @throws when a built-in client is not valid or a store cannot be reached */
export async function createOpenIdProvider(options: OpenIdProviderOptions): Promise<OpenIdProvider> {
  const { issuer, signingKeys, keyRotationDays, records, builtInClients, now = Date.now } = options;
  const binding = createBrowserBinding(issuer.startsWith('https:'), now);
  const rotation = createKeyRotation({ signingKeys, rotationDays: keyRotationDays, now });
  await rotateIfDue();
  let live = withKeys(await signingKeys.open());
  for (const client of builtInClients) await live.provider.Client.validate(client);

  return {
    callback: () => (req, res) => {
      live.listener(req, res);
    },
    interactions: {
      find: (req, res) => live.interactions.find(req, res),
      isBoundToBrowser: (req, uid) => binding.has(req, uid),
      complete: (req, res, login) => live.interactions.complete(req, res, login),
      abort: (req, res, description) => live.interactions.abort(req, res, description),
    },
    clients: createClientRegistry(records),
    async branding(clientId) {
      const client = await live.provider.Client.find(clientId);
      return client && brandingOf(client);
    },
    async keepKeys() {
      await rotateIfDue();
      if (keySetVersion(await signingKeys.list()) !== live.version) live = withKeys(await signingKeys.open());
    },
  };

  async function rotateIfDue(): Promise<void> {
    for (const change of await rotation.rotateIfDue()) options.onKeyChange?.(change);
  }

  function withKeys(keys: readonly StoredSigningKey[]) {
    const provider = configuredProvider({ ...options, now }, binding, jwkSet(keys));
    publishKeys(provider, keys, now);
    return {
      provider,
      listener: listenerOf(provider),
      interactions: createLoginInteractions(provider, binding, options.loginResults, options.pairwiseKey),
      version: keySetVersion(keys),
    };
  }
}

/** The same for the same keys in the same states. */
function keySetVersion(keys: readonly SigningKey[]): string {
  return keys.map(({ kid, state }) => `${kid} ${state}`).join('\n');
}
