import type { ColumnType, Generated, Kysely, KyselyConfig } from 'kysely';
import type { StoreError } from './errors.ts';

/** Statements, without the wait for a connection; and connections that could not be had, as `failed`. */
export type ObserveStatement = (statement: {
  readonly outcome: 'done' | 'failed';
  readonly seconds: number;
}) => void;

/** Kysely's log, for the durations alone: what it logs has the statement's parameters. */
export function statementLog(observe: ObserveStatement | undefined): Pick<KyselyConfig, 'log'> {
  if (!observe) return {};
  return {
    log({ level, queryDurationMillis }) {
      observe({ outcome: level === 'query' ? 'done' : 'failed', seconds: queryDurationMillis / 1000 });
    },
  };
}

/** The tables as `migrations/` leave them. */
export interface Tables {
  login_attempt: {
    id: string;
    /** Insertion order: two attempts of one interaction can have the same `created_at`. */
    sequence: Generated<string>;
    interaction_hash: string;
    state: string;
    /** A partial unique index allows at most one live row per interaction. */
    live: boolean;
    /** Hash of the callback that the attempt waits for; null when there is none or it has been used. */
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
    /** The attempt of the last push, or of the first device-link login if there was no push. */
    attempt_id: string;
    /** Pushes since the last one that ended in a login, including a pending one. */
    unanswered: number;
    next_push_at: Date;
  };
  signing_key: {
    kid: string;
    alg: string;
    /** Partial unique indexes allow at most one `next` and one `current` key per algorithm. */
    state: string;
    /** When the key entered its state. */
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
    /** Time of the clock that all instances share; `at` is the instance's own time. */
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
  /** Events by hour: kept by a trigger of `audit_event`. */
  audit_count: {
    hour: Date;
    event: string;
    code: string;
    client: string;
    flow: string;
    events: Position;
  };
  /** Times by hour, in the buckets of `TIME_BUCKETS`: kept by the same trigger. */
  audit_time: {
    hour: Date;
    leg: string;
    flow: string;
    bucket: number;
    events: Position;
  };
  /** At most one row; none: the figures have everything that the audit has. */
  audit_figures_state: {
    complete_since: Date;
  };
  /** The heartbeats of instances, by the clock that all share. */
  instance: {
    id: string;
    version: string;
    started_at: Date;
    seen_at: Date;
    stopped: boolean;
    gauges: ColumnType<unknown, string, string>;
  };
  /** Work that one instance at a time does. */
  lease: {
    name: string;
    holder: string;
    until: Date;
  };
}

/** A bigint: PostgreSQL's driver returns a string, PGlite's a number. */
type Position = ColumnType<string | number, number, never>;

/** An open database: a PostgreSQL server or the embedded one. */
export interface Database {
  readonly db: Kysely<Tables>;
  /** Runs `use` without a statement timeout, e.g. to change a large table or to wait for an instance that changes it. */
  runLong<T>(use: (db: Kysely<Tables>) => Promise<T>): Promise<T>;
  /** Maintenance that a server does in the background: vacuum and checkpoint. */
  tidy(): Promise<void>;
  /** Converts the cause of a failed open into an error for the operator. */
  explain(cause: unknown): StoreError | Promise<StoreError>;
  /** The connections to a server, now. Undefined for the embedded database. */
  readonly connections?: () => DatabaseConnections;
  close(): Promise<void>;
}

/** The connections of the pool, at one moment. */
export interface DatabaseConnections {
  readonly inUse: number;
  readonly idle: number;
  /** Statements and transactions that wait for a connection. */
  readonly waiting: number;
}
