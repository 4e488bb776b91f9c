import { z } from 'zod';
import { identifierOfAccount } from '../claims-profiles/profiles.ts';
import type { KnownBrowserStore } from '../../login/known-browser-store.ts';
import type { RecordStore } from '../stores.ts';

export interface ForgetDependencies {
  readonly knownBrowsers: Pick<KnownBrowserStore, 'listPerson' | 'forgetPerson'>;
  readonly records: Pick<RecordStore, 'list' | 'remove' | 'removeGrant'>;
}

const openSession = z.object({
  accountId: z.string(),
  authorizations: z.record(z.string(), z.object({ grantId: z.string().optional() })).default({}),
});

/** What was undone for a person. */
export interface Forgotten {
  readonly browsers: number;
  readonly logins: number;
}

/**
 * Makes every browser that knows a person unknown, and ends all of the person's logins: for a person who has confirmed a login that
 * somebody else had started.
 *
 * @param person semantics identifier
 */
export async function forgetPerson(
  { knownBrowsers, records }: ForgetDependencies,
  person: string,
): Promise<Forgotten> {
  // Counted before: a removal that was repeated after an outage finds none.
  const { length: browsers } = await knownBrowsers.listPerson(person);
  await knownBrowsers.forgetPerson(person);
  return { browsers, logins: await endLoginsOf(records, person) };
}

/**
 * Ends all logins of a person that have not ended yet, at every client and in every browser: also the remembered ones, and all of
 * their tokens. Reads every session, since they cannot be searched for a person.
 *
 * @param person semantics identifier
 * @returns how many
 */
async function endLoginsOf(
  records: Pick<RecordStore, 'list' | 'remove' | 'removeGrant'>,
  person: string,
): Promise<number> {
  let ended = 0;
  for (const { id, payload } of await records.list('Session')) {
    const { data } = openSession.safeParse(payload);
    if (data === undefined || identifierOfAccount(data.accountId) !== person) continue;
    for (const { grantId } of Object.values(data.authorizations)) {
      if (grantId !== undefined) await records.removeGrant(grantId);
    }
    // Last, since the grants are found by it: where this fails, the next call finds what is left.
    await records.remove('Session', id);
    ended += 1;
  }
  return ended;
}
