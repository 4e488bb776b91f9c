/** The statements that write records. Each writes only where a condition is true, so that they can be joined in one `with`. */
import { type RawBuilder, sql } from 'kysely';
import type { RecordBatch, RecordWrite } from '../../oidc/stores.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import { lookupHash } from '../encryption/lookup-hash.ts';
import { putLoginResults } from './login-results.ts';
import { COLUMNS, valuesOf } from './record-rows.ts';

type Sealing = Pick<Secrets, 'seal'>;
type Statement = (condition: RawBuilder<unknown>) => RawBuilder<unknown>;

/** Saving a record again keeps it consumed. */
export function insertOrReplace(records: readonly RecordWrite[], secrets: Sealing): Statement {
  return (condition) => sql`
      insert into oidc_record (${COLUMNS})
      select * from (values ${sql.join(records.map((record) => valuesOf(record, secrets)))}) as row where ${condition}
      on conflict (model, id_hash) do update set
        sealed = excluded.sealed, grant_hash = excluded.grant_hash, uid_hash = excluded.uid_hash,
        expires_at = excluded.expires_at`;
}

/** Has a row where the record was not there. */
export function insert(record: RecordWrite, secrets: Sealing): Statement {
  return (condition) => sql`
      insert into oidc_record (${COLUMNS}) select * from (values ${valuesOf(record, secrets)}) as row where ${condition}
      on conflict do nothing returning 1`;
}

/** Has a row where the record was there, and not consumed. */
export function markConsumed(model: string, id: string, at: Date): Statement {
  return (condition) => sql`
      update oidc_record set consumed_at = ${at}
      where model = ${model} and id_hash = ${lookupHash(id)} and consumed_at is null and ${notExpired(at)}
        and ${condition} returning 1`;
}

/** The parts of a `with` that store a batch, but for what it consumes and adds. */
export function storingParts(
  { put = [], loginResults = [] }: Pick<RecordBatch, 'put' | 'loginResults'>,
  secrets: Sealing,
  condition: RawBuilder<unknown>,
): readonly RawBuilder<unknown>[] {
  return [
    ...(put.length === 0 ? [] : [sql`records as (${insertOrReplace(put, secrets)(condition)})`]),
    ...(loginResults.length === 0
      ? []
      : [sql`results as (${putLoginResults(loginResults, secrets, condition)})`]),
  ];
}

/**
 * Consumes and adds step by step, each step only if the one before has had an effect, and stores the rest only if all have had.
 *
 * @returns a query whose only row says whether that is so; undefined for an empty batch
 */
export function batchStatement(
  batch: RecordBatch,
  secrets: Sealing,
  at: Date,
): RawBuilder<{ done: boolean }> | undefined {
  const { consume = [], add } = batch;
  const steps = [
    ...consume.map(({ model, id }) => markConsumed(model, id, at)),
    ...(add ? [insert(add, secrets)] : []),
  ];
  const conditional = steps.map((step, index) => {
    const condition = index === 0 ? sql`true` : isDone(index - 1);
    return sql`${sql.id(`step${index}`)} as (${step(condition)})`;
  });
  const done = steps.length === 0 ? sql`true` : isDone(steps.length - 1);
  const parts = [...conditional, ...storingParts(batch, secrets, done)];
  return parts.length === 0
    ? undefined
    : sql<{ done: boolean }>`
        with ${sql.join(parts)} select ${done} as done`;
}

/** The condition that a record, in `table` of a query, has not expired. */
export function notExpired(at: Date, table = 'oidc_record'): RawBuilder<boolean> {
  const expiry = sql.ref(`${table}.expires_at`);
  return sql<boolean>`(${expiry} is null or ${expiry} > ${at})`;
}

function isDone(step: number): RawBuilder<boolean> {
  return sql<boolean>`exists (select from ${sql.id(`step${step}`)})`;
}
