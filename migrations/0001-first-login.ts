/**
 * What the first login needs. Every `sealed` column is encrypted with a key of SECRET_KEY, every `…_hash` is the SHA-256
 * of an identifier that whoever reads it could otherwise use (an authorization code, a token, a session).
 */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table login_attempt (
      id text primary key,
      sequence bigint generated always as identity,
      interaction_hash text not null,
      state text not null,
      live boolean not null,
      sealed text not null,
      created_at timestamptz not null
    )`.execute(db);
  await sql`create unique index login_attempt_one_live on login_attempt (interaction_hash) where live`.execute(
    db,
  );
  await sql`create index login_attempt_newest on login_attempt (interaction_hash, sequence desc)`.execute(db);
  await sql`create index login_attempt_age on login_attempt (created_at)`.execute(db);

  await sql`
    create table oidc_record (
      model text not null,
      id_hash text not null,
      sealed text not null,
      grant_hash text,
      uid_hash text,
      expires_at timestamptz,
      consumed_at timestamptz,
      primary key (model, id_hash)
    )`.execute(db);
  await sql`create index oidc_record_grant on oidc_record (grant_hash) where grant_hash is not null`.execute(
    db,
  );
  await sql`create index oidc_record_uid on oidc_record (model, uid_hash) where uid_hash is not null`.execute(
    db,
  );
  await sql`create index oidc_record_expiry on oidc_record (expires_at) where expires_at is not null`.execute(
    db,
  );

  await sql`
    create table login_result (
      grant_hash text primary key,
      sealed text not null,
      expires_at timestamptz not null
    )`.execute(db);
  await sql`create index login_result_expiry on login_result (expires_at)`.execute(db);

  await sql`
    create table signing_key (
      kid text primary key,
      alg text not null,
      sealed text not null,
      created_at timestamptz not null
    )`.execute(db);
  await sql`create unique index signing_key_one_of_alg on signing_key (alg)`.execute(db);
}
