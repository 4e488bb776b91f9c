/**
 * Finds the events of a person, and those of a login, without reading the whole audit: a person may look at their own history.
 *
 * Not partial indexes (`where … is not null`): PostgreSQL keeps statistics of their expressions but does not use them, and then
 * estimates so many events for each login that it reads the whole table instead. For the same reason the table is analyzed at once:
 * autovacuum would wait until a tenth of it is new.
 *
 * Instances of the release before use the same columns. The table is locked against writes while the indexes are built; events
 * wait in the memory of instances, logins do not.
 */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index audit_event_person on audit_event ((data->>'person'))`.execute(db);
  await sql`create index audit_event_attempt on audit_event ((data->>'attempt'))`.execute(db);
  await sql`analyze audit_event`.execute(db);
}
