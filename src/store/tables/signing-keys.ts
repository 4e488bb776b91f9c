import { type Kysely, sql } from 'kysely';
import { z } from 'zod';
import type {
  KeyChange,
  KeyPlan,
  SigningKey,
  SigningKeyPair,
  SigningKeyStore,
  StoredSigningKey,
} from '../../oidc/stores.ts';
import { CLIENT_PATIENCE_MS, createOutageRetry } from '../../login/outage-retry.ts';
import type { Secrets } from '../../secrets/secrets.ts';
import type { Tables } from '../database.ts';
import { isOutage } from '../errors.ts';
import { contextOf } from '../encryption/sealed-tables.ts';

const keySchema = z.object({
  kid: z.string(),
  alg: z.enum(['RS256', 'ES256']),
  state: z.enum(['next', 'current', 'previous']),
  since: z.date().transform((date) => date.getTime()),
});
const privateJwkSchema = z.record(z.string(), z.unknown());

export function createSigningKeyStore(
  db: Kysely<Tables>,
  secrets: Secrets,
  now: () => number,
): SigningKeyStore {
  return {
    list: () => list(db),

    open: async () => (await rows(db).select('sealed').execute()).map(openRow),

    async change(plan, make) {
      let planned: readonly KeyChange[] | undefined;
      try {
        return await db.transaction().execute(async (transaction) => {
          // The lock does not block readers. Another writer waits here, and then plans with the new state of the table.
          await sql`lock table signing_key in share row exclusive mode`.execute(transaction);
          const before = await list(transaction);
          const changes: KeyChange[] = [];
          for (const step of plan(before)) changes.push(await take(transaction, step, before, make));
          planned = changes;
          return changes;
        });
      } catch (error) {
        // A commit may have been done although its answer was lost: then its changes are to be known, for the audit.
        if (!planned || !isOutage(error) || !(await areDone(planned))) throw error;
        return planned;
      }
    },
  };

  async function areDone(changes: readonly KeyChange[]): Promise<boolean> {
    const keys = await createOutageRetry(isOutage, CLIENT_PATIENCE_MS)(() => list(db));
    const stateOf = new Map(keys.map(({ kid, state }) => [kid, state]));
    return changes.every(({ kid, to }) => stateOf.get(kid) === to);
  }

  async function take(
    transaction: Kysely<Tables>,
    step: KeyPlan[number],
    before: readonly SigningKey[],
    make: (alg: SigningKey['alg']) => Promise<SigningKeyPair>,
  ): Promise<KeyChange> {
    switch (step.do) {
      case 'make': {
        const pair = await make(step.alg);
        await insert(transaction, pair, step.state);
        return { kid: pair.kid, alg: pair.alg, from: undefined, to: step.state };
      }
      case 'move': {
        const { kid, alg, state } = keyOf(before, step.kid);
        await transaction
          .updateTable('signing_key')
          .set({ state: step.state, since: new Date(now()) })
          .where('kid', '=', kid)
          .execute();
        return { kid, alg, from: state, to: step.state };
      }
      case 'remove': {
        const { kid, alg, state } = keyOf(before, step.kid);
        await transaction.deleteFrom('signing_key').where('kid', '=', kid).execute();
        return { kid, alg, from: state, to: undefined };
      }
    }
  }

  async function insert(
    transaction: Kysely<Tables>,
    { kid, alg, privateJwk }: SigningKeyPair,
    state: SigningKey['state'],
  ): Promise<void> {
    const at = new Date(now());
    const sealed = secrets.seal(JSON.stringify(privateJwk), contextOf('signing_key', { kid }));
    await transaction
      .insertInto('signing_key')
      .values({ kid, alg, state, since: at, sealed, created_at: at })
      .execute();
  }

  function openRow({ sealed, ...row }: Row & { sealed: string }): StoredSigningKey {
    const privateJwk = privateJwkSchema.parse(
      JSON.parse(secrets.open(sealed, contextOf('signing_key', row))),
    );
    return { ...keySchema.parse(row), privateJwk };
  }
}

type Row = Pick<Tables['signing_key'], 'kid' | 'alg' | 'state' | 'since'>;

function rows(db: Kysely<Tables>) {
  return db
    .selectFrom('signing_key')
    .select(['kid', 'alg', 'state', 'since'])
    .orderBy('created_at')
    .orderBy('kid');
}

async function list(db: Kysely<Tables>): Promise<readonly SigningKey[]> {
  return (await rows(db).execute()).map((row) => keySchema.parse(row));
}

function keyOf(keys: readonly SigningKey[], kid: string): SigningKey {
  const key = keys.find((candidate) => candidate.kid === kid);
  if (!key) throw new Error(`there is no signing key ${kid} to change`);
  return key;
}
