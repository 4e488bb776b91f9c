/** Removes old events, page by page, and leaves a signed checkpoint from which the chain is verified. */
import { type Kysely, sql } from 'kysely';
import type { AuditKeys } from '../../../audit/audit-store.ts';
import { signatureOf } from '../../../audit/chain.ts';
import type { Tables } from '../../database.ts';
import type { Pace } from '../../clean-up/pace.ts';
import type { SharedClock } from '../../drivers/shared-clock.ts';
import { removeFigures } from './figures.ts';
import { inChain } from './rows.ts';

const DAY_MS = 24 * 3_600_000;

export interface Retention {
  /** Days after which events are removed; whole ones, so that there are few checkpoints. */
  readonly days: number;
  /** The keys that sign the checkpoint. */
  readonly keys: AuditKeys;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly clock: SharedClock;
}

/** Removes the events that are older, and their figures. @returns how many events */
export async function removeOldEvents(db: Kysely<Tables>, retention: Retention, pace: Pace): Promise<number> {
  const { days, clock } = retention;
  // Usually nothing is due; check without the lock, so that no writer waits.
  const oldest = await db
    .selectFrom('audit_event')
    .select(isOlderThan(retention))
    .orderBy('position')
    .limit(1)
    .executeTakeFirst();
  if (!oldest?.over) return 0;
  let removed = 0;
  while (!pace.stopped) {
    const { count, isLast } = await pace.step((rows) =>
      inChain(db, async (chain) => {
        const count = await removePage(chain, retention, rows);
        return { count, isLast: count < rows };
      }),
    );
    removed += count;
    if (isLast) break;
  }
  await removeFigures(db, clock(-days * DAY_MS), pace);
  return removed;
}

/** The checkpoint is inserted first: a trigger refuses to delete rows that no checkpoint covers. */
async function removePage(chain: Kysely<Tables>, retention: Retention, rows: number): Promise<number> {
  const oldest = await chain
    .selectFrom('audit_event')
    .select(['position', 'hash', isOlderThan(retention)])
    .orderBy('position')
    .limit(rows)
    .execute();
  const firstRetained = oldest.findIndex(({ over }) => !over);
  const over = firstRetained === -1 ? oldest : oldest.slice(0, firstRetained);
  const last = over.at(-1);
  if (!last) return 0;
  const { keys, now } = retention;
  const checkpoint = { position: Number(last.position), hash: last.hash, at: now(), keyId: keys.keyId };
  await chain
    .insertInto('audit_checkpoint')
    .values({
      position: checkpoint.position,
      hash: checkpoint.hash,
      key_id: checkpoint.keyId,
      signature: signatureOf(checkpoint, keys),
      at: new Date(checkpoint.at),
    })
    .execute();
  await chain.deleteFrom('audit_checkpoint').where('position', '<', checkpoint.position).execute();
  await chain.deleteFrom('audit_event').where('position', '<=', checkpoint.position).execute();
  return over.length;
}

function isOlderThan({ days, clock }: Retention) {
  return sql<boolean>`written_at < date_trunc('day', ${clock(-days * DAY_MS)}, 'UTC')`.as('over');
}
