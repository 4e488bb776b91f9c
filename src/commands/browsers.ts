import type { Audit } from '../audit/audit.ts';
import { isSemanticsIdentifier } from '../identity/semantics-identifier.ts';
import { endLoginsOf } from '../oidc/remembered/end-logins.ts';
import type { RecordStore } from '../oidc/stores.ts';
import type { Store } from '../store/store.ts';
import { tableOf } from './history/table.ts';
import { answer, type AnswerContext, timeText } from './json-output.ts';
import { onlyOne, unknownCommand, UsageError } from './usage.ts';

/** Dependencies of the commands. */
export interface BrowsersCommandContext extends AnswerContext {
  readonly knownBrowsers: Pick<Store['knownBrowsers'], 'forgetPerson' | 'listPerson'>;
  readonly records: Pick<RecordStore, 'list' | 'remove' | 'removeGrant'>;
  /** Records the change. */
  readonly audit: Pick<Audit, 'record'>;
}

/**
 * `sild browsers list PERSON`: the browsers that know a person. `sild browsers forget PERSON`: for a person who has confirmed a
 * login that somebody else had started; ends their logins too.
 *
 * @returns the action, which returns the exit status 0
 * @throws {UsageError}
 */
export function browsersCommand([action, ...args]: readonly string[]): (
  context: BrowsersCommandContext,
) => Promise<0> {
  if (action !== 'forget' && action !== 'list') throw unknownCommand('browsers', action);
  const person = onlyOne(args, 'The person');
  if (!isSemanticsIdentifier(person))
    throw new UsageError('The person is a semantics identifier: PNOEE-47101010033.');
  return action === 'list' ? (context) => list(person, context) : (context) => forget(person, context);
}

async function list(person: string, context: BrowsersCommandContext): Promise<0> {
  const browsers = await context.knownBrowsers.listPerson(person);
  const document = browsers.map(({ createdAt, usedAt, expiresAt }) => ({
    known_since: timeText(createdAt),
    last_used: timeText(usedAt),
    until: timeText(expiresAt),
  }));
  const rows = document.map((browser) => Object.values(browser));
  answer(context, { browsers: document }, [
    ...(rows.length === 0
      ? ['No browser knows the person.']
      : tableOf(['Known since', 'Last used', 'Until'], rows)),
  ]);
  return 0;
}

async function forget(person: string, context: BrowsersCommandContext): Promise<0> {
  const { knownBrowsers, records, audit } = context;
  const browsers = await knownBrowsers.forgetPerson(person);
  const logins = await endLoginsOf(records, person);
  audit.record({ event: 'browsers_forgotten', person, browsers, logins });
  answer(context, { browsers, logins }, [
    `Browsers that no longer know the person: ${browsers}`,
    `Logins that have ended: ${logins}`,
  ]);
  return 0;
}
