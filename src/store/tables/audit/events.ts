/** The audit: appends events to the chain (here), shows it (`view.ts`), and removes old events (`removal.ts`). */
import { type Kysely, sql } from 'kysely';
import type { AuditEntry, AuditKeys, AuditStore, ChainHead } from '../../../audit/audit-store.ts';
import { BEGINNING, linkOf } from '../../../audit/chain.ts';
import type { Secrets } from '../../../secrets/secrets.ts';
import type { Database, Tables } from '../../database.ts';
import { createPace, type Pace } from '../../clean-up/pace.ts';
import type { SharedClock } from '../../drivers/shared-clock.ts';
import { storeKeys } from './keys.ts';
import { removeOldEvents } from './removal.ts';
import { inChain } from './rows.ts';
import { checkpointOf, viewOn } from './view.ts';

export interface AuditTable extends AuditStore {
  removeOlderThan(days: number, pace?: Pace): Promise<number>;
}

export function createAuditStore(
  { db, runLong }: Pick<Database, 'db' | 'runLong'>,
  secrets: Pick<Secrets, 'seal' | 'open' | 'auditKeys'>,
  now: () => number,
  clock: SharedClock,
): AuditTable {
  const keys = secrets.auditKeys;
  /** The head of the chain after this process's last write. */
  let seen: ChainHead | undefined;
  return {
    async append(entries) {
      const known = (seen ??= await begin());
      seen = await inChain(db, (chain) => appendTo(chain, entries, { known, keys, clock }));
      return seen;
    },
    view: (use) => runLong((connection) => viewOn(connection, secrets, use)),
    viewBriefly: (use) => viewOn(db, secrets, use),
    removeOlderThan: (days, pace = createPace()) => removeOldEvents(db, { days, keys, now, clock }, pace),
  };

  /** Stores the audit keys before the first row that needs them. */
  async function begin(): Promise<ChainHead> {
    await storeKeys(db, secrets, now());
    return headOf(db);
  }
}

/** @param known the head after the last write of this process */
async function appendTo(
  chain: Kysely<Tables>,
  entries: readonly AuditEntry[],
  {
    known,
    keys,
    clock,
  }: { readonly known: ChainHead; readonly keys: AuditKeys; readonly clock: SharedClock },
): Promise<ChainHead> {
  const { end = await headOf(chain), written } = await endOf(chain, entries[0]?.instance ?? '', known);
  // The end of the chain was cut off since the last write: continue after the known head, so that the gap is visible.
  let head = end.position < known.position ? known : end;
  const rows = [];
  for (const entry of entries.filter(({ number }) => number > written)) {
    head = linkOf(head, entry, keys);
    rows.push({ ...columnsOf(entry), ...head, key_id: keys.keyId, written_at: clock() });
  }
  if (rows.length > 0) await chain.insertInto('audit_event').values(rows).execute();
  return head;
}

async function headOf(db: Kysely<Tables>): Promise<ChainHead> {
  const last = await db
    .selectFrom('audit_event')
    .select(['position', 'hash'])
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last
    ? { position: Number(last.position), hash: last.hash }
    : ((await checkpointOf(db)) ?? BEGINNING);
}

/**
 * The head, if there are events, and the last entry number that an instance has written after `known`: a commit that failed for the
 * caller may have succeeded.
 */
async function endOf(
  db: Kysely<Tables>,
  instance: string,
  known: ChainHead,
): Promise<{ readonly end: ChainHead | undefined; readonly written: number }> {
  const { rows } = await sql<{ position: string | number; hash: string; written: number | null }>`
    select position, hash, (
      select max(number) from audit_event where position > ${known.position} and instance = ${instance}
    ) as written
    from audit_event order by position desc limit 1`.execute(db);
  const [last] = rows;
  return {
    end: last && { position: Number(last.position), hash: last.hash },
    written: last?.written ?? 0,
  };
}

function columnsOf({ at, instance, number, event, data }: AuditEntry) {
  return { at: new Date(at), instance, number, event, data: JSON.stringify(data) };
}
