import type { LoginResult } from '../login/login-result.ts';
import type { JoinedWrites } from '../login/attempt-store.ts';

/** A stored object of oidc-provider (a code, a token, an interaction, a grant, a client, …). */
export interface OidcRecord {
  readonly payload: Readonly<Record<string, unknown>>;
  /** Seconds since the epoch; undefined until the record is consumed. */
  readonly consumedAt?: number | undefined;
}

export interface RecordKeys {
  readonly grantId?: string | undefined;
  readonly uid?: string | undefined;
}

/** A record to store, as by `put`. */
export interface RecordWrite {
  readonly model: string;
  readonly id: string;
  readonly payload: OidcRecord['payload'];
  readonly keys: RecordKeys;
  /** Seconds since the epoch; undefined: never. */
  readonly expiresAt: number | undefined;
}

/** Writes of one statement, in this order. A step that fails prevents all steps after it. */
export interface RecordBatch {
  /** Records to consume, each only if it is not consumed yet. */
  readonly consume?: readonly { readonly model: string; readonly id: string }[];
  /** A record that is stored only if there is none with its ID. */
  readonly add?: RecordWrite | undefined;
  /** No two with the same model and ID, and none that is consumed or added. */
  readonly put?: readonly RecordWrite[];
  readonly loginResults?: readonly {
    readonly grantId: string;
    readonly result: LoginResult;
    readonly expiresAt: number;
  }[];
}

/** A record, and what it belongs to: found by its keys. */
export interface RelatedRecords {
  readonly record: OidcRecord;
  readonly grant: OidcRecord | undefined;
  readonly session: OidcRecord | undefined;
  readonly loginResult: LoginResult | undefined;
}

/**
 * All state of oidc-provider. Expired records are never returned, even before they are removed.
 *
 * Guarantee: `add`, `consume`, `reopen` and `write` are one conditional statement each; of any number of concurrent callers exactly one
 * gets `true`.
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
  /** Stores a record unless there is one with this ID. True only for the first caller. */
  add(model: string, id: string, payload: OidcRecord['payload'], expiresAt: number): Promise<boolean>;
  /** Marks a record as consumed. True only for the first caller. */
  consume(model: string, id: string): Promise<boolean>;
  /**
   * Marks a record that was consumed before a time as not consumed. True only for the first caller.
   *
   * @param consumedBefore seconds since the epoch
   */
  reopen(model: string, id: string, consumedBefore: number): Promise<boolean>;
  remove(model: string, id: string): Promise<void>;
  /** Removes all records of a grant but its interaction, and its entry in `LoginResultStore`. */
  removeGrant(grantId: string): Promise<void>;
  /** Stores a batch by one statement. @returns false where a record was consumed already, or one to add exists: nothing after it is stored */
  write(batch: RecordBatch): Promise<boolean>;
  /** A batch without `consume` and `add`, to be stored by the statement that ends an attempt. */
  join(batch: Pick<RecordBatch, 'put' | 'loginResults'>): JoinedWrites;
  /** A record with its grant, its session and its login, by one statement. */
  findRelated(model: string, id: string): Promise<RelatedRecords | undefined>;
  /** A grant and its login, by one statement. */
  findGrant(grantId: string): Promise<Pick<RelatedRecords, 'grant' | 'loginResult'>>;
  /** All records of a model, e.g. `Client`. */
  list(model: string): Promise<readonly { readonly id: string; readonly payload: OidcRecord['payload'] }[]>;
  /** Removes expired records, and returns how many. */
  removeExpired(): Promise<number>;
}

/** The login result of each grant, from which the claims of its tokens are made. Stored encrypted. */
export interface LoginResultStore {
  /** @param expiresAt seconds since the epoch: when the last token of the grant ends */
  put(grantId: string, result: LoginResult, expiresAt: number): Promise<void>;
  find(grantId: string): Promise<LoginResult | undefined>;
}

export type SigningAlgorithm = 'RS256' | 'ES256';

/**
 * next: published ahead, so that clients know the key before it signs. current: signs. previous: no longer signs; it is
 * published while its ID tokens are valid, then kept unpublished for some time (`key-schedule.ts`).
 */
export type SigningKeyState = 'next' | 'current' | 'previous';

export interface SigningKey {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly state: SigningKeyState;
  /** When the key entered its state, in milliseconds since the epoch. */
  readonly since: number;
}

/** A key pair: its ID and its private JWK. */
export interface SigningKeyPair {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly privateJwk: Readonly<Record<string, unknown>>;
}

export type StoredSigningKey = SigningKey & SigningKeyPair;

/** Steps that change the signing keys, in this order. */
export type KeyPlan = readonly (
  | { readonly do: 'make'; readonly alg: SigningAlgorithm; readonly state: 'next' | 'current' }
  | { readonly do: 'move'; readonly kid: string; readonly state: 'current' | 'previous' }
  | { readonly do: 'remove'; readonly kid: string }
)[];

/** A change of a signing key. `from` is undefined for a new key, `to` for a removed one. */
export interface KeyChange {
  readonly kid: string;
  readonly alg: SigningAlgorithm;
  readonly from: SigningKeyState | undefined;
  readonly to: SigningKeyState | undefined;
}

/**
 * The keys that sign ID tokens, with their private parts encrypted.
 *
 * Guarantees: for each algorithm at most one key is `next` and one `current`. Concurrent changes by several instances are
 * serialised: each plan sees the result of the one before. A change is atomic.
 */
export interface SigningKeyStore {
  /** All keys, oldest first, without decrypting them. */
  list(): Promise<readonly SigningKey[]>;
  /** All keys with their private parts, in the same order. @throws if one was encrypted with another SECRET_KEY */
  open(): Promise<readonly StoredSigningKey[]>;
  /**
   * @param plan returns the steps for the existing keys; if it throws, nothing is changed and the error is rethrown
   * @param make generates a key pair
   */
  change(
    plan: (keys: readonly SigningKey[]) => KeyPlan,
    make: (alg: SigningAlgorithm) => Promise<SigningKeyPair>,
  ): Promise<readonly KeyChange[]>;
}
