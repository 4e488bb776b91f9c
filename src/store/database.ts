import type { ColumnType, Generated, Kysely } from 'kysely';
import type { StoreError } from './errors.ts';

/** The tables as `migrations/` leave them. */
export interface Tables {
  login_attempt: {
    id: string;
    /** Order of adding: two attempts of one interaction can have the same `created_at`. */
    sequence: Generated<string>;
    interaction_hash: string;
    state: string;
    /** At most one row of an interaction has this set: a partial unique index sees to it. */
    live: boolean;
    /** Of the callback that the attempt waits for; null where it waits for none, or it is spent. */
    callback_hash: string | null;
    sealed: string;
    created_at: Date;
  };
  oidc_record: {
    model: string;
    id_hash: string;
    sealed: string;
    grant_hash: string | null;
    uid_hash: string | null;
    user_code_hash: string | null;
    expires_at: Date | null;
    consumed_at: Date | null;
  };
  login_result: {
    grant_hash: string;
    sealed: string;
    expires_at: Date;
  };
  known_browser: {
    token_hash: string;
    person_hash: string;
    sealed: string;
    created_at: Date;
    used_at: Date;
    expires_at: Date;
  };
  rate_limit: {
    key_hash: string;
    spent_until: Date;
  };
  person_limit: {
    person_hash: string;
    spent_until: Date;
    /** Of the last push, or else of the first login by a device link. */
    attempt_id: string;
    /** Pushes since the last one that ended in a login; one that is out counts already. */
    unanswered: number;
    next_push_at: Date;
  };
  signing_key: {
    kid: string;
    alg: string;
    /** At most one of an algorithm is `next`, and one `current`: a partial unique index sees to it. */
    state: string;
    /** When it came to its state. */
    since: Date;
    sealed: string;
    created_at: Date;
  };
  kept_secret: {
    name: string;
    sealed: string;
    created_at: Date;
  };
  audit_event: {
    position: Position;
    at: Date;
    instance: string;
    number: number;
    key_id: string;
    event: string;
    data: ColumnType<unknown, string, never>;
    hash: string;
    /** By the clock that all instances share; `at` is by their own. */
    written_at: Date;
  };
  /** At most one row. */
  audit_checkpoint: {
    position: Position;
    hash: string;
    key_id: string;
    signature: string;
    at: Date;
  };
  audit_key: {
    key_id: string;
    sealed: string;
    created_at: Date;
  };
}

/** A bigint: the drivers do not agree on what to make of it. */
type Position = ColumnType<string | number, number, never>;

/** An open database, server or embedded. */
export interface Database {
  readonly db: Kysely<Tables>;
  /** Runs `use` where a statement may take long: a change of a large table, or waiting for an instance that makes one. */
  runLong<T>(use: (db: Kysely<Tables>) => Promise<T>): Promise<T>;
  /** What a server does by itself in the background. */
  tidy(): Promise<void>;
  /** Why the database could not be opened, for the operator. */
  explain(cause: unknown): StoreError;
  close(): Promise<void>;
}
