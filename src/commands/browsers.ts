import type { Audit } from '../audit/audit.ts';
import { isSemanticsIdentifier } from '../identity/semantics-identifier.ts';
import { endLoginsOf } from '../oidc/remembered/end-logins.ts';
import type { RecordStore } from '../oidc/stores.ts';
import type { Store } from '../store/store.ts';
import { answer, type AnswerContext } from './json-output.ts';
import { onlyOne, unknownCommand, UsageError } from './usage.ts';

/** Dependencies of the commands. */
export interface BrowsersCommandContext extends AnswerContext {
  readonly knownBrowsers: Pick<Store['knownBrowsers'], 'forgetPerson'>;
  readonly records: Pick<RecordStore, 'list' | 'remove' | 'removeGrant'>;
  /** Records the change. */
  readonly audit: Pick<Audit, 'record'>;
}

/**
 * `sild browsers forget PERSON`: for a person who has confirmed a login that somebody else had started. Ends their logins too.
 *
 * @returns the action, which returns the exit status 0
 * @throws {UsageError}
 */
export function browsersCommand([action, ...args]: readonly string[]): (
  context: BrowsersCommandContext,
) => Promise<0> {
  if (action !== 'forget') throw unknownCommand('browsers', action);
  const person = onlyOne(args, 'The person');
  if (!isSemanticsIdentifier(person))
    throw new UsageError('The person is a semantics identifier: PNOEE-47101010033.');
  return async (context) => {
    const { knownBrowsers, records, audit } = context;
    const browsers = await knownBrowsers.forgetPerson(person);
    const logins = await endLoginsOf(records, person);
    audit.record({ event: 'browsers_forgotten', person, browsers, logins });
    answer(context, { browsers, logins }, [
      `Browsers that no longer know the person: ${browsers}`,
      `Logins that have ended: ${logins}`,
    ]);
    return 0;
  };
}
