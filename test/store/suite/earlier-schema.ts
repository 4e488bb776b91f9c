import type { TestDatabase } from '../../support/database.ts';

/** Takes away what the migrations from 0010 on have made. */
export async function undoMigrationsFrom10(database: Pick<TestDatabase, 'execute'>): Promise<void> {
  for (const statement of [
    'drop index audit_event_person',
    'drop index audit_event_attempt',
    'drop function audit_event_is_counted cascade',
    'drop function count_audit_events, audit_time_bucket',
    'drop table audit_count, audit_time, audit_figures_state, instance, lease',
    `delete from kysely_migration where name >= '0010'`,
  ])
    await database.execute(statement);
}
