import { CLIENT_PATIENCE_MS, createOutageRetry } from '../../login/outage-retry.ts';
import { isOutage } from '../../store/errors.ts';
import type { Store } from '../../store/store.ts';

/**
 * The store of a command. What has the same effect when it is repeated is repeated while the database is away: a command whose change was
 * made without an answer would end without having printed a new secret, and without an event of the audit.
 */
export function withRepeatedWrites(store: Store): Store {
  const { records, knownBrowsers } = store;
  const throughOutage = createOutageRetry(isOutage, CLIENT_PATIENCE_MS);
  return {
    ...store,
    records: {
      ...records,
      put: (...record) => throughOutage(() => records.put(...record)),
      remove: (...record) => throughOutage(() => records.remove(...record)),
      removeGrant: (grantId) => throughOutage(() => records.removeGrant(grantId)),
    },
    knownBrowsers: {
      ...knownBrowsers,
      forgetPerson: (person) => throughOutage(() => knownBrowsers.forgetPerson(person)),
    },
  };
}
