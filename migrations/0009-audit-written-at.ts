/**
 * When a row of the audit was written, by the database's clock, which retention goes by: `at` is by the clock of whichever
 * instance it happened on, and one that is wrong must neither keep rows for years nor give them up. It is no part of the
 * chain, whose hashes are over `at`.
 *
 * An instance of the release before writes rows without it, and gets the default. A row from before this migration counts
 * as written when it says, and now at the latest. The table is locked meanwhile; events wait in the memory of instances.
 */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table audit_event add column written_at timestamptz not null default now()`.execute(db);
  await sql`alter table audit_event disable trigger audit_event_is_append_only`.execute(db);
  await sql`update audit_event set written_at = at where at < now()`.execute(db);
  await sql`alter table audit_event enable trigger audit_event_is_append_only`.execute(db);
}
