/**
 * How often logins are started. `rate_limit` has a row for each address and client that has started one of late,
 * `person_limit` for each person. An address and a person are keyed hashes: both are few enough to try them all.
 *
 * A row counts with one time, which each start moves on by its share: `spent_until`. No column that a start changes is
 * indexed, and the fill factor leaves free space, so that the update of a busy client's row stays on its page (HOT). Expired rows
 * are found by reading the table, which has the rows of the last minutes only.
 */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table rate_limit (
      key_hash text primary key,
      spent_until timestamptz not null
    ) with (fillfactor = 50)`.execute(db);
  await sql`
    create table person_limit (
      person_hash text primary key,
      spent_until timestamptz not null,
      attempt_id text not null,
      unanswered integer not null,
      next_push_at timestamptz not null
    ) with (fillfactor = 50)`.execute(db);
}
