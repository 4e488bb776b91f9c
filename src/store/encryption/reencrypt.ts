/**
 * Re-encrypts every row with the first SECRET_KEY, so that the other keys can be removed.
 *
 * Works table by table, in batches, while instances run. A batch locks its rows, skips rows that are locked, and does not
 * touch rows that have the first key. It can therefore be interrupted and repeated at any time. Passes are repeated until
 * no other row is left, because rows are added and changed meanwhile.
 */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { SealError, sealedBy } from '../../secrets/seal.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Tables } from '../database.ts';
import { movePersons } from '../tables/known-browsers.ts';
import { contextOf, type KeyOf, SEALED_TABLES, type SealedTable } from './sealed-tables.ts';

/** Rows per transaction. */
const BATCH = 500;
/** Rows left after this many passes were written by an instance with another first key. */
const PASSES = 5;
/** At most this many rows that cannot be decrypted are listed. */
const NAMED = 20;

export interface ReencryptedTable {
  readonly table: SealedTable;
  /** Number of re-encrypted rows. */
  readonly resealed: number;
  /** Number of rows that no key decrypts (unknown key, or altered); they are left unchanged. */
  readonly unopened: number;
  /** The first of the unopened rows. */
  readonly named: readonly UnopenedRow[];
  /** Number of rows that still have another key after the last pass, or stayed locked. */
  readonly left: number;
}

export interface UnopenedRow {
  /** Table and primary key. */
  readonly row: string;
  readonly reason: string;
}

/** @param db a connection without statement timeout */
export async function reencrypt(db: Kysely<Tables>, secrets: Secrets): Promise<readonly ReencryptedTable[]> {
  const tables: ReencryptedTable[] = [];
  for (const table of Object.keys(SEALED_TABLES) as SealedTable[]) {
    tables.push(await reencryptTable(db, secrets, table));
  }
  return tables;
}

async function reencryptTable(
  db: Kysely<Tables>,
  secrets: Secrets,
  table: SealedTable,
): Promise<ReencryptedTable> {
  let resealed = 0;
  for (let pass = 1; ; pass++) {
    const { resealed: done, unopened } = await reencryptPass(db, secrets, table);
    resealed += done;
    const left = (await countOtherKeys(db, secrets, table)) - unopened.length;
    if (left <= 0 || pass === PASSES) {
      const named = unopened.slice(0, NAMED);
      return { table, resealed, unopened: unopened.length, named, left: Math.max(left, 0) };
    }
  }
}

interface Pass {
  readonly resealed: number;
  readonly unopened: readonly UnopenedRow[];
}

async function reencryptPass(db: Kysely<Tables>, secrets: Secrets, table: SealedTable): Promise<Pass> {
  const unopened: UnopenedRow[] = [];
  let resealed = 0;
  let after: readonly string[] | undefined;
  do {
    const batch = await db
      .transaction()
      .execute((transaction) => resealBatch(transaction, secrets, table, after));
    resealed += batch.resealed;
    unopened.push(...batch.unopened);
    after = batch.last;
  } while (after !== undefined);
  return { resealed, unopened };
}

/** @param after primary key of the last row of the previous batch */
async function resealBatch(
  db: Kysely<Tables>,
  secrets: Secrets,
  table: SealedTable,
  after: readonly string[] | undefined,
): Promise<Pass & { readonly last: readonly string[] | undefined }> {
  const columns = SEALED_TABLES[table];
  const key = sql.join(columns.map((column) => sql.ref(column)));
  const { rows } = await sql<SealedRow>`
    select ${key}, sealed from ${sql.table(table)}
    where ${hasOtherKey(secrets)} and ${after ? sql`(${key}) > (${sql.join(after)})` : sql`true`}
    order by ${key} limit ${sql.lit(BATCH)} for update skip locked`.execute(db);

  const unopened: UnopenedRow[] = [];
  const opened: OpenedRow[] = [];
  for (const row of rows) {
    try {
      opened.push({ row, text: secrets.open(row.sealed, contextOf(table, row)) });
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      unopened.push({ row: contextOf(table, row), reason: error.message });
    }
  }
  if (table === 'known_browser') await movePersons(db, secrets, opened);
  await reseal(db, secrets, table, opened);
  const last = rows.length === BATCH ? rows.at(-1) : undefined;
  return { resealed: opened.length, unopened, last: last && columns.map((column) => last[column]) };
}

/** A row of any sealed table, with the columns of its primary key. */
type SealedRow = KeyOf<SealedTable> & { readonly sealed: string };

interface OpenedRow {
  readonly row: SealedRow;
  readonly text: string;
}

async function reseal(
  db: Kysely<Tables>,
  secrets: Secrets,
  table: SealedTable,
  opened: readonly OpenedRow[],
): Promise<void> {
  if (opened.length === 0) return;
  const columns = SEALED_TABLES[table];
  const fresh = opened.map(({ row, text }) => {
    const values = [...columns.map((column) => row[column]), secrets.seal(text, contextOf(table, row))];
    return sql`(${sql.join(values)})`;
  });
  const names = sql.join([...columns, 'fresh_value'].map((column) => sql.ref(column)));
  const sameRow = columns.map((column) => sql`kept.${sql.ref(column)} = fresh.${sql.ref(column)}`);
  await sql`
    update ${sql.table(table)} as kept set sealed = fresh.fresh_value
    from (values ${sql.join(fresh)}) as fresh (${names})
    where ${sql.join(sameRow, sql` and `)}`.execute(db);
}

async function countOtherKeys(db: Kysely<Tables>, secrets: Secrets, table: SealedTable): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    select count(*)::text as count from ${sql.table(table)} where ${hasOtherKey(secrets)}`.execute(db);
  return Number(rows[0]?.count);
}

/** Number of rows sealed with each key, by key ID. */
export async function countSealed(db: Kysely<Tables>): Promise<Readonly<Record<string, number>>> {
  const each = Object.keys(SEALED_TABLES).map((table) => sql`select sealed from ${sql.table(table)}`);
  const { rows } = await sql<{ id: string; count: string }>`
    select split_part(sealed, '.', 2) as id, count(*)::text as count
    from (${sql.join(each, sql` union all `)}) as every_row group by 1`.execute(db);
  return Object.fromEntries(rows.map(({ id, count }) => [id, Number(count)]));
}

/** Whether a row is sealed with another key than the first. */
function hasOtherKey({ keyIds: [first] }: Secrets): RawBuilder<boolean> {
  return sql<boolean>`sealed not like ${`${sealedBy(first)}%`}`;
}
