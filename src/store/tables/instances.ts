import { type Kysely, sql } from 'kysely';
import { gaugesSchema, type InstanceStore } from '../../ops/instance-store.ts';
import type { Tables } from '../database.ts';
import type { SharedClock } from '../drivers/shared-clock.ts';
import { createPace, type Pace } from '../clean-up/pace.ts';
import { removeRows } from '../clean-up/remove-rows.ts';

/** How long an instance that has gone is still shown, in milliseconds. */
const KEPT_MS = 24 * 3_600_000;

export interface InstanceTable extends InstanceStore {
  removeGone(pace?: Pace): Promise<number>;
}

export function createInstanceStore(db: Kysely<Tables>, clock: SharedClock): InstanceTable {
  return {
    async beat({ id, version, startedAt, stopped, gauges }) {
      await sql`
        insert into instance (id, version, started_at, seen_at, stopped, gauges)
        values (${id}, ${version}, ${new Date(startedAt)}, ${clock()}, ${stopped}, ${JSON.stringify(gauges)}::jsonb)
        on conflict (id) do update set
          seen_at = excluded.seen_at, stopped = excluded.stopped, gauges = excluded.gauges`.execute(db);
    },

    async list() {
      const rows = await db
        .selectFrom('instance')
        .selectAll()
        .select(
          sql<string | number>`extract(epoch from ${clock()} - seen_at) * 1000`.as('unseen_milliseconds'),
        )
        .orderBy('started_at', 'desc')
        .limit(100)
        .execute();
      return rows.map(({ id, version, started_at: startedAt, seen_at: seenAt, stopped, ...row }) => ({
        id,
        version,
        startedAt: startedAt.getTime(),
        seenAt: seenAt.getTime(),
        unseenMs: Number(row.unseen_milliseconds),
        stopped,
        gauges: gaugesSchema.safeParse(row.gauges).data,
      }));
    },

    removeGone: (pace = createPace()) =>
      removeRows(
        db,
        {
          table: 'instance',
          by: { column: 'id', type: 'text' },
          among: sql`true`,
          due: sql`seen_at < ${clock(-KEPT_MS)}`,
        },
        pace,
      ),
  };
}
