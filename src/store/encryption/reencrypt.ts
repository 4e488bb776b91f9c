/**
 * Seals everything anew with the first SECRET_KEY, so that the others may go.
 *
 * Table by table, in batches, while instances run: a batch locks its rows, steps over those that somebody else has locked,
 * and leaves alone what is sealed right. So it may be stopped and begun again at any moment, and a second run finds
 * nothing to do. Passes are made until one leaves nothing, since rows come and change meanwhile.
 */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { SealError, sealedBy } from '../../secrets/seal.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Tables } from '../database.ts';
import { movePersons } from '../tables/known-browsers.ts';
import { contextOf, type KeyOf, SEALED_TABLES, type SealedTable } from './sealed-tables.ts';

/** Rows a transaction. */
const BATCH = 500;
/** What is left over by so many passes is written by an instance that has another first key. */
const PASSES = 5;
/** Of the rows that cannot be opened, so many are named. */
const NAMED = 20;

export interface ReencryptedTable {
  readonly table: SealedTable;
  /** Rows that were sealed anew. */
  readonly resealed: number;
  /** Rows that no key opens, sealed with a key that is not there or altered: they are as they were. */
  readonly unopened: number;
  /** The first of those. */
  readonly named: readonly UnopenedRow[];
  /** Rows that were sealed with another key than the first, or locked, all the while. */
  readonly left: number;
}

export interface UnopenedRow {
  /** Its table and what names it there. */
  readonly row: string;
  readonly reason: string;
}

/** @param db where a statement may take long */
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
    const { resealed: done, unopened } = await passOver(db, secrets, table);
    resealed += done;
    const left = (await countOthers(db, secrets, table)) - unopened.length;
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

async function passOver(db: Kysely<Tables>, secrets: Secrets, table: SealedTable): Promise<Pass> {
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

/** @param after what names the last row of the batch before */
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
    where ${isOthers(secrets)} and ${after ? sql`(${key}) > (${sql.join(after)})` : sql`true`}
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

/** A row of any of the tables: it has the columns that name it in its table. */
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

async function countOthers(db: Kysely<Tables>, secrets: Secrets, table: SealedTable): Promise<number> {
  const { rows } = await sql<{ count: string }>`
    select count(*)::text as count from ${sql.table(table)} where ${isOthers(secrets)}`.execute(db);
  return Number(rows[0]?.count);
}

/** How many rows each key seals, by the key's id. */
export async function countSealed(db: Kysely<Tables>): Promise<Readonly<Record<string, number>>> {
  const each = Object.keys(SEALED_TABLES).map((table) => sql`select sealed from ${sql.table(table)}`);
  const { rows } = await sql<{ id: string; count: string }>`
    select split_part(sealed, '.', 2) as id, count(*)::text as count
    from (${sql.join(each, sql` union all `)}) as every_row group by 1`.execute(db);
  return Object.fromEntries(rows.map(({ id, count }) => [id, Number(count)]));
}

/** Whether a row is sealed with another key than the first. */
function isOthers({ keyIds: [first] }: Secrets): RawBuilder<boolean> {
  return sql<boolean>`sealed not like ${`${sealedBy(first)}%`}`;
}
