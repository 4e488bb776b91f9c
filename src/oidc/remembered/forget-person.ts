import { z } from 'zod';
import { identifierOfAccount } from '../claims-profiles/profiles.ts';
import type { AttemptStore } from '../../login/attempt-store.ts';
import type { KnownBrowserStore } from '../../login/known-browser-store.ts';
import { VISIT_MODEL } from '../own-client.ts';
import type { OidcRecord, RecordStore } from '../stores.ts';

export interface ForgetDependencies {
  readonly attempts: Pick<AttemptStore, 'removeConfirmed'>;
  readonly knownBrowsers: Pick<KnownBrowserStore, 'listPerson' | 'forgetPerson'>;
  readonly records: Pick<RecordStore, 'list' | 'remove' | 'removeGrant'>;
}

const ofAccount = z.object({ accountId: z.string() });

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
 * @param ownVisit ID of the visit to `/me` in which the person asks for it, which goes on
 */
export async function forgetPerson(
  { attempts, knownBrowsers, records }: ForgetDependencies,
  person: string,
  ownVisit?: string,
): Promise<Forgotten> {
  // Counted before: a removal that was repeated after an outage finds none.
  const { length: browsers } = await knownBrowsers.listPerson(person);
  await knownBrowsers.forgetPerson(person);
  // Before the grants: what is completed just before has one of them.
  const confirmed = await attempts.removeConfirmed(person);
  return { browsers, logins: confirmed + (await endLoginsOf(records, person, ownVisit)) };
}

/**
 * Ends all completed logins of a person that have not ended yet, at every client, with their tokens: also the remembered ones, those without a
 * browser, those that no browser has taken to its client yet, and visits to `/me`. Reads every grant, session and visit, since they
 * cannot be searched for a person.
 *
 * @returns how many; each login has one grant, and visits are not counted
 */
async function endLoginsOf(
  records: ForgetDependencies['records'],
  person: string,
  ownVisit: string | undefined,
): Promise<number> {
  const idsOf = async (model: string) => {
    const all = await records.list(model);
    return all.filter(({ payload }) => isOf(person, payload)).map(({ id }) => id);
  };
  const grants = await idsOf('Grant');
  for (const id of grants) await records.removeGrant(id);
  for (const id of await idsOf('Session')) await records.remove('Session', id);
  for (const id of await idsOf(VISIT_MODEL)) {
    if (id !== ownVisit) await records.remove(VISIT_MODEL, id);
  }
  return grants.length;
}

function isOf(person: string, payload: OidcRecord['payload']): boolean {
  const { data } = ofAccount.safeParse(payload);
  return data !== undefined && identifierOfAccount(data.accountId) === person;
}
