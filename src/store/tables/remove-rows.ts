import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Tables } from '../database.ts';

/** Rows per statement: few enough that no statement holds its locks for long. */
const BATCH = 1_000;

/**
 * Deletes the rows that meet a condition, in batches; returns their number. Concurrent instances skip each other's locked
 * rows. The subselect is an array so that the planner runs it once and its limit holds.
 */
export async function removeRows(
  db: Kysely<Tables>,
  table: keyof Tables,
  condition: RawBuilder<unknown>,
): Promise<number> {
  let removed = 0;
  for (;;) {
    const { numAffectedRows = 0n } = await sql`
      delete from ${sql.table(table)} where ctid = any(array(
        select ctid from ${sql.table(table)} where ${condition} limit ${sql.lit(BATCH)} for update skip locked
      ))`.execute(db);
    removed += Number(numAffectedRows);
    if (numAffectedRows < BATCH) return removed;
  }
}
