import { z } from 'zod';
import { identifierOfAccount } from '../claims-profiles/profiles.ts';
import type { RecordStore } from '../stores.ts';

const openSession = z.object({
  accountId: z.string(),
  authorizations: z.record(z.string(), z.object({ grantId: z.string().optional() })).default({}),
});

/**
 * Ends all logins of a person that have not ended yet, at every client and in every browser: also the remembered ones, and all of
 * their tokens. Reads every session, since they cannot be searched for a person.
 *
 * @param person semantics identifier
 * @returns how many
 */
export async function endLoginsOf(
  records: Pick<RecordStore, 'list' | 'remove' | 'removeGrant'>,
  person: string,
): Promise<number> {
  let ended = 0;
  for (const { id, payload } of await records.list('Session')) {
    const { data } = openSession.safeParse(payload);
    if (data === undefined || identifierOfAccount(data.accountId) !== person) continue;
    await records.remove('Session', id);
    for (const { grantId } of Object.values(data.authorizations)) {
      if (grantId !== undefined) await records.removeGrant(grantId);
    }
    ended += 1;
  }
  return ended;
}
