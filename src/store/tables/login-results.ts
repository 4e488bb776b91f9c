import { type Kysely, type RawBuilder, sql } from 'kysely';
import { type LoginResult, loginResultSchema } from '../../login/login-result.ts';
import type { LoginResultStore, RecordBatch } from '../../oidc/stores.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Tables } from '../database.ts';
import { lookupHash } from '../encryption/lookup-hash.ts';
import type { Pace } from '../clean-up/pace.ts';
import { expiredRows, removeRows } from '../clean-up/remove-rows.ts';
import { contextOf } from '../encryption/sealed-tables.ts';

export function createLoginResultStore(
  db: Kysely<Tables>,
  secrets: Secrets,
  now: () => number,
): LoginResultStore {
  return {
    async put(grantId, result, expiresAt) {
      await putLoginResults([{ grantId, result, expiresAt }], secrets, sql`true`).execute(db);
    },

    async find(grantId) {
      const grantHash = lookupHash(grantId);
      const row = await db
        .selectFrom('login_result')
        .select('sealed')
        .where('grant_hash', '=', grantHash)
        .where('expires_at', '>', new Date(now()))
        .executeTakeFirst();
      return row && openLoginResult(row.sealed, grantHash, secrets);
    },
  };
}

/** The statement that stores results, where a condition is true. */
export function putLoginResults(
  results: NonNullable<RecordBatch['loginResults']>,
  secrets: Pick<Secrets, 'seal'>,
  condition: RawBuilder<unknown>,
): RawBuilder<unknown> {
  const rows = results.map(({ grantId, result, expiresAt }) => {
    const grantHash = lookupHash(grantId);
    const sealed = secrets.seal(JSON.stringify(result), contextOf('login_result', { grant_hash: grantHash }));
    return sql`(${grantHash}::text, ${sealed}::text, ${new Date(expiresAt * 1000)}::timestamptz)`;
  });
  return sql`
    insert into login_result (grant_hash, sealed, expires_at)
    select * from (values ${sql.join(rows)}) as row where ${condition}
    on conflict (grant_hash) do update set sealed = excluded.sealed, expires_at = excluded.expires_at`;
}

export function openLoginResult(
  sealed: string,
  grantHash: string,
  secrets: Pick<Secrets, 'open'>,
): LoginResult {
  return loginResultSchema.parse(
    JSON.parse(secrets.open(sealed, contextOf('login_result', { grant_hash: grantHash }))),
  );
}

/** Removes expired rows; returns their number. */
export function removeExpiredLoginResults(
  db: Kysely<Tables>,
  now: () => number,
  pace: Pace,
): Promise<number> {
  return removeRows(db, expiredRows('login_result', now), pace);
}
