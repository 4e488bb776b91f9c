/** Reads a record, its grant, its session and its login by one statement. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { RelatedRecords } from '../../oidc/stores.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Tables } from '../database.ts';
import { lookupHash } from '../encryption/lookup-hash.ts';
import { openLoginResult } from './login-results.ts';
import { openRecord, type RecordRow } from './record-rows.ts';
import { notExpired } from './record-statements.ts';

/** Among the models, the name of a row of `login_result`. */
const RESULT = 'login_result';

export async function findRelated(
  db: Kysely<Tables>,
  secrets: Pick<Secrets, 'open'>,
  at: Date,
  { model, id }: { readonly model: string; readonly id: string },
): Promise<RelatedRecords | undefined> {
  const found = await readRelated(
    db,
    at,
    sql`
        found as (
          select model, id_hash, sealed, consumed_at, grant_hash, uid_hash from oidc_record
          where model = ${model} and id_hash = ${lookupHash(id)} and ${notExpired(at)}
        )`,
    sql`
        select model, id_hash, sealed, consumed_at from found
        union all select session.model, session.id_hash, session.sealed, session.consumed_at
          from found join oidc_record as session on session.model = 'Session' and session.uid_hash = found.uid_hash
          where ${notExpired(at, 'session')}
        union all`,
  );
  const row = found.get(model);
  return row && { record: openRecord(row, secrets), ...relatedIn(found, secrets) };
}

export async function findGrant(
  db: Kysely<Tables>,
  secrets: Pick<Secrets, 'open'>,
  at: Date,
  grantId: string,
): Promise<Omit<RelatedRecords, 'record'>> {
  const grant = sql`found as (select ${lookupHash(grantId)}::text as grant_hash)`;
  return relatedIn(await readRelated(db, at, grant, sql``), secrets);
}

/**
 * The rows of a query, and of the grant and the login that `found` names, by model.
 *
 * @param found a part of a `with`, with the column `grant_hash`
 * @param query ends with `union all`, or is empty
 */
async function readRelated(
  db: Kysely<Tables>,
  at: Date,
  found: RawBuilder<unknown>,
  query: RawBuilder<unknown>,
): Promise<ReadonlyMap<string, RecordRow>> {
  const { rows } = await sql<RecordRow>`
      with ${found} ${query}
      select kept.model, kept.id_hash, kept.sealed, kept.consumed_at
        from found join oidc_record as kept on kept.model = 'Grant' and kept.id_hash = found.grant_hash
        where ${notExpired(at, 'kept')}
      union all select ${sql.lit(RESULT)}, kept.grant_hash, kept.sealed, null
        from found join login_result as kept on kept.grant_hash = found.grant_hash
        where kept.expires_at > ${at}`.execute(db);
  return new Map(rows.map((row) => [row.model, row]));
}

function relatedIn(
  found: ReadonlyMap<string, RecordRow>,
  secrets: Pick<Secrets, 'open'>,
): Omit<RelatedRecords, 'record'> {
  const [grant, session, result] = [found.get('Grant'), found.get('Session'), found.get(RESULT)];
  return {
    grant: grant && openRecord(grant, secrets),
    session: session && openRecord(session, secrets),
    loginResult: result && openLoginResult(result.sealed, result.id_hash, secrets),
  };
}
