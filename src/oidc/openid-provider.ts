/**
 * OpenID Connect. oidc-provider implements it, this module only configures it.
 *
 *   /authorize ─▶ interaction ─▶ (login pages, in web/) ─▶ login.complete ─▶ /authorize/:uid ─▶ code
 *   /token ─▶ code, consumed once ─▶ account of the grant's login ─▶ claims ─▶ ID token
 *
 * All state is in the stores, so that any instance can serve any request. The path of the session cookies is the logout
 * endpoint: no authorization request sees an earlier login, except the remembered one of its own client (`remembered/`), and logins
 * in several tabs do not affect each other. Neither do logouts (`logout-choice.ts`).
 *
 * An oidc-provider instance cannot change its signing keys. When the keys change, a new instance serves the requests from
 * then on; requests in progress finish with the old one. Neither holds state.
 */
import type { IncomingMessage, RequestListener } from 'node:http';
import { withGrantTypes } from './ciba/ciba-client.ts';
import { createFollowing } from './ciba/pings.ts';
import { createBrowserBinding } from './interaction/browser-binding.ts';
import { brandingOf, type ClientBranding } from './clients/client-branding.ts';
import { validateFor } from './clients/client-validation.ts';
import { type ClientRegistry, createClientRegistry } from './clients/clients.ts';
import { configuredProvider, listenerOf } from './provider/configured-provider.ts';
import type { ProviderOptions } from './provider/configuration/provider-options.ts';
import { type ShownClient, shownClient } from './clients/shown-client.ts';
import { logosOfServices } from './services/client-services.ts';
import { createLoginInteractions } from './interaction/interactions.ts';
import { keepPublicKeys } from './keys/exported-keys.ts';
import { createKeyRotation } from './keys/key-rotation.ts';
import type { LoginInteractions } from './interaction/login-interaction.ts';
import { endRemembered } from './remembered/logout.ts';
import { type BrowserContext, createRememberedCookie } from './remembered/remembered-cookie.ts';
import { publishKeys } from './keys/published-keys.ts';
import { jwkSet } from './keys/signing-keys.ts';
import type { KeyChange, SigningKey, SigningKeyStore, StoredSigningKey } from './stores.ts';

export interface OpenIdProviderOptions extends Omit<ProviderOptions, 'now'> {
  readonly signingKeys: SigningKeyStore;
  /** Days after which a signing key is rotated; undefined: no automatic rotation. */
  readonly keyRotationDays?: number | undefined;
  /** Called with each change of a signing key that this instance makes by schedule. */
  readonly onKeyChange?: (change: KeyChange) => void;
  /** Called with the keys that this instance uses, at the start and when they have changed. */
  readonly onKeys?: (keys: readonly SigningKey[]) => void;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** The logins that clients have remembered in a browser. */
export interface RememberedLogins {
  hasAny(req: Pick<IncomingMessage, 'headers'>): Promise<boolean>;
  /** Ends all of this browser, with their tokens. */
  end(ctx: BrowserContext): Promise<void>;
}

export interface OpenIdProvider {
  /** The listener for oidc-provider's endpoints. The request body must not have been read before. */
  callback(): RequestListener;
  readonly interactions: LoginInteractions;
  readonly remembered: RememberedLogins;
  readonly clients: ClientRegistry;
  /** The branding of a client; `undefined` if the client does not exist. */
  branding(clientId: string): Promise<ClientBranding | undefined>;
  /** A client as pages show it; `undefined` if it does not exist. */
  shownClient(clientId: string): Promise<ShownClient | undefined>;
  /**
   * Makes the changes of signing keys that are due, and loads those of other instances. Each instance must call it every
   * `KEY_POLL_SECONDS`. When it fails, the instance continues with the keys it has.
   */
  keepKeys(): Promise<void>;
  /** Follows logins without a browser whose instance has stopped. Each instance must call it every `TAKE_OVER_SECONDS`. */
  takeOver(): Promise<void>;
  /** Stops following logins without a browser. Resolves when nothing runs any more. */
  stop(): Promise<void>;
}

/** @throws if a built-in client is invalid or a store is unavailable */
export async function createOpenIdProvider(options: OpenIdProviderOptions): Promise<OpenIdProvider> {
  const { issuer, signingKeys, keyRotationDays, records, builtInClients, now } = options;
  const binding = createBrowserBinding(issuer.startsWith('https:'), now);
  const remembered = createRememberedCookie(issuer.startsWith('https:'));
  const following = createFollowing();
  const rotation = createKeyRotation({ signingKeys, rotationDays: keyRotationDays, now });
  await rotateIfDue();
  let live = await load();
  for (const client of builtInClients) await live.provider.Client.validate(withGrantTypes(client));

  return {
    callback: () => (req, res) => {
      live.listener(req, res);
    },
    interactions: {
      find: (req, res) => live.interactions.find(req, res),
      isBoundToBrowser: (req, uid) => binding.has(req, uid),
      abort: (req, res, description) => live.interactions.abort(req, res, description),
    },
    remembered: {
      async hasAny(req) {
        const ids = remembered.sessionIds(req);
        const sessions = await Promise.all(ids.map((id) => records.find('Session', id)));
        return sessions.some(Boolean);
      },
      end: (ctx) => endRemembered(remembered, records, ctx),
    },
    clients: createClientRegistry(records, validateFor(options.operator, options.clientFetch)),
    async branding(clientId) {
      const client = await live.provider.Client.find(clientId);
      if (!client) return undefined;
      const serviceLogos = logosOfServices(client);
      return { ...brandingOf(client), ...(serviceLogos.length > 0 && { serviceLogos }) };
    },
    async shownClient(clientId) {
      const client = await live.provider.Client.find(clientId);
      return client && shownClient(client);
    },
    takeOver: async () => live.pings?.takeOver(),
    stop: () => following.stop(),
    async keepKeys() {
      await rotateIfDue();
      if (keySetVersion(await signingKeys.list()) !== live.version) live = await load();
    },
  };

  async function rotateIfDue(): Promise<void> {
    for (const change of await rotation.rotateIfDue()) options.onKeyChange?.(change);
  }

  async function load() {
    const keys = await signingKeys.open();
    await keepPublicKeys(records, keys);
    options.onKeys?.(keys);
    return withKeys(keys);
  }

  function withKeys(keys: readonly StoredSigningKey[]) {
    const configured = configuredProvider({ ...options, now }, binding, jwkSet(keys), following);
    const { provider, grants, requests, pings } = configured;
    publishKeys(provider, keys, now);
    return {
      provider,
      pings,
      listener: listenerOf(provider),
      interactions: createLoginInteractions(provider, binding, { grants, requests }),
      version: keySetVersion(keys),
    };
  }
}

/** Equal for the same keys in the same states. */
function keySetVersion(keys: readonly SigningKey[]): string {
  return keys.map(({ kid, state }) => `${kid} ${state}`).join('\n');
}
