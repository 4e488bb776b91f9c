import { type RawBuilder, sql } from 'kysely';

/**
 * SQL for the time of the clock that all instances share, plus `laterMs`. The time is constant within a statement, even
 * while it waits for a row lock.
 */
export type SharedClock = (laterMs?: number) => RawBuilder<Date>;

/** The database's clock: the same for all instances, even if their own clocks differ. */
export const databaseClock: SharedClock = (laterMs = 0) => sql`(now() + ${interval(laterMs)})`;

export function interval(milliseconds: number): RawBuilder<unknown> {
  return sql`${milliseconds}::float8 * interval '1 millisecond'`;
}
