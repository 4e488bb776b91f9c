/**
 * The key of pairwise subjects. Clients know people by those for ever, so it must outlive every SECRET_KEY: it is made once
 * for a database, at random, and kept sealed. (OpenID Connect Core 8.1)
 *
 * Databases that are older than this table gave subjects under a key derived from the SECRET_KEY of the time, which is the
 * one that sealed their first signing key. They keep that key.
 */
import { randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Tables } from '../database.ts';
import { contextOf } from '../encryption/sealed-tables.ts';

const NAME = 'pairwise subjects';
const KEY_BYTES = 32;

/**
 * The key that is kept, made where there is none. Any number of instances may ask at the same time; the first one's stays.
 *
 * @throws {SealError} when it was sealed with another SECRET_KEY
 */
export async function keptPairwiseKey(
  db: Kysely<Tables>,
  secrets: Pick<Secrets, 'seal' | 'open' | 'derivedPairwiseKey'>,
  now: () => number,
): Promise<Buffer> {
  let row = await kept(db);
  if (!row) {
    await make(db, secrets, now);
    row = await kept(db);
  }
  if (!row) throw new Error('the key of pairwise subjects is gone from the database');
  return Buffer.from(secrets.open(row.sealed, contextOf('kept_secret', { name: NAME })), 'base64url');
}

async function make(
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

function kept(db: Kysely<Tables>): Promise<{ readonly sealed: string } | undefined> {
  return db.selectFrom('kept_secret').select('sealed').where('name', '=', NAME).executeTakeFirst();
}
