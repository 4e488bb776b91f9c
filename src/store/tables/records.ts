import { type Kysely, type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { OidcRecord, RecordKeys, RecordStore } from '../../oidc/stores.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Tables } from '../database.ts';
import { lookupHash } from '../encryption/lookup-hash.ts';
import { removeRows } from './remove-rows.ts';
import { contextOf } from '../encryption/sealed-tables.ts';

/** The sealed value. It includes the identifier, which `list` needs. */
const sealedSchema = z.object({ id: z.string(), payload: z.record(z.string(), z.unknown()) });

export function createRecordStore(db: Kysely<Tables>, secrets: Secrets, now: () => number): RecordStore {
  return {
    async put(model, id, payload, keys, expiresAt) {
      const { id_hash: idHash, ...columns } = columnsOf(model, id, payload, keys, expiresAt);
      // `consumed_at` is not in `columns`: saving a record again keeps it consumed.
      await db
        .insertInto('oidc_record')
        .values({ model, id_hash: idHash, ...columns })
        .onConflict((conflict) => conflict.columns(['model', 'id_hash']).doUpdateSet(columns))
        .execute();
    },

    async add(model, id, payload, expiresAt) {
      const { numInsertedOrUpdatedRows } = await db
        .insertInto('oidc_record')
        .values({ model, ...columnsOf(model, id, payload, {}, expiresAt) })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows === 1n;
    },

    find: async (model, id) =>
      open(await unexpired(model).where('id_hash', '=', lookupHash(id)).executeTakeFirst()),

    findByUid: async (model, uid) =>
      open(await unexpired(model).where('uid_hash', '=', lookupHash(uid)).executeTakeFirst()),

    findByUserCode: async (model, userCode) =>
      open(await unexpired(model).where('user_code_hash', '=', lookupHash(userCode)).executeTakeFirst()),

    async consume(model, id) {
      const { numUpdatedRows } = await db
        .updateTable('oidc_record')
        .set({ consumed_at: new Date(now()) })
        .where('model', '=', model)
        .where('id_hash', '=', lookupHash(id))
        .where('consumed_at', 'is', null)
        .where(notExpired())
        .executeTakeFirst();
      return numUpdatedRows === 1n;
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
        await transaction.deleteFrom('oidc_record').where('grant_hash', '=', grantHash).execute();
        await transaction.deleteFrom('login_result').where('grant_hash', '=', grantHash).execute();
      });
    },

    list: async (model) => (await unexpired(model).execute()).map(openSealed),

    removeExpired: () => removeRows(db, 'oidc_record', sql`expires_at <= ${new Date(now())}`),
  };

  function columnsOf(
    model: string,
    id: string,
    payload: OidcRecord['payload'],
    keys: RecordKeys,
    expiresAt: number | undefined,
  ) {
    const idHash = lookupHash(id);
    return {
      id_hash: idHash,
      sealed: secrets.seal(
        JSON.stringify({ id, payload }),
        contextOf('oidc_record', { model, id_hash: idHash }),
      ),
      grant_hash: hashOf(keys.grantId),
      uid_hash: hashOf(keys.uid),
      user_code_hash: hashOf(keys.userCode),
      expires_at: expiresAt === undefined ? null : new Date(expiresAt * 1000),
    };
  }

  function unexpired(model: string) {
    return db
      .selectFrom('oidc_record')
      .select(['model', 'id_hash', 'sealed', 'consumed_at'])
      .where('model', '=', model)
      .where(notExpired());
  }

  function notExpired(): RawBuilder<boolean> {
    return sql<boolean>`(expires_at is null or expires_at > ${new Date(now())})`;
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

function hashOf(key: string | undefined): string | null {
  return key === undefined ? null : lookupHash(key);
}
