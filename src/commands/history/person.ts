import { parseArgs } from 'node:util';
import type { LoginOfAudit } from '../../audit/logins.ts';
import { loginsOfPerson } from '../../audit/person-logins.ts';
import { isSemanticsIdentifier } from '../../identity/semantics-identifier.ts';
import { pseudonymsOf } from '../../secrets/secrets.ts';
import type { AuditCommandContext } from './context.ts';
import { jsonText, timeText } from '../json-output.ts';
import { onlyOne, UsageError } from '../usage.ts';
import { tableOf } from './table.ts';

/**
 * `sild audit person PERSON`: each login, attempt and refusal in a person's name, under this and former values of SECRET_KEY, a
 * line each, the newest first.
 */
export function personCommand(args: readonly string[]): (context: AuditCommandContext) => Promise<0> {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
  const person = onlyOne(positionals, 'The person');
  if (!isSemanticsIdentifier(person)) {
    throw new UsageError('The person is a semantics identifier: PNOEE-47101010033.');
  }
  return async (context) => {
    const { store, audit, json = false, print } = context;
    audit.record({ event: 'audit_exported', person });
    const { logins } = await store.view((view) => loginsOfPerson(view, pseudonymsOf(view.keys, person)));
    if (json) {
      await print(jsonText({ logins: logins.map(documentOf) }));
      return 0;
    }
    if (logins.length === 0) await print('The audit has nothing of this person.');
    else {
      const rows = logins.map(rowOf);
      for (const line of tableOf(
        ['Begun (UTC)', 'Client', 'Flow', 'Browser', 'Outcome', 'Seconds', 'Reference'],
        rows,
      ))
        await print(line);
      await print('sild audit show REFERENCE tells what happened in one of them.');
    }
    return 0;
  };
}

function rowOf(login: LoginOfAudit): readonly string[] {
  return [
    timeText(login.at).slice(0, 19).replace('T', ' '),
    login.client,
    login.backchannel ? 'backchannel' : login.flow,
    login.browser ?? '',
    login.outcome === 'failed' ? (login.code ?? 'failed') : login.outcome,
    login.milliseconds === undefined ? '' : (login.milliseconds / 1000).toFixed(1),
    login.reference ?? '',
  ];
}

function documentOf({ at, attempt, legs: _, ...login }: LoginOfAudit) {
  return { at: timeText(at), ...(attempt !== '' && { attempt }), ...login };
}
