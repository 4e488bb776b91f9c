/** What device links need: the attempt that a callback belongs to is found by the SHA-256 of the callback's value. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table login_attempt add column callback_hash text`.execute(db);
  await sql`
    create unique index login_attempt_callback on login_attempt (callback_hash)
      where callback_hash is not null`.execute(db);
}
