/**
 * The figures of the audit. A trigger of `audit_event` counts what is written (migration 0011); these functions read the
 * counts, the two ends of the audit, and parts of it that an index or a number limits.
 */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { AuditFigures } from '../../../audit/figures.ts';
import type { Database, Tables } from '../../database.ts';
import type { Pace } from '../../clean-up/pace.ts';
import { inChain, rowOf } from './rows.ts';
import { removeRows } from '../../clean-up/remove-rows.ts';

export function createAuditFigures({ db, runLong }: Pick<Database, 'db' | 'runLong'>): AuditFigures {
  return {
    async counts(from, to) {
      const rows = await db
        .selectFrom('audit_count')
        .select(({ fn }) => [
          'event',
          'code',
          'client',
          'flow',
          fn.sum<string | number>('events').as('events'),
        ])
        .where('hour', '>=', new Date(from))
        .where('hour', '<', new Date(to))
        .groupBy(['event', 'code', 'client', 'flow'])
        .execute();
      return rows.map(({ events, ...row }) => ({ ...row, events: Number(events) }));
    },

    async slots(from, to, unit) {
      const slot = sql<Date>`date_trunc(${sql.lit(unit)}, hour, 'UTC')`;
      const rows = await db
        .selectFrom('audit_count')
        .select(({ fn }) => [slot.as('slot'), 'event', fn.sum<string | number>('events').as('events')])
        .where('hour', '>=', new Date(from))
        .where('hour', '<', new Date(to))
        .groupBy([slot, 'event'])
        .execute();
      return rows.map(({ slot: begin, events, event }) => ({
        slot: begin.getTime(),
        event,
        events: Number(events),
      }));
    },

    async times(from, to) {
      const rows = await db
        .selectFrom('audit_time')
        .select(({ fn }) => ['leg', 'bucket', fn.sum<string | number>('events').as('events')])
        .where('hour', '>=', new Date(from))
        .where('hour', '<', new Date(to))
        .groupBy(['leg', 'bucket'])
        .execute();
      return rows.map(({ events, ...row }) => ({ ...row, events: Number(events) }));
    },

    async extent() {
      const end = (direction: 'asc' | 'desc') =>
        db
          .selectFrom('audit_event')
          .select(['position', 'hash', 'at', 'written_at'])
          .orderBy('position', direction)
          .limit(1)
          .executeTakeFirst();
      const [oldest, newest] = [await end('asc'), await end('desc')];
      const state = await db.selectFrom('audit_figures_state').selectAll().executeTakeFirst();
      return {
        oldestAt: oldest?.at.getTime(),
        head: newest && {
          position: Number(newest.position),
          hash: newest.hash,
          at: newest.at.getTime(),
          writtenAt: newest.written_at.getTime(),
        },
        hasRemoved: oldest !== undefined && Number(oldest.position) > 1,
        completeSince: state?.complete_since.getTime(),
      };
    },

    async newest(names, among, limit) {
      const last = db
        .selectFrom('audit_event')
        .selectAll()
        .orderBy('position', 'desc')
        .limit(among)
        .as('last');
      const rows = await db
        .selectFrom(last)
        .selectAll()
        .where('event', 'in', [...names])
        .orderBy('position', 'desc')
        .limit(limit)
        .execute();
      return rows.map(rowOf);
    },

    async referred(reference, from, to) {
      const rows = await db
        .selectFrom('audit_event')
        .selectAll()
        .where('at', '>=', new Date(from))
        .where('at', '<', new Date(to))
        .where(sql<boolean>`${reference} in (data->>'reference', data->>'request')`)
        // An expression, so that the planner uses the index of times and does not scan from the first position.
        .orderBy(sql`position + 0`)
        .limit(1_000)
        .execute();
      return rows.map(rowOf);
    },

    rebuild: () =>
      runLong((connection) =>
        inChain(connection, async (transaction) => {
          await sql`delete from audit_count`.execute(transaction);
          await sql`delete from audit_time`.execute(transaction);
          await sql`delete from audit_figures_state`.execute(transaction);
          const { rows } = await sql<{ counted: string | number }>`
            select count_audit_events() as counted`.execute(transaction);
          return Number(rows[0]?.counted ?? 0);
        }),
      ),
  };
}

/** Removes the figures of the days before one, which retention has removed from the audit. */
export async function removeFigures(
  db: Kysely<Tables>,
  before: RawBuilder<unknown>,
  pace: Pace,
): Promise<void> {
  const among = sql`hour < date_trunc('day', ${before}, 'UTC')`;
  for (const table of ['audit_count', 'audit_time'] as const) {
    await removeRows(db, { table, by: { column: 'hour', type: 'timestamptz' }, among }, pace);
  }
}
