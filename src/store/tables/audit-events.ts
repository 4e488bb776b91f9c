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
} from '../../audit/audit-store.ts';
import { BEGINNING, linkOf, signatureOf } from '../../audit/chain.ts';
import { SealError, type Secrets } from '../../secrets/secrets.ts';
import type { Database, Tables } from '../database.ts';
import { contextOf } from '../encryption/sealed-tables.ts';
import type { SharedClock } from '../drivers/shared-clock.ts';

/** Whoever holds this advisory lock writes the chain. A number that nothing else uses. */
const CHAIN_LOCK = 722_011_894_501_173n;
/** How long an instance that stands still may keep the others from writing. */
const IDLE_LIMIT = '5s';
/** Rows of one read, or of one removal. */
const PAGE = 2_000;
const DAY_MS = 24 * 3_600_000;

/** Rows that somebody has put there can be anything; they do not fit their hash then either. */
const dataSchema = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
  .catch({ unreadable: true });
const keysSchema = z.object({ chain: z.base64url(), pseudonym: z.base64url() });

export function createAuditStore(
  { db, runLong }: Pick<Database, 'db' | 'runLong'>,
  secrets: Pick<Secrets, 'seal' | 'open' | 'auditKeys'>,
  now: () => number,
  clock: SharedClock,
): AuditStore {
  const keys = secrets.auditKeys;
  /** The end of the chain when this process wrote it last. */
  let seen: ChainHead | undefined;
  return { append, view, removeOlderThan };

  async function append(entries: readonly AuditEntry[]): Promise<ChainHead> {
    const known = (seen ??= await begin());
    seen = await inChain(async (chain) => {
      const end = await headOf(chain);
      // Cut off since: what was there is not forgotten, and the gap shows.
      let head = end.position < known.position ? known : end;
      const written = await lastNumberOf(chain, entries[0]?.instance ?? '', known);
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

  /** Keeps the keys before the first row that needs them. */
  async function begin(): Promise<ChainHead> {
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

  function view<T>(use: (view: AuditView) => Promise<T>): Promise<T> {
    return runLong((patient) =>
      patient
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute(async (snapshot) =>
          use({
            checkpoint: await checkpointOf(snapshot),
            keys: await keysOf(snapshot),
            rows: (filter) => rowsOf(snapshot, filter),
          }),
        ),
    );
  }

  async function keysOf(snapshot: Kysely<Tables>): Promise<ReadonlyMap<string, AuditKeys>> {
    const rows = await snapshot.selectFrom('audit_key').select(['key_id', 'sealed']).execute();
    const opened = rows.map(openKeys).filter((each) => each !== undefined);
    return new Map(opened.map((each) => [each.keyId, each]));
  }

  /** Keys that cannot be opened verify nothing. */
  function openKeys({ key_id: keyId, sealed }: KeyRow): AuditKeys | undefined {
    try {
      const { chain, pseudonym } = keysSchema.parse(
        JSON.parse(secrets.open(sealed, contextOf('audit_key', { key_id: keyId }))),
      );
      return { keyId, chain: bytesOf(chain), pseudonym: bytesOf(pseudonym) };
    } catch (error) {
      if (error instanceof SealError) return undefined;
      throw error;
    }
  }

  async function removeOlderThan(days: number): Promise<number> {
    // Nearly always nothing is: nobody is kept from writing for that.
    const oldest = await db
      .selectFrom('audit_event')
      .select(isOlderThan(days))
      .orderBy('position')
      .limit(1)
      .executeTakeFirst();
    if (!oldest?.over) return 0;
    let removed = 0;
    for (;;) {
      const count = await inChain((chain) => removePage(chain, days));
      removed += count;
      if (count < PAGE) return removed;
    }
  }

  /** The checkpoint comes first: the table gives up no row that it does not stand for. */
  async function removePage(chain: Kysely<Tables>, days: number): Promise<number> {
    const oldest = await chain
      .selectFrom('audit_event')
      .select(['position', 'hash', isOlderThan(days)])
      .orderBy('position')
      .limit(PAGE)
      .execute();
    const kept = oldest.findIndex(({ over }) => !over);
    const over = kept === -1 ? oldest : oldest.slice(0, kept);
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

  /** Whole days, so that there are few checkpoints. */
  function isOlderThan(days: number) {
    return sql<boolean>`written_at < date_trunc('day', ${clock(-days * DAY_MS)}, 'UTC')`.as('over');
  }

  /** One at a time, of all instances. */
  function inChain<T>(act: (chain: Kysely<Tables>) => Promise<T>): Promise<T> {
    return db.transaction().execute(async (transaction) => {
      await sql`
        select set_config('idle_in_transaction_session_timeout', ${IDLE_LIMIT}, true),
          pg_advisory_xact_lock(${CHAIN_LOCK})`.execute(transaction);
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

/** How far an instance has written beyond what it knows of: a call that failed may have come through all the same. */
async function lastNumberOf(db: Kysely<Tables>, instance: string, known: ChainHead): Promise<number> {
  const last = await db
    .selectFrom('audit_event')
    .select(({ fn }) => fn.max('number').as('number'))
    .where('position', '>', known.position)
    .where('instance', '=', instance)
    .executeTakeFirst();
  return last?.number ?? 0;
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

async function* rowsOf(db: Kysely<Tables>, { from, to, persons }: RowFilter = {}): AsyncGenerator<AuditRow> {
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
    const rows = await page.execute();
    for (const { key_id: keyId, at, position, data, written_at: _, ...row } of rows) {
      after = Number(position);
      yield { ...row, keyId, position: after, at: at.getTime(), data: dataSchema.parse(data) };
    }
    if (rows.length < PAGE) return;
  }
}

function columnsOf({ at, instance, number, event, data }: AuditEntry) {
  return { at: new Date(at), instance, number, event, data: JSON.stringify(data) };
}

type KeyRow = Pick<Tables['audit_key'], 'key_id' | 'sealed'>;

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'base64url');
}
