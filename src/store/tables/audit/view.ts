/** The read side of the audit: a snapshot of it, which later writes do not change. */
import { type Kysely, sql } from 'kysely';
import type { AuditRow, AuditView, Checkpoint, RowFilter } from '../../../audit/audit-store.ts';
import type { Secrets } from '../../../secrets/secrets.ts';
import type { Tables } from '../../database.ts';
import { keysOf } from './keys.ts';
import { rowOf } from './rows.ts';

/** Rows per read. */
const PAGE = 2_000;

export function viewOn<T>(
  connection: Kysely<Tables>,
  secrets: Pick<Secrets, 'open'>,
  use: (view: AuditView) => Promise<T>,
): Promise<T> {
  return connection
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (snapshot) =>
      use({
        checkpoint: await checkpointOf(snapshot),
        keys: await keysOf(snapshot, secrets),
        rows: (filter) => rowsOf(snapshot, filter),
      }),
    );
}

/** The newest checkpoint: where the audit begins since old events were removed. */
export async function checkpointOf(db: Kysely<Tables>): Promise<Checkpoint | undefined> {
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
  { from, to, persons, attempts, reference, notEvents }: RowFilter = {},
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
    if (notEvents) page = page.where('event', 'not in', notEvents);
    const rows = await page.execute();
    for (const row of rows) {
      const found = rowOf(row);
      after = found.position;
      yield found;
    }
    if (rows.length < PAGE) return;
  }
}
