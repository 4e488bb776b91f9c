/** Whether the database would accept what Sild writes: while it serves logins, and when a start brings it up to date. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Tables } from './database.ts';

type Write = 'insert' | 'update' | 'delete';

/** What serving logins writes into each table, with a column that the table has. */
const WRITES: {
  readonly [T in keyof Tables]: { readonly column: string; readonly writes: readonly Write[] };
} = {
  login_attempt: { column: 'state', writes: ['insert', 'update', 'delete'] },
  oidc_record: { column: 'sealed', writes: ['insert', 'update', 'delete'] },
  login_result: { column: 'sealed', writes: ['insert', 'update', 'delete'] },
  known_browser: { column: 'sealed', writes: ['insert', 'update', 'delete'] },
  rate_limit: { column: 'spent_until', writes: ['insert', 'update', 'delete'] },
  person_limit: { column: 'spent_until', writes: ['insert', 'update', 'delete'] },
  signing_key: { column: 'sealed', writes: ['insert', 'update', 'delete'] },
  kept_secret: { column: 'sealed', writes: ['insert'] },
  audit_event: { column: 'hash', writes: ['insert', 'delete'] },
  audit_checkpoint: { column: 'hash', writes: ['insert', 'delete'] },
  audit_key: { column: 'sealed', writes: ['insert'] },
  audit_count: { column: 'events', writes: ['insert', 'update', 'delete'] },
  audit_time: { column: 'events', writes: ['insert', 'update', 'delete'] },
  audit_figures_state: { column: 'complete_since', writes: ['delete'] },
  instance: { column: 'seen_at', writes: ['insert', 'update', 'delete'] },
  lease: { column: 'until', writes: ['insert', 'update'] },
};

/**
 * One statement with every kind of write, each of no row. PostgreSQL checks first whether it may write at all (standby,
 * `default_transaction_read_only`) and the rights on each table, so it fails as a login would, and costs neither disk nor a
 * transaction ID.
 */
const TRIAL = sql.raw(
  `with ${Object.entries(WRITES)
    .flatMap(([table, { column, writes }]) => writes.map((write) => statementOf(write, table, column)))
    .map((statement, index) => `w${index} as (${statement})`)
    .join(', ')} select 1`,
);

/** @throws the database's error, when it would refuse a write of a login */
export async function tryWrites(db: Kysely<Tables>): Promise<void> {
  await TRIAL.execute(db);
}

function statementOf(write: Write, table: string, column: string): string {
  switch (write) {
    case 'insert':
      return `insert into ${table} (${column}) select ${column} from ${table} where false`;
    case 'update':
      return `update ${table} set ${column} = ${column} where false`;
    case 'delete':
      return `delete from ${table} where false`;
  }
}

/** Why the migrations of the next start would be refused. */
export type MigrationObstacle =
  | { readonly kind: 'read_only' }
  /** No schema of the search path exists. */
  | { readonly kind: 'no_schema' }
  | { readonly kind: 'may_not_create'; readonly role: string; readonly schema: string }
  /** Only the owner of a table may alter it. */
  | { readonly kind: 'not_owner'; readonly role: string; readonly tables: readonly string[] };

/** Looks for what would keep this role from running migrations, without running them. */
export async function migrationObstacles(db: Kysely<Tables>): Promise<readonly MigrationObstacle[]> {
  const tables = [...Object.keys(WRITES), 'kysely_migration'];
  const { rows } = await facts(tables).execute(db);
  const [found] = rows;
  if (found === undefined) return [];
  const { read_only, role, schema, may_create, foreign_tables } = found;
  return [
    ...(read_only ? [{ kind: 'read_only' } as const] : []),
    ...(schema === null ? [{ kind: 'no_schema' } as const] : []),
    ...(schema !== null && !may_create ? [{ kind: 'may_not_create', role, schema } as const] : []),
    ...(foreign_tables.length > 0 ? [{ kind: 'not_owner', role, tables: foreign_tables } as const] : []),
  ];
}

interface Facts {
  readonly read_only: boolean;
  readonly role: string;
  readonly schema: string | null;
  readonly may_create: boolean | null;
  readonly foreign_tables: readonly string[];
}

function facts(tables: readonly string[]): RawBuilder<Facts> {
  return sql<Facts>`
    select
      pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as read_only,
      current_user::text as role,
      current_schema()::text as schema,
      has_schema_privilege(current_schema(), 'create') as may_create,
      array(
        select relname::text from pg_class
        where oid in (select to_regclass(name) from unnest(${[...tables]}::text[]) as name)
          and not pg_has_role(relowner, 'usage')
        order by relname
      ) as foreign_tables`;
}
