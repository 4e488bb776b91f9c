import { type Kysely, type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { OidcRecord, RecordBatch, RecordStore, RecordWrite, RelatedRecords } from '../../oidc/stores.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Tables } from '../database.ts';
import { lookupHash } from '../encryption/lookup-hash.ts';
import { joinedWrites } from './joined-writes.ts';
import { INTERACTION_MODEL, type LoginAhead } from './login-ahead.ts';
import { openLoginResult, putLoginResults } from './login-results.ts';
import { createPace, type Pace } from '../clean-up/pace.ts';
import { expiredRows, removeRows } from '../clean-up/remove-rows.ts';
import { contextOf } from '../encryption/sealed-tables.ts';

/** In the order of `rowOf`. */
const COLUMNS = sql.raw('model, id_hash, sealed, grant_hash, uid_hash, user_code_hash, expires_at');

/** Among the models, the name of a row of `login_result`. */
const RESULT = 'login_result';

/** The sealed value. It includes the identifier, which `list` needs. */
const sealedSchema = z.object({ id: z.string(), payload: z.record(z.string(), z.unknown()) });

export interface RecordTable extends RecordStore {
  removeExpired(pace?: Pace): Promise<number>;
}

export function createRecordStore(
  db: Kysely<Tables>,
  secrets: Secrets,
  now: () => number,
  login: Pick<LoginAhead, 'interaction'>,
): RecordTable {
  return {
    async put(model, id, payload, keys, expiresAt) {
      await insertOrReplace([{ model, id, payload, keys, expiresAt }], sql`true`).execute(db);
    },

    async add(model, id, payload, expiresAt) {
      const { rows } = await insert({ model, id, payload, keys: {}, expiresAt }, sql`true`).execute(db);
      return rows.length === 1;
    },

    async write(batch) {
      const { consume = [], add } = batch;
      const steps = [
        ...consume.map(
          ({ model, id }) =>
            (condition: RawBuilder<unknown>) =>
              markConsumed(model, id, condition),
        ),
        ...(add ? [(condition: RawBuilder<unknown>) => insert(add, condition)] : []),
      ];
      const conditional = steps.map((step, index) => {
        const condition = index === 0 ? sql`true` : isDone(index - 1);
        return sql`${sql.id(`step${index}`)} as (${step(condition)})`;
      });
      const done = steps.length === 0 ? sql`true` : isDone(steps.length - 1);
      const parts = [...conditional, ...partsOf(batch, done)];
      if (parts.length === 0) return true;
      const { rows } = await sql<{ done: boolean }>`
        with ${sql.join(parts)} select ${done} as done`.execute(db);
      return rows[0]?.done === true;
    },

    join: (batch) => joinedWrites((condition) => partsOf(batch, condition)),

    async findRelated(model, id) {
      const found = await readRelated(
        sql`
        found as (
          select model, id_hash, sealed, consumed_at, grant_hash, uid_hash from oidc_record
          where model = ${model} and id_hash = ${lookupHash(id)} and ${notExpired('oidc_record')}
        )`,
        sql`
        select model, id_hash, sealed, consumed_at from found
        union all select session.model, session.id_hash, session.sealed, session.consumed_at
          from found join oidc_record as session on session.model = 'Session' and session.uid_hash = found.uid_hash
          where ${notExpired('session')}
        union all`,
      );
      const record = open(found.get(model));
      return record && { record, ...relatedIn(found) };
    },

    async findGrant(grantId) {
      const hash = lookupHash(grantId);
      return relatedIn(await readRelated(sql`found as (select ${hash}::text as grant_hash)`, sql``));
    },

    async find(model, id) {
      const hash = lookupHash(id);
      const ahead = model === INTERACTION_MODEL ? await login.interaction(hash) : undefined;
      return open(ahead ? ahead.row : await unexpired(model).where('id_hash', '=', hash).executeTakeFirst());
    },

    findByUid: async (model, uid) =>
      open(await unexpired(model).where('uid_hash', '=', lookupHash(uid)).executeTakeFirst()),

    findByUserCode: async (model, userCode) =>
      open(await unexpired(model).where('user_code_hash', '=', lookupHash(userCode)).executeTakeFirst()),

    async consume(model, id) {
      const { rows } = await markConsumed(model, id, sql`true`).execute(db);
      return rows.length === 1;
    },

    async reopen(model, id, consumedBefore) {
      const { numUpdatedRows } = await db
        .updateTable('oidc_record')
        .set({ consumed_at: null })
        .where('model', '=', model)
        .where('id_hash', '=', lookupHash(id))
        .where('consumed_at', '<', new Date(consumedBefore * 1000))
        .where(notExpired())
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    },

    async remove(model, id) {
      await db
        .deleteFrom('oidc_record')
        .where('model', '=', model)
        .where('id_hash', '=', lookupHash(id))
        .execute();
    },

    async removeGrant(grantId) {
      const grantHash = lookupHash(grantId);
      await db.transaction().execute(async (transaction) => {
        // An interaction stays until it expires, so that no late completion can save it again as a new one.
        await transaction
          .deleteFrom('oidc_record')
          .where('grant_hash', '=', grantHash)
          .where('model', '<>', INTERACTION_MODEL)
          .execute();
        await transaction.deleteFrom('login_result').where('grant_hash', '=', grantHash).execute();
      });
    },

    list: async (model) => (await unexpired(model).execute()).map(openSealed),

    removeExpired: (pace = createPace()) => removeRows(db, expiredRows('oidc_record', now), pace),
  };

  /** Saving a record again keeps it consumed. */
  function insertOrReplace(
    records: readonly RecordWrite[],
    condition: RawBuilder<unknown>,
  ): RawBuilder<unknown> {
    return sql`
      insert into oidc_record (${COLUMNS})
      select * from (values ${sql.join(records.map(rowOf))}) as row where ${condition}
      on conflict (model, id_hash) do update set
        sealed = excluded.sealed, grant_hash = excluded.grant_hash, uid_hash = excluded.uid_hash,
        user_code_hash = excluded.user_code_hash, expires_at = excluded.expires_at`;
  }

  function insert(record: RecordWrite, condition: RawBuilder<unknown>): RawBuilder<unknown> {
    return sql`
      insert into oidc_record (${COLUMNS}) select * from (values ${rowOf(record)}) as row where ${condition}
      on conflict do nothing returning 1`;
  }

  function markConsumed(model: string, id: string, condition: RawBuilder<unknown>): RawBuilder<unknown> {
    return sql`
      update oidc_record set consumed_at = ${new Date(now())}
      where model = ${model} and id_hash = ${lookupHash(id)} and consumed_at is null and ${notExpired()}
        and ${condition} returning 1`;
  }

  /** The parts of a `with` that store a batch, but for what it consumes and adds. */
  function partsOf(
    { put = [], loginResults = [] }: Pick<RecordBatch, 'put' | 'loginResults'>,
    condition: RawBuilder<unknown>,
  ): readonly RawBuilder<unknown>[] {
    return [
      ...(put.length === 0 ? [] : [sql`records as (${insertOrReplace(put, condition)})`]),
      ...(loginResults.length === 0
        ? []
        : [sql`results as (${putLoginResults(loginResults, secrets, condition)})`]),
    ];
  }

  function rowOf({ model, id, payload, keys, expiresAt }: RecordWrite): RawBuilder<unknown> {
    const idHash = lookupHash(id);
    const sealed = secrets.seal(
      JSON.stringify({ id, payload }),
      contextOf('oidc_record', { model, id_hash: idHash }),
    );
    const expiry = expiresAt === undefined ? null : new Date(expiresAt * 1000);
    return sql`(${model}::text, ${idHash}::text, ${sealed}::text, ${hashOf(keys.grantId)}::text,
      ${hashOf(keys.uid)}::text, ${hashOf(keys.userCode)}::text, ${expiry}::timestamptz)`;
  }

  /**
   * The rows of a query, and of the grant and the login that `found` names, by model.
   *
   * @param found a part of a `with`, with the column `grant_hash`
   * @param query ends with `union all`, or is empty
   */
  async function readRelated(
    found: RawBuilder<unknown>,
    query: RawBuilder<unknown>,
  ): Promise<ReadonlyMap<string, Row>> {
    const { rows } = await sql<Row>`
      with ${found} ${query}
      select kept.model, kept.id_hash, kept.sealed, kept.consumed_at
        from found join oidc_record as kept on kept.model = 'Grant' and kept.id_hash = found.grant_hash
        where ${notExpired('kept')}
      union all select ${sql.lit(RESULT)}, kept.grant_hash, kept.sealed, null
        from found join login_result as kept on kept.grant_hash = found.grant_hash
        where kept.expires_at > ${new Date(now())}`.execute(db);
    return new Map(rows.map((row) => [row.model, row]));
  }

  function relatedIn(found: ReadonlyMap<string, Row>): Omit<RelatedRecords, 'record'> {
    const result = found.get(RESULT);
    return {
      grant: open(found.get('Grant')),
      session: open(found.get('Session')),
      loginResult: result && openLoginResult(result.sealed, result.id_hash, secrets),
    };
  }

  function unexpired(model: string) {
    return db
      .selectFrom('oidc_record')
      .select(['model', 'id_hash', 'sealed', 'consumed_at'])
      .where('model', '=', model)
      .where(notExpired());
  }

  function notExpired(table = 'oidc_record'): RawBuilder<boolean> {
    const expiry = sql.ref(`${table}.expires_at`);
    return sql<boolean>`(${expiry} is null or ${expiry} > ${new Date(now())})`;
  }

  function open(row: Row | undefined): OidcRecord | undefined {
    if (!row) return undefined;
    const { payload } = openSealed(row);
    return row.consumed_at === null
      ? { payload }
      : { payload, consumedAt: Math.floor(row.consumed_at.getTime() / 1000) };
  }

  function openSealed(row: Row): z.output<typeof sealedSchema> {
    return sealedSchema.parse(JSON.parse(secrets.open(row.sealed, contextOf('oidc_record', row))));
  }
}

type Row = Pick<Tables['oidc_record'], 'model' | 'id_hash' | 'sealed' | 'consumed_at'>;

function isDone(step: number): RawBuilder<boolean> {
  return sql<boolean>`exists (select from ${sql.id(`step${step}`)})`;
}

function hashOf(key: string | undefined): string | null {
  return key === undefined ? null : lookupHash(key);
}
