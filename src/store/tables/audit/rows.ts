/** The rows of the audit, and the lock of its writers. */
import { type Kysely, type Selectable, sql } from 'kysely';
import { z } from 'zod';
import type { AuditRow } from '../../../audit/audit-store.ts';
import type { Tables } from '../../database.ts';

/** Advisory lock of the process that appends to the chain; the number is not used for anything else. */
const CHAIN_LOCK = 722_011_894_501_173n;
/** How long a stalled instance can block the writes of the others. */
const IDLE_LIMIT = '5s';

/** Tampered rows can contain any JSON. They must still be readable, so that verification can report them. */
const dataSchema = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())]))
  .catch({ unreadable: true });

/** Runs `act` in a transaction that holds the chain lock: one writer of the audit at a time across all instances. */
export function inChain<T>(db: Kysely<Tables>, act: (chain: Kysely<Tables>) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (transaction) => {
    await sql`
      select set_config('idle_in_transaction_session_timeout', ${IDLE_LIMIT}, true),
        pg_advisory_xact_lock(${CHAIN_LOCK})`.execute(transaction);
    return act(transaction);
  });
}

/** A row as it is stored. */
export function rowOf(stored: Selectable<Tables['audit_event']>): AuditRow {
  const { key_id: keyId, at, position, data, written_at: _, ...row } = stored;
  return { ...row, keyId, position: Number(position), at: at.getTime(), data: dataSchema.parse(data) };
}
