import { type Kysely, sql } from 'kysely';
import type { AttemptStore } from '../../login/attempt-store.ts';
import { attemptSchema } from '../../login/attempt-schema.ts';
import { type Attempt, isLive } from '../../login/attempt.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Tables } from '../database.ts';
import { lookupHash } from '../encryption/lookup-hash.ts';
import type { SharedClock } from '../drivers/shared-clock.ts';
import { endOfPush } from './limits.ts';
import { partsOf } from './joined-writes.ts';
import type { LoginAhead } from './login-ahead.ts';
import { createPace, type Pace } from '../clean-up/pace.ts';
import { removeRows } from '../clean-up/remove-rows.ts';
import { contextOf, type KeyOf } from '../encryption/sealed-tables.ts';

/** Each try is lost only to another attempt that was live and has ended in between. */
const ADD_TRIES = 20;
const CONFIRMED: Attempt['state'] = 'authenticated';

type SealedRow = KeyOf<'login_attempt'> & { readonly sealed: string };

export interface AttemptTable extends AttemptStore {
  removeCreatedBefore(time: number, state?: Attempt['state'], pace?: Pace): Promise<number>;
}

export function createAttemptStore(
  db: Kysely<Tables>,
  secrets: Secrets,
  clock: SharedClock,
  login: Pick<LoginAhead, 'attempt'>,
): AttemptTable {
  return {
    async add(attempt) {
      for (let tries = 0; tries < ADD_TRIES; tries++) {
        if (await insert(attempt)) return attempt;
        const live = await findLive(attempt.interactionUid);
        if (live) return live;
      }
      throw new Error(`login attempt ${attempt.id} could not be added: its place is never free`);
    },

    async putRefused(attempt) {
      const columns = columnsOf(keyOf(attempt), attempt);
      await db
        .insertInto('login_attempt')
        .values({ ...keyOf(attempt), created_at: new Date(attempt.createdAt), ...columns })
        .onConflict((conflict) =>
          // The next number of the sequence, since what came after the earlier refusal is older than this one.
          conflict.column('id').doUpdateSet({ ...columns, sequence: sql`default` }),
        )
        .execute();
      return (await findLive(attempt.interactionUid)) ?? attempt;
    },

    find: async (id) =>
      open(
        await db
          .selectFrom('login_attempt')
          .select(['id', 'interaction_hash', 'sealed'])
          .where('id', '=', id)
          .executeTakeFirst(),
      ),

    async latest(interactionUid) {
      const ahead = await login.attempt(lookupHash(interactionUid));
      return open(ahead ? ahead.row : await newest(interactionUid).executeTakeFirst());
    },

    async list(interactionUid) {
      const rows = await db
        .selectFrom('login_attempt')
        .select(['id', 'interaction_hash', 'sealed'])
        .where('interaction_hash', '=', lookupHash(interactionUid))
        .orderBy('sequence')
        .execute();
      return rows.map(attemptIn);
    },

    findByCallback: async (callbackHash) =>
      open(
        await db
          .selectFrom('login_attempt')
          .select(['id', 'interaction_hash', 'sealed'])
          .where('callback_hash', '=', callbackHash)
          .executeTakeFirst(),
      ),

    // Every transition changes the state, so the state alone tells whether `previous` is still current.
    // One statement, so that the end of a push is never lost: a retry would find the attempt replaced.
    async replace(previous, next, pushEnd, writes = []) {
      const replaced = db
        .updateTable('login_attempt')
        .set(columnsOf(keyOf(previous), next))
        .where('id', '=', previous.id)
        .where('state', '=', previous.state)
        .returning('id');
      const isReplaced = sql`exists (select from replaced)`;
      const parts = [
        sql`replaced as (${replaced})`,
        ...(pushEnd ? [sql`ended as (${endOfPush(pushEnd, secrets, clock)} and ${isReplaced})`] : []),
        ...writes.flatMap((joined) => partsOf(joined, isReplaced)),
      ];
      const { rows } = await sql`with ${sql.join(parts)} select id from replaced`.execute(db);
      return rows.length === 1;
    },

    async removeConfirmed(identifier) {
      const rows = await db
        .selectFrom('login_attempt')
        .select(['id', 'interaction_hash', 'sealed'])
        .where('live', '=', true)
        .where('state', '=', CONFIRMED)
        .execute();
      const ids = rows.map(attemptIn).flatMap((each) => (each.identifier === identifier ? [each.id] : []));
      if (ids.length === 0) return 0;
      const { numDeletedRows } = await db
        .deleteFrom('login_attempt')
        .where('id', 'in', ids)
        .where('state', '=', CONFIRMED)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },

    removeCreatedBefore: (time, state, pace = createPace()) =>
      removeRows(
        db,
        state === undefined
          ? {
              table: 'login_attempt',
              by: { column: 'created_at', type: 'timestamptz' },
              among: sql`created_at < ${new Date(time)}`,
            }
          : {
              table: 'login_attempt',
              // The index of live attempts: most others are younger than an hour too, and need not be read.
              by: { column: 'interaction_hash', type: 'text' },
              among: sql`live`,
              due: sql`state = ${state} and created_at < ${new Date(time)}`,
            },
        pace,
      ),
  };

  async function insert(attempt: Attempt): Promise<boolean> {
    const { numInsertedOrUpdatedRows } = await db
      .insertInto('login_attempt')
      .values({
        ...keyOf(attempt),
        created_at: new Date(attempt.createdAt),
        ...columnsOf(keyOf(attempt), attempt),
      })
      .onConflict((conflict) => conflict.doNothing())
      .executeTakeFirst();
    return numInsertedOrUpdatedRows === 1n;
  }

  async function findLive(interactionUid: string): Promise<Attempt | undefined> {
    return open(await newest(interactionUid).where('live', '=', true).executeTakeFirst());
  }

  function newest(interactionUid: string) {
    return db
      .selectFrom('login_attempt')
      .select(['id', 'interaction_hash', 'sealed'])
      .where('interaction_hash', '=', lookupHash(interactionUid))
      .orderBy('live', 'desc')
      .orderBy('sequence', 'desc')
      .limit(1);
  }

  function columnsOf(key: KeyOf<'login_attempt'>, attempt: Attempt) {
    return {
      state: attempt.state,
      live: isLive(attempt),
      // A state without a callback removes it from the row: it is used up.
      callback_hash: 'callbackHash' in attempt ? (attempt.callbackHash ?? null) : null,
      sealed: secrets.seal(JSON.stringify(attempt), contextOf('login_attempt', key)),
    };
  }

  function open(row: SealedRow | undefined): Attempt | undefined {
    return row && attemptIn(row);
  }

  function attemptIn(row: SealedRow): Attempt {
    return attemptSchema.parse(JSON.parse(secrets.open(row.sealed, contextOf('login_attempt', row))));
  }
}

function keyOf({ id, interactionUid }: Attempt): KeyOf<'login_attempt'> {
  return { id, interaction_hash: lookupHash(interactionUid) };
}
