/**
 * Which instance does what only one is to do at a time: removing expired rows. Instances of the release before do not ask, and
 * remove some of the same rows: each skips what another has locked.
 */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table lease (
      name text primary key,
      holder text not null,
      until timestamptz not null
    )`.execute(db);
}
