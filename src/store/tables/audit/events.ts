import { createSecretKey, type KeyObject } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type {
  AuditEntry,
  AuditKeys,
  AuditRow,
  AuditStore,
  AuditView,
  ChainHead,
  Checkpoint,
  RowFilter,
} from '../../../audit/audit-store.ts';
import { BEGINNING, linkOf, signatureOf } from '../../../audit/chain.ts';
import { SealError, type Secrets } from '../../../secrets/secrets.ts';
import type { Database, Tables } from '../../database.ts';
import { lockChain, rowOf } from './rows.ts';
import { removeFigures } from './figures.ts';
import { createPace, type Pace } from '../../clean-up/pace.ts';
import { contextOf } from '../../encryption/sealed-tables.ts';
import type { SharedClock } from '../../drivers/shared-clock.ts';

/** Rows per read. */
const PAGE = 2_000;
const DAY_MS = 24 * 3_600_000;

const keysSchema = z.object({ chain: z.base64url(), pseudonym: z.base64url() });

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
    append,
    view: (use) => runLong((connection) => viewOn(connection, use)),
    viewBriefly: (use) => viewOn(db, use),
    removeOlderThan,
  };

  async function append(entries: readonly AuditEntry[]): Promise<ChainHead> {
    const known = (seen ??= await storeKeys());
    seen = await inChain(async (chain) => {
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
    });
    return seen;
  }

  /** Stores the audit keys before the first row that needs them. */
  async function storeKeys(): Promise<ChainHead> {
    const { keyId, chain, pseudonym } = keys;
    const text = JSON.stringify({ chain: textOf(chain), pseudonym: textOf(pseudonym) });
    await db
      .insertInto('audit_key')
      .values({
        key_id: keyId,
        sealed: secrets.seal(text, contextOf('audit_key', { key_id: keyId })),
        created_at: new Date(now()),
      })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return headOf(db);
  }

  function viewOn<T>(connection: Kysely<Tables>, use: (view: AuditView) => Promise<T>): Promise<T> {
    return connection
      .transaction()
      .setIsolationLevel('repeatable read')
      .execute(async (snapshot) =>
        use({
          checkpoint: await checkpointOf(snapshot),
          keys: await keysOf(snapshot),
          rows: (filter) => rowsOf(snapshot, filter),
        }),
      );
  }

  async function keysOf(snapshot: Kysely<Tables>): Promise<ReadonlyMap<string, AuditKeys>> {
    const rows = await snapshot.selectFrom('audit_key').select(['key_id', 'sealed']).execute();
    const opened = rows.map(openKeys).filter((each) => each !== undefined);
    return new Map(opened.map((each) => [each.keyId, each]));
  }

  /** Keys that cannot be decrypted are omitted: their rows cannot be verified. */
  function openKeys({ key_id: keyId, sealed }: KeyRow): AuditKeys | undefined {
    try {
      const { chain, pseudonym } = keysSchema.parse(
        JSON.parse(secrets.open(sealed, contextOf('audit_key', { key_id: keyId }))),
      );
      return { keyId, chain: keyOf(chain), pseudonym: keyOf(pseudonym) };
    } catch (error) {
      if (error instanceof SealError) return undefined;
      throw error;
    }
  }

  async function removeOlderThan(days: number, pace: Pace = createPace()): Promise<number> {
    // Usually nothing is due; check without the lock, so that no writer waits.
    const oldest = await db
      .selectFrom('audit_event')
      .select(isOlderThan(days))
      .orderBy('position')
      .limit(1)
      .executeTakeFirst();
    if (!oldest?.over) return 0;
    let removed = 0;
    while (!pace.stopped) {
      const { count, isLast } = await pace.step((rows) =>
        inChain(async (chain) => {
          const count = await removePage(chain, days, rows);
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
  async function removePage(chain: Kysely<Tables>, days: number, rows: number): Promise<number> {
    const oldest = await chain
      .selectFrom('audit_event')
      .select(['position', 'hash', isOlderThan(days)])
      .orderBy('position')
      .limit(rows)
      .execute();
    const firstRetained = oldest.findIndex(({ over }) => !over);
    const over = firstRetained === -1 ? oldest : oldest.slice(0, firstRetained);
    const last = over.at(-1);
    if (!last) return 0;
    const { keyId } = keys;
    const checkpoint = { position: Number(last.position), hash: last.hash, at: now(), keyId };
    await chain
      .insertInto('audit_checkpoint')
      .values({
        position: checkpoint.position,
        hash: checkpoint.hash,
        key_id: keyId,
        signature: signatureOf(checkpoint, keys),
        at: new Date(checkpoint.at),
      })
      .execute();
    await chain.deleteFrom('audit_checkpoint').where('position', '<', checkpoint.position).execute();
    await chain.deleteFrom('audit_event').where('position', '<=', checkpoint.position).execute();
    return over.length;
  }

  /** Compares whole days, so that there are few checkpoints. */
  function isOlderThan(days: number) {
    return sql<boolean>`written_at < date_trunc('day', ${clock(-days * DAY_MS)}, 'UTC')`.as('over');
  }

  /** Runs `act` while holding the chain lock: one writer at a time across all instances. */
  function inChain<T>(act: (chain: Kysely<Tables>) => Promise<T>): Promise<T> {
    return db.transaction().execute(async (transaction) => {
      await lockChain(transaction);
      return act(transaction);
    });
  }
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

async function checkpointOf(db: Kysely<Tables>): Promise<Checkpoint | undefined> {
  const row = await db
    .selectFrom('audit_checkpoint')
    .selectAll()
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!row) return undefined;
  const { position, hash, key_id: keyId, signature, at } = row;
  return { position: Number(position), hash, keyId, signature, at: at.getTime() };
}

async function* rowsOf(
  db: Kysely<Tables>,
  { from, to, persons, attempts, reference }: RowFilter = {},
): AsyncGenerator<AuditRow> {
  let after = 0;
  for (;;) {
    let page = db
      .selectFrom('audit_event')
      .selectAll()
      .where('position', '>', after)
      .orderBy('position')
      .limit(PAGE);
    if (from !== undefined) page = page.where('at', '>=', new Date(from));
    if (to !== undefined) page = page.where('at', '<', new Date(to));
    if (persons) page = page.where(sql<boolean>`data->>'person' = any(${[...persons]}::text[])`);
    if (attempts) page = page.where(sql<boolean>`data->>'attempt' = any(${[...attempts]}::text[])`);
    if (reference !== undefined)
      page = page.where(sql<boolean>`${reference} in (data->>'reference', data->>'request')`);
    const rows = await page.execute();
    for (const row of rows) {
      const found = rowOf(row);
      after = found.position;
      yield found;
    }
    if (rows.length < PAGE) return;
  }
}

function columnsOf({ at, instance, number, event, data }: AuditEntry) {
  return { at: new Date(at), instance, number, event, data: JSON.stringify(data) };
}

type KeyRow = Pick<Tables['audit_key'], 'key_id' | 'sealed'>;

function textOf(key: KeyObject): string {
  return key.export().toString('base64url');
}

function keyOf(text: string): KeyObject {
  return createSecretKey(text, 'base64url');
}
