/**
 * The audit. `audit_event` is a chain: each row's `hash` is a keyed hash over the row and the hash before it. Rows are
 * never changed, and none is deleted that is not covered by `audit_checkpoint`, which retention signs before it deletes.
 * Triggers see to it for whoever means no harm; who does is found by the hashes. `audit_key` keeps the keys of the chain
 * and of its pseudonyms, sealed, since they must outlast a change of SECRET_KEY.
 */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table audit_event (
      position bigint primary key,
      at timestamptz(3) not null,
      instance text not null,
      number integer not null,
      key_id text not null,
      event text not null,
      data jsonb not null,
      hash text not null
    )`.execute(db);
  // Rows come in the order of their time, which makes this index a few pages for any number of them.
  await sql`create index audit_event_time on audit_event using brin (at)`.execute(db);

  await sql`
    create table audit_checkpoint (
      position bigint primary key,
      hash text not null,
      key_id text not null,
      signature text not null,
      at timestamptz(3) not null
    )`.execute(db);

  await sql`
    create table audit_key (
      key_id text primary key,
      sealed text not null,
      created_at timestamptz not null
    )`.execute(db);

  await sql`
    create function audit_event_is_append_only() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' then
        if old.position <= (select max(position) from audit_checkpoint) then
          return old;
        end if;
      end if;
      raise exception 'audit_event is append-only' using errcode = 'insufficient_privilege';
    end
    $$`.execute(db);
  await sql`
    create trigger audit_event_is_append_only before update or delete on audit_event
      for each row execute function audit_event_is_append_only()`.execute(db);
  await sql`
    create trigger audit_event_is_not_truncated before truncate on audit_event
      for each statement execute function audit_event_is_append_only()`.execute(db);
}
