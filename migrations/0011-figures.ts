/**
 * Figures of the audit by hour, and the heartbeats of instances, for the operator's page.
 *
 * A trigger counts the rows of each insert into `audit_event`, in its statement: the figures cannot drift from the audit, and
 * the release before, which knows nothing of them, keeps them too. Writers of the audit hold the lock of the chain, so
 * two instances never update a figure at once. Events from before this migration are not counted here, which would take long in
 * a large audit: `audit_figures_state` says since when the figures are complete, and `sild audit rebuild-figures` counts all.
 */
import { type Kysely, sql } from 'kysely';

/**
 * The statements that count the rows of a table. Each member is read so that no row can make an insert fail: an event must not be
 * lost for a figure.
 */
const countRowsOf = (table: 'added' | 'audit_event') => `
  insert into audit_count as kept (hour, event, code, client, flow, events)
    select date_trunc('hour', at, 'UTC'), event, left(coalesce(data->>'code', data->>'by', ''), 200),
      left(coalesce(data->>'client', ''), 200), left(coalesce(data->>'flow', ''), 200), sum(case
        when event in ('audit_events_lost', 'refusals_omitted') and jsonb_typeof(data->'count') = 'number'
        then (data->>'count')::numeric else 1 end)
    from ${table} group by 1, 2, 3, 4, 5
    on conflict (hour, event, code, client, flow) do update set events = kept.events + excluded.events;
  insert into audit_time as kept (hour, leg, flow, bucket, events)
    select hour, leg, flow, audit_time_bucket(milliseconds), count(*) from (
      select date_trunc('hour', at, 'UTC') as hour, left(coalesce(data->>'flow', ''), 200) as flow, leg,
        case when jsonb_typeof(data->member) = 'number' then (data->>member)::numeric end as milliseconds
      from ${table} join (values
        ('login_waiting', 'smartId', 'milliseconds'),
        ('login_authenticated', 'person', 'legMilliseconds'),
        ('login_finished', 'completion', 'legMilliseconds'),
        ('login_finished', 'whole', 'milliseconds')
      ) as legs (of_event, leg, member) on ${table}.event = legs.of_event
    ) as timed
    where milliseconds is not null
    group by 1, 2, 3, 4
    on conflict (hour, leg, flow, bucket) do update set events = kept.events + excluded.events;`;

export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table audit_count (
      hour timestamptz not null,
      event text not null,
      code text not null,
      client text not null,
      flow text not null,
      events bigint not null,
      primary key (hour, event, code, client, flow)
    )`.execute(db);
  await sql`
    create table audit_time (
      hour timestamptz not null,
      leg text not null,
      flow text not null,
      bucket smallint not null,
      events bigint not null,
      primary key (hour, leg, flow, bucket)
    )`.execute(db);
  // At most one row; none: the figures have everything that the audit has.
  await sql`create table audit_figures_state (complete_since timestamptz not null)`.execute(db);

  // The upper bounds of the buckets in milliseconds, as in src/audit/figures.ts.
  await sql`
    create function audit_time_bucket(milliseconds numeric) returns smallint language sql immutable as $$
      select width_bucket(milliseconds, array[
        50, 100, 150, 200, 300, 400, 500, 750, 1000, 1500, 2000, 3000, 4000, 5000, 6000, 8000, 10000, 12000, 15000, 20000,
        25000, 30000, 40000, 50000, 60000, 75000, 90000, 120000
      ]::numeric[])::smallint
    $$`.execute(db);
  await sql`
    create function audit_event_is_counted() returns trigger language plpgsql as $$
    begin
      ${sql.raw(countRowsOf('added'))}
      return null;
    end
    $$`.execute(db);
  await sql`
    create function count_audit_events() returns bigint language plpgsql as $$
    begin
      ${sql.raw(countRowsOf('audit_event'))}
      return (select count(*) from audit_event);
    end
    $$`.execute(db);
  await sql`
    create trigger audit_event_is_counted after insert on audit_event referencing new table as added
      for each statement execute function audit_event_is_counted()`.execute(db);
  // After the trigger, whose creation waits for running inserts.
  await sql`
    insert into audit_figures_state (complete_since)
      select clock_timestamp() where exists (select from audit_event)`.execute(db);

  await sql`
    create table instance (
      id text primary key,
      version text not null,
      started_at timestamptz not null,
      seen_at timestamptz not null,
      stopped boolean not null,
      gauges jsonb not null
    )`.execute(db);
}
