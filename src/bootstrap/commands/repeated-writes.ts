import { CLIENT_PATIENCE_MS, createOutageRetry } from '../../login/outage-retry.ts';
import { isOutage } from '../../store/errors.ts';
import type { RecordStore } from '../../oidc/stores.ts';
import type { Store } from '../../store/store.ts';

/**
 * The store of a command. While the database is away, writes that can be repeated without another effect are repeated. Otherwise a
 * command whose change was made but not confirmed would end without printing a new secret, and without an event of the audit.
 */
export function withRepeatedWrites(store: Store): Store {
  const { attempts, records, knownBrowsers } = store;
  const throughOutage = createOutageRetry(isOutage, CLIENT_PATIENCE_MS);
  return {
    ...store,
    attempts: {
      ...attempts,
      removeConfirmed: (person) => throughOutage(() => attempts.removeConfirmed(person)),
    },
    records: withRepeatedRecords(records),
    knownBrowsers: {
      ...knownBrowsers,
      forgetPerson: (person) => throughOutage(() => knownBrowsers.forgetPerson(person)),
    },
  };
}

/**
 * The same for records only, which CLIENTS_FILE changes.
 *
 * @param isAway whether an error says that the database cannot be used for now, so that the write is repeated
 */
export function withRepeatedRecords(
  records: RecordStore,
  isAway: (error: unknown) => boolean = isOutage,
): RecordStore {
  const throughOutage = createOutageRetry(isAway, CLIENT_PATIENCE_MS);
  return {
    ...records,
    put: (...record) => throughOutage(() => records.put(...record)),
    remove: (...record) => throughOutage(() => records.remove(...record)),
    removeGrant: (grantId) => throughOutage(() => records.removeGrant(grantId)),
  };
}
