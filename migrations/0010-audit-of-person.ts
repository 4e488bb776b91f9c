/**
 * Finds the events of a person, and those of a login, without reading the whole audit: a person may look at their own history.
 *
 * Instances of the release before use the same columns. The table is locked against writes while the indexes are built; events
 * wait in the memory of instances, logins do not.
 */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create index audit_event_person on audit_event ((data->>'person'), position)
      where data->>'person' is not null`.execute(db);
  await sql`
    create index audit_event_attempt on audit_event ((data->>'attempt'), position)
      where data->>'attempt' is not null`.execute(db);
}
