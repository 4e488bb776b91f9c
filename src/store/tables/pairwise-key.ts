/**
 * The key of pairwise subjects (OpenID Connect Core 8.1). Clients store subjects permanently, so the key must not change
 * with SECRET_KEY: it is generated once per database, at random, and stored sealed.
 *
 * Databases older than this table derived the key from the SECRET_KEY of that time, which sealed their first signing key.
 * For them the derived key is stored.
 */
import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Tables } from '../database.ts';
import { contextOf } from '../encryption/sealed-tables.ts';

const NAME = 'pairwise subjects';
const KEY_BYTES = 32;

/**
 * Reads the key, or creates it. Instances may call this concurrently: the first insert wins.
 *
 * @throws {SealError} when it was sealed with another SECRET_KEY
 */
export async function storedPairwiseKey(
  db: Kysely<Tables>,
  secrets: Pick<Secrets, 'seal' | 'open' | 'derivedPairwiseKey'>,
  now: () => number,
): Promise<Buffer> {
  let row = await readRow(db);
  if (!row) {
    await createKey(db, secrets, now);
    row = await readRow(db);
  }
  if (!row) throw new Error('the key of pairwise subjects is gone from the database');
  return Buffer.from(secrets.open(row.sealed, contextOf('kept_secret', { name: NAME })), 'base64url');
}

async function createKey(
  db: Kysely<Tables>,
  secrets: Pick<Secrets, 'seal' | 'derivedPairwiseKey'>,
  now: () => number,
): Promise<void> {
  const first = await db
    .selectFrom('signing_key')
    .select('sealed')
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirst();
  const key = first ? secrets.derivedPairwiseKey(first.sealed) : randomBytes(KEY_BYTES);
  await db
    .insertInto('kept_secret')
    .values({
      name: NAME,
      sealed: secrets.seal(key.toString('base64url'), contextOf('kept_secret', { name: NAME })),
      created_at: new Date(now()),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

function readRow(db: Kysely<Tables>): Promise<{ readonly sealed: string } | undefined> {
  return db.selectFrom('kept_secret').select('sealed').where('name', '=', NAME).executeTakeFirst();
}
