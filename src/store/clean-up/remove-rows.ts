import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Tables } from '../database.ts';
import type { Pace } from './pace.ts';

export interface Removal {
  readonly table: keyof Tables;
  /** An indexed column, in whose order the rows are looked at. */
  readonly by: { readonly column: string; readonly type: 'text' | 'timestamptz' };
  /** The rows to look at, which the index finds by itself. */
  readonly among: RawBuilder<unknown>;
  /** Which of them are removed; all by default. */
  readonly due?: RawBuilder<unknown>;
}

/**
 * Deletes rows in batches, at a pace; returns their number. Each batch looks at a limited number of rows, and begins in the
 * index where the one before has ended: rows that were removed before, or stay, are not read again. Rows that somebody has locked
 * are left for the next clean-up, so that it neither waits for a login nor is in a deadlock with one.
 *
 * The subselects are arrays so that the planner runs each once and the limit holds.
 */
export async function removeRows(db: Kysely<Tables>, removal: Removal, pace: Pace): Promise<number> {
  const { table, by, among, due = sql`true` } = removal;
  const [rows, column] = [sql.table(table), sql.ref(by.column)];
  let removed = 0;
  let last: string | null = null;
  while (!pace.stopped) {
    // From the last time of the batch before, inclusive: other rows with the same time may not have been in that batch.
    const further: RawBuilder<unknown> =
      last === null ? sql`true` : sql`${column} >= ${last}::${sql.raw(by.type)}`;
    const batch = await pace.step(async (count) => {
      const { rows: answer } = await sql<{ seen: number; removed: number; last: string | null }>`
        with seen as materialized (
          select ctid as place, ${column} as at from ${rows} where ${among} and ${further}
          order by ${column} limit ${count}
        ), due as materialized (
          select ctid as place from ${rows}
          where ctid = any(array(select place from seen)) and ${among} and ${due} for update skip locked
        ), removed as (
          delete from ${rows} where ctid = any(array(select place from due)) returning 1
        )
        select (select count(*) from seen)::int as seen, (select count(*) from removed)::int as removed,
          (select max(at) from seen)::text as last`.execute(db);
      const [{ seen, ...result } = { seen: 0, removed: 0, last: null }] = answer;
      return { ...result, isLast: seen < count };
    });
    removed += batch.removed;
    if (batch.isLast || (batch.last === last && batch.removed === 0)) break;
    ({ last } = batch);
  }
  return removed;
}

/** The rows that have expired by a clock in milliseconds. */
export function expiredRows(
  table: 'oidc_record' | 'login_result' | 'known_browser',
  now: () => number,
): Removal {
  return {
    table,
    by: { column: 'expires_at', type: 'timestamptz' },
    among: sql`expires_at <= ${new Date(now())}`,
  };
}
