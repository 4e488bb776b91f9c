/**
 * Reads an interaction and its attempt, as `AttemptStore.latest` does, by one statement, for a request that needs both. Each is used once: a second
 * read sees what others have changed since.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type Kysely, sql } from 'kysely';
import type { Tables } from '../database.ts';
import { lookupHash } from '../encryption/lookup-hash.ts';

export const INTERACTION_MODEL = 'Interaction';

type RecordRow = Pick<Tables['oidc_record'], 'model' | 'id_hash' | 'sealed' | 'consumed_at'>;
type AttemptRow = Pick<Tables['login_attempt'], 'id' | 'interaction_hash' | 'sealed'>;

/** What was read ahead; its row is undefined where there is none. */
export interface Ahead<T> {
  readonly row: T | undefined;
}

export interface LoginAhead {
  /** Runs `read`, which reads an interaction and its newest attempt. */
  run<T>(interactionUid: string, read: () => Promise<T>): Promise<T>;
  /** `undefined`: it is not read ahead, or was used already. */
  interaction(hash: string): Promise<Ahead<RecordRow> | undefined>;
  attempt(hash: string): Promise<Ahead<AttemptRow> | undefined>;
}

interface Scope {
  readonly hash: string;
  read:
    | Promise<{ readonly interaction: RecordRow | undefined; readonly attempt: AttemptRow | undefined }>
    | undefined;
  readonly unused: Set<'interaction' | 'attempt'>;
}

/** @param now milliseconds since the epoch */
export function createLoginAhead(db: Kysely<Tables>, now: () => number): LoginAhead {
  const scopes = new AsyncLocalStorage<Scope>();
  return {
    run(interactionUid, look) {
      const hash = lookupHash(interactionUid);
      return scopes.run({ hash, read: undefined, unused: new Set(['interaction', 'attempt']) }, look);
    },
    interaction: (hash) => take('interaction', hash),
    attempt: (hash) => take('attempt', hash),
  };

  async function take<K extends 'interaction' | 'attempt'>(kind: K, hash: string) {
    const scope = scopes.getStore();
    if (scope?.hash !== hash || !scope.unused.delete(kind)) return undefined;
    return { row: (await (scope.read ??= read(hash)))[kind] };
  }

  async function read(hash: string) {
    const { rows } = await sql<RecordRow & { readonly id: string | null }>`
      select model, id_hash, sealed, consumed_at, null as id from oidc_record
      where model = ${INTERACTION_MODEL} and id_hash = ${hash} and (expires_at is null or expires_at > ${new Date(now())})
      union all (
        select null, interaction_hash, sealed, null, id from login_attempt
        where interaction_hash = ${hash} order by live desc, sequence desc limit 1
      )`.execute(db);
    const interaction = rows.find(({ id }) => id === null);
    const attempt = rows.find(({ id }) => id !== null);
    return {
      interaction,
      attempt: attempt && { id: attempt.id ?? '', interaction_hash: attempt.id_hash, sealed: attempt.sealed },
    };
  }
}
