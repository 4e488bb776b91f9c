import { type Kysely, sql } from 'kysely';
import { loginResultSchema } from '../../login/login-result.ts';
import type { LoginResultStore } from '../../oidc/stores.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Tables } from '../database.ts';
import { lookupHash } from '../encryption/lookup-hash.ts';
import { removeRows } from './remove-rows.ts';
import { contextOf } from '../encryption/sealed-tables.ts';

export function createLoginResultStore(
  db: Kysely<Tables>,
  secrets: Secrets,
  now: () => number,
): LoginResultStore {
  return {
    async put(grantId, result, expiresAt) {
      const grantHash = lookupHash(grantId);
      const columns = {
        sealed: secrets.seal(JSON.stringify(result), contextOf('login_result', { grant_hash: grantHash })),
        expires_at: new Date(expiresAt * 1000),
      };
      await db
        .insertInto('login_result')
        .values({ grant_hash: grantHash, ...columns })
        .onConflict((conflict) => conflict.column('grant_hash').doUpdateSet(columns))
        .execute();
    },

    async find(grantId) {
      const grantHash = lookupHash(grantId);
      const row = await db
        .selectFrom('login_result')
        .select('sealed')
        .where('grant_hash', '=', grantHash)
        .where('expires_at', '>', new Date(now()))
        .executeTakeFirst();
      return (
        row &&
        loginResultSchema.parse(
          JSON.parse(secrets.open(row.sealed, contextOf('login_result', { grant_hash: grantHash }))),
        )
      );
    },
  };
}

/** Removes expired rows; returns their number. */
export function removeExpiredLoginResults(db: Kysely<Tables>, now: () => number): Promise<number> {
  return removeRows(db, 'login_result', sql`expires_at <= ${new Date(now())}`);
}
