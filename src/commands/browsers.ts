import type { Audit } from '../audit/audit.ts';
import { isSemanticsIdentifier } from '../identity/semantics-identifier.ts';
import { type ForgetDependencies, forgetPerson } from '../oidc/remembered/forget-person.ts';
import { tableOf } from './history/table.ts';
import { answer, type AnswerContext, timeText } from './json-output.ts';
import { onlyOne, unknownCommand, UsageError } from './usage.ts';

/** Dependencies of the commands. */
export interface BrowsersCommandContext extends AnswerContext {
  readonly attempts: ForgetDependencies['attempts'];
  readonly knownBrowsers: ForgetDependencies['knownBrowsers'];
  readonly records: ForgetDependencies['records'];
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
  const { audit } = context;
  const { browsers, logins } = await forgetPerson(context, person);
  audit.record({ event: 'browsers_forgotten', person, browsers, logins });
  answer(context, { browsers, logins }, [
    `Browsers that no longer know the person: ${browsers}`,
    `Logins that have ended: ${logins}`,
  ]);
  return 0;
}
