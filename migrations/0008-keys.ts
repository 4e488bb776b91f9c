/**
 * What the rotation of keys needs: several signing keys of an algorithm, each in a state, and secrets that are made once for
 * a database and do not change with SECRET_KEY.
 *
 * An instance of the release before goes on with the keys that it read when it started, and adds one only where its
 * algorithm has none: that one is `current`, by the default, and there is at most one of those.
 */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table signing_key
      add column state text not null default 'current' check (state in ('next', 'current', 'previous')),
      add column since timestamptz not null default now()`.execute(db);
  await sql`drop index signing_key_one_of_alg`.execute(db);
  await sql`
    create unique index signing_key_one_of_state on signing_key (alg, state)
      where state in ('next', 'current')`.execute(db);

  await sql`
    create table kept_secret (
      name text primary key,
      sealed text not null,
      created_at timestamptz not null
    )`.execute(db);
}
