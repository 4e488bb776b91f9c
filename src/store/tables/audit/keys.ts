/** The audit keys, sealed, so that rows under former keys can be verified too. */
import { createSecretKey, type KeyObject } from 'node:crypto';
import type { Kysely } from 'kysely';
import { z } from 'zod';
import type { AuditKeys } from '../../../audit/audit-store.ts';
import { SealError, type Secrets } from '../../../secrets/secrets.ts';
import type { Tables } from '../../database.ts';
import { contextOf } from '../../encryption/sealed-tables.ts';

const keysSchema = z.object({ chain: z.base64url(), pseudonym: z.base64url() });

type KeyRow = Pick<Tables['audit_key'], 'key_id' | 'sealed'>;

/**
 * Stores the present audit keys, unless they are stored already.
 *
 * @param at milliseconds since the epoch
 */
export async function storeKeys(
  db: Kysely<Tables>,
  secrets: Pick<Secrets, 'seal' | 'auditKeys'>,
  at: number,
): Promise<void> {
  const { keyId, chain, pseudonym } = secrets.auditKeys;
  const text = JSON.stringify({ chain: textOf(chain), pseudonym: textOf(pseudonym) });
  await db
    .insertInto('audit_key')
    .values({
      key_id: keyId,
      sealed: secrets.seal(text, contextOf('audit_key', { key_id: keyId })),
      created_at: new Date(at),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** All stored keys, by their ID. Keys that cannot be decrypted are omitted: their rows cannot be verified. */
export async function keysOf(
  snapshot: Kysely<Tables>,
  secrets: Pick<Secrets, 'open'>,
): Promise<ReadonlyMap<string, AuditKeys>> {
  const rows = await snapshot.selectFrom('audit_key').select(['key_id', 'sealed']).execute();
  const opened = rows.map((row) => openKeys(row, secrets)).filter((each) => each !== undefined);
  return new Map(opened.map((each) => [each.keyId, each]));
}

function openKeys({ key_id: keyId, sealed }: KeyRow, secrets: Pick<Secrets, 'open'>): AuditKeys | undefined {
  try {
    const { chain, pseudonym } = keysSchema.parse(
      JSON.parse(secrets.open(sealed, contextOf('audit_key', { key_id: keyId }))),
    );
    return { keyId, chain: keyOf(chain), pseudonym: keyOf(pseudonym) };
  } catch (error) {
    if (error instanceof SealError) return undefined;
    throw error;
  }
}

function textOf(key: KeyObject): string {
  return key.export().toString('base64url');
}

function keyOf(text: string): KeyObject {
  return createSecretKey(text, 'base64url');
}
