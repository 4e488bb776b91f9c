import { type RawBuilder, sql } from 'kysely';

/**
 * The time by which all instances count together, as SQL, so many milliseconds from now. A statement has one time,
 * however long it waits for a row.
 */
export type SharedClock = (laterMs?: number) => RawBuilder<Date>;

/** The database's own clock: it is one, whatever the clocks of the instances say. */
export const databaseClock: SharedClock = (laterMs = 0) => sql`(now() + ${interval(laterMs)})`;

export function interval(milliseconds: number): RawBuilder<unknown> {
  return sql`${milliseconds}::float8 * interval '1 millisecond'`;
}
