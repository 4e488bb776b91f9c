import type { KnownBrowserStore } from '../../login/known-browser-store.ts';
import { CLIENT_PATIENCE_MS, createOutageRetry } from '../../login/outage-retry.ts';
import {
  type ForgetDependencies,
  type Forgotten,
  forgetPerson,
} from '../../oidc/remembered/forget-person.ts';
import type { Visit } from './visit.ts';

export interface ForgetBrowsersDependencies extends ForgetDependencies {
  readonly knownBrowsers: ForgetDependencies['knownBrowsers'] & Pick<KnownBrowserStore, 'forgetPersonIn'>;
  /** Whether an error says that the database cannot be reached for now. */
  readonly isOutage: (error: unknown) => boolean;
}

export const ALL_BROWSERS = 'all';

/**
 * Makes one browser forget a person, or all of them, which also ends the person's logins. Repeats each step while the database is away:
 * what was done without an answer would be done again by the person, and the event of the audit would count nothing.
 *
 * @param browser an ID, or {@link ALL_BROWSERS}
 */
export async function forgetBrowsers(
  { attempts, knownBrowsers, records, isOutage }: ForgetBrowsersDependencies,
  { person, id: visit }: Visit,
  browser: string,
): Promise<Forgotten> {
  const throughOutage = createOutageRetry(isOutage, CLIENT_PATIENCE_MS);
  const listPerson = (whose: string) => throughOutage(() => knownBrowsers.listPerson(whose));
  if (browser !== ALL_BROWSERS) {
    // Counted before: a removal that is repeated finds none.
    const known = await listPerson(person);
    await throughOutage(() => knownBrowsers.forgetPersonIn(person, browser));
    return { browsers: known.filter(({ id }) => id === browser).length, logins: 0 };
  }
  const repeated = {
    attempts: {
      removeConfirmed: (whose: string) => throughOutage(() => attempts.removeConfirmed(whose)),
    },
    knownBrowsers: {
      listPerson,
      forgetPerson: (whose: string) => throughOutage(() => knownBrowsers.forgetPerson(whose)),
    },
    records: {
      list: (model: string) => throughOutage(() => records.list(model)),
      remove: (model: string, id: string) => throughOutage(() => records.remove(model, id)),
      removeGrant: (grantId: string) => throughOutage(() => records.removeGrant(grantId)),
    },
  };
  return forgetPerson(repeated, person, visit);
}
