import { type Kysely, sql } from 'kysely';
import type { RecordStore } from '../../oidc/stores.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Tables } from '../database.ts';
import { lookupHash } from '../encryption/lookup-hash.ts';
import { joinedWrites } from './joined-writes.ts';
import { INTERACTION_MODEL, type LoginAhead } from './login-ahead.ts';
import { openRecord, openSealed, type RecordRow } from './record-rows.ts';
import {
  batchStatement,
  insert,
  insertOrReplace,
  markConsumed,
  notExpired,
  storingParts,
} from './record-statements.ts';
import { findGrant, findRelated } from './related-records.ts';
import { createPace, type Pace } from '../clean-up/pace.ts';
import { expiredRows, removeRows } from '../clean-up/remove-rows.ts';

export interface RecordTable extends RecordStore {
  removeExpired(pace?: Pace): Promise<number>;
}

export function createRecordStore(
  db: Kysely<Tables>,
  secrets: Secrets,
  now: () => number,
  login: Pick<LoginAhead, 'interaction'>,
): RecordTable {
  const present = () => new Date(now());
  const open = (row: RecordRow | undefined) => row && openRecord(row, secrets);
  const unexpired = (model: string) =>
    db
      .selectFrom('oidc_record')
      .select(['model', 'id_hash', 'sealed', 'consumed_at'])
      .where('model', '=', model)
      .where(notExpired(present()));
  return {
    async put(model, id, payload, keys, expiresAt) {
      await insertOrReplace([{ model, id, payload, keys, expiresAt }], secrets)(sql`true`).execute(db);
    },

    async add(model, id, payload, expiresAt) {
      const added = insert({ model, id, payload, keys: {}, expiresAt }, secrets)(sql`true`);
      return (await added.execute(db)).rows.length === 1;
    },

    async write(batch) {
      const statement = batchStatement(batch, secrets, present());
      if (!statement) return true;
      const { rows } = await statement.execute(db);
      return rows[0]?.done === true;
    },

    join: (batch) => joinedWrites((condition) => storingParts(batch, secrets, condition)),

    findRelated: (model, id) => findRelated(db, secrets, present(), { model, id }),

    findGrant: (grantId) => findGrant(db, secrets, present(), grantId),

    async find(model, id) {
      const hash = lookupHash(id);
      const ahead = model === INTERACTION_MODEL ? await login.interaction(hash) : undefined;
      return open(ahead ? ahead.row : await unexpired(model).where('id_hash', '=', hash).executeTakeFirst());
    },

    findByUid: async (model, uid) =>
      open(await unexpired(model).where('uid_hash', '=', lookupHash(uid)).executeTakeFirst()),

    async consume(model, id) {
      const { rows } = await markConsumed(model, id, present())(sql`true`).execute(db);
      return rows.length === 1;
    },

    async reopen(model, id, consumedBefore) {
      const { numUpdatedRows } = await db
        .updateTable('oidc_record')
        .set({ consumed_at: null })
        .where('model', '=', model)
        .where('id_hash', '=', lookupHash(id))
        .where('consumed_at', '<', new Date(consumedBefore * 1000))
        .where(notExpired(present()))
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

    list: async (model) => (await unexpired(model).execute()).map((row) => openSealed(row, secrets)),

    removeExpired: (pace = createPace()) => removeRows(db, expiredRows('oidc_record', now), pace),
  };
}
