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

export type SigningAlgorithm = 'RS256' | 'ES256';

/**
 * next: published ahead, so that clients know it before it signs. current: signs. previous: signs no more, is published
 * while what it signed lives, and then known to us alone a while longer (`key-schedule.ts`).
 */
export type SigningKeyState = 'next' | 'current' | 'previous';

export interface SigningKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly state: SigningKeyState;
  /** When it came to its state, in milliseconds since the epoch. */
  readonly since: number;
}

/** A signing key's name and private JWK. */
export interface SigningKeyPair {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly privateJwk: Readonly<Record<string, unknown>>;
}

export type StoredSigningKey = SigningKey & SigningKeyPair;

/** What is to be done with the signing keys, in this order. */
export type KeyPlan = readonly (
  | { readonly do: 'make'; readonly alg: SigningAlgorithm; readonly state: 'next' | 'current' }
  | { readonly do: 'move'; readonly kid: string; readonly state: 'current' | 'previous' }
  | { readonly do: 'remove'; readonly kid: string }
)[];

/** What was done with a signing key: `from` nothing it was made, `to` nothing it was removed. */
export interface KeyChange {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly from: SigningKeyState | undefined;
  readonly to: SigningKeyState | undefined;
}

/**
 * The keys that sign ID tokens, their private parts sealed.
 *
 * Promises: of each algorithm at most one key is `next` and one `current`. Of any number of instances that change keys at
 * the same time, each plans with what the ones before it left. A change is made as a whole or not at all.
 */
export interface SigningKeyStore {
  /** Every key, the oldest first; none is opened. */
  list(): Promise<readonly SigningKey[]>;
  /** Every key with its private part, in the same order. @throws where one was sealed with another SECRET_KEY */
  open(): Promise<readonly StoredSigningKey[]>;
  /**
   * @param plan what to do with the keys that there are; what it throws is thrown, and nothing is changed
   * @param make a new key pair
   */
  change(
    plan: (keys: readonly SigningKey[]) => KeyPlan,
    make: (alg: SigningAlgorithm) => Promise<SigningKeyPair>,
  ): Promise<readonly KeyChange[]>;
}
