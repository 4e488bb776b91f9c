/** A record of oidc-provider as a row: sealed, and found by hashes of its keys. */
import { type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { OidcRecord, RecordWrite } from '../../oidc/stores.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Tables } from '../database.ts';
import { lookupHash } from '../encryption/lookup-hash.ts';
import { contextOf } from '../encryption/sealed-tables.ts';

export type RecordRow = Pick<Tables['oidc_record'], 'model' | 'id_hash' | 'sealed' | 'consumed_at'>;

/** The sealed value. It includes the identifier, which `list` needs. */
const sealedSchema = z.object({ id: z.string(), payload: z.record(z.string(), z.unknown()) });

/** The columns of `valuesOf`, in its order. */
export const COLUMNS = sql.raw('model, id_hash, sealed, grant_hash, uid_hash, expires_at');

export function valuesOf(
  { model, id, payload, keys, expiresAt }: RecordWrite,
  secrets: Pick<Secrets, 'seal'>,
): RawBuilder<unknown> {
  const idHash = lookupHash(id);
  const sealed = secrets.seal(
    JSON.stringify({ id, payload }),
    contextOf('oidc_record', { model, id_hash: idHash }),
  );
  const expiry = expiresAt === undefined ? null : new Date(expiresAt * 1000);
  return sql`(${model}::text, ${idHash}::text, ${sealed}::text, ${hashOf(keys.grantId)}::text,
      ${hashOf(keys.uid)}::text, ${expiry}::timestamptz)`;
}

export function openRecord(row: RecordRow, secrets: Pick<Secrets, 'open'>): OidcRecord {
  const { payload } = openSealed(row, secrets);
  return row.consumed_at === null
    ? { payload }
    : { payload, consumedAt: Math.floor(row.consumed_at.getTime() / 1000) };
}

export function openSealed(row: RecordRow, secrets: Pick<Secrets, 'open'>): z.output<typeof sealedSchema> {
  return sealedSchema.parse(JSON.parse(secrets.open(row.sealed, contextOf('oidc_record', row))));
}

function hashOf(key: string | undefined): string | null {
  return key === undefined ? null : lookupHash(key);
}
