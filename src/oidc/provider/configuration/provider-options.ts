/** What a deployment decides about OpenID Connect. */
import type { ClientMetadata } from 'oidc-provider';
import type { Audit } from '../../../audit/audit.ts';
import type { Logger } from '../../../log/logger.ts';
import type { Secrets } from '../../../secrets/secrets.ts';
import type { CibaOptions } from '../../ciba/ciba.ts';
import type { ClientFetch } from '../../clients/client-fetch.ts';
import type { OperatorSettings } from '../../login-settings/login-settings.ts';
import type { MutualTls } from '../../mtls/mutual-tls.ts';
import type { LoginResultStore, RecordStore } from '../../stores.ts';
import type { OidcPages } from '../pages.ts';

export interface ProviderOptions {
  /** The public address: an origin, without a path. All URLs start with it, whatever a request's Host says. */
  readonly issuer: string;
  readonly records: RecordStore;
  readonly loginResults: LoginResultStore;
  readonly secrets: Pick<Secrets, 'cookieKeys' | 'dpopNonceKey'>;
  /** The key of pairwise subjects. If it changed, clients would not recognise returning people. */
  readonly pairwiseKey: Buffer;
  /** What the operator has configured for the logins at all clients. */
  readonly operator: OperatorSettings;
  /** Number of reverse proxies in front of Sild. */
  readonly trustProxy: number;
  readonly pages: OidcPages;
  /** Clients from the configuration, in addition to the registered ones. */
  readonly builtInClients: readonly ClientMetadata[];
  readonly audit: Audit;
  readonly log: Logger;
  /** Whether an error says that the stores cannot be reached for now. */
  readonly isOutage: (error: unknown) => boolean;
  /** Counts a request that a public client pushes from this address. Answers in how many seconds it is allowed, 0 if it is now. */
  readonly waitOfPushed: (address: string) => number;
  /** Clients with TLS certificates; undefined: there are none. */
  readonly mutualTls?: MutualTls | undefined;
  /** Fetches the `jwks_uri` of a client; by default from addresses of the internet only. */
  readonly clientFetch?: ClientFetch | undefined;
  /** What a login without a browser needs; undefined: no client can ask for one. */
  readonly ciba?: CibaOptions | undefined;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
