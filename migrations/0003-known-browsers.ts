/**
 * Who has logged in from which browser with a device link. `token_hash` is the SHA-256 of the browser's random token,
 * `person_hash` a keyed hash: personal codes are few enough to try them all on a plain one.
 */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table known_browser (
      token_hash text not null,
      person_hash text not null,
      sealed text not null,
      created_at timestamptz not null,
      used_at timestamptz not null,
      expires_at timestamptz not null,
      primary key (token_hash, person_hash)
    )`.execute(db);
  await sql`create index known_browser_expiry on known_browser (expires_at)`.execute(db);
}
