import type { LoginResult } from '../login/login-result.ts';

/** One stored object of oidc-provider (a code, a token, an interaction, a grant, a client, …). */
export interface OidcRecord {
  readonly payload: Readonly<Record<string, unknown>>;
  /** Seconds since the epoch; set once the record was consumed. */
  readonly consumedAt?: number | undefined;
}

export interface RecordKeys {
  readonly grantId?: string | undefined;
  readonly userCode?: string | undefined;
  readonly uid?: string | undefined;
}

/**
 * All of oidc-provider's state. Expired records are never found, whether removed yet or not.
 *
 * Promises: `consume` is one conditional UPDATE; of any number of concurrent callers exactly one gets `true`.
 */
export interface RecordStore {
  /** @param expiresAt seconds since the epoch; undefined: never */
  put(
    model: string,
    id: string,
    payload: OidcRecord['payload'],
    keys: RecordKeys,
    expiresAt: number | undefined,
  ): Promise<void>;
  find(model: string, id: string): Promise<OidcRecord | undefined>;
  findByUid(model: string, uid: string): Promise<OidcRecord | undefined>;
  findByUserCode(model: string, userCode: string): Promise<OidcRecord | undefined>;
  /** Marks a record as used. True for the one caller who did it first. */
  consume(model: string, id: string): Promise<boolean>;
  remove(model: string, id: string): Promise<void>;
  /** Removes every record that belongs to a grant, and what `LoginResultStore` keeps for it. */
  removeGrant(grantId: string): Promise<void>;
  /** Every record of a model, e.g. `Client`. */
  list(model: string): Promise<readonly { readonly id: string; readonly payload: OidcRecord['payload'] }[]>;
  /** Removes what has expired; answers how many records. */
  removeExpired(): Promise<number>;
}

/** Who logged in under a grant: what the claims of its tokens are made of. Kept sealed. */
export interface LoginResultStore {
  /** @param expiresAt seconds since the epoch: when the last token of the grant ends */
  put(grantId: string, result: LoginResult, expiresAt: number): Promise<void>;
  find(grantId: string): Promise<LoginResult | undefined>;
}

/** A signing key of ours as kept: the private JWK, sealed by the store. */
export interface StoredSigningKey {
  readonly kid: string;
  readonly alg: 'RS256' | 'ES256';
  readonly privateJwk: Readonly<Record<string, unknown>>;
}

export interface SigningKeyStore {
  list(): Promise<readonly StoredSigningKey[]>;
  /**
   * Keeps `make()`'s key as the only one of its algorithm unless there is one already; answers the one that is kept.
   * Promise: instances that start at the same time end up with the same key.
   */
  ensure(alg: StoredSigningKey['alg'], make: () => Promise<StoredSigningKey>): Promise<StoredSigningKey>;
}
