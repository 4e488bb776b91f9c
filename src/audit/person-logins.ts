/** What happened in a person's name: for the person, and for an operator whom they ask. */
import type { AuditRow, AuditView } from './audit-store.ts';
import { createLoginCollector, type LoginOfAudit } from './logins.ts';

/** A part of the list, the newest first. */
export interface LoginsPage {
  readonly skip: number;
  readonly count: number;
}

export interface LoginsOfPerson {
  /** Logins, attempts and refusals, the newest first. */
  readonly logins: readonly LoginOfAudit[];
  /** The number of all, of which `logins` may be a part. */
  readonly total: number;
}

/** Events that a person, or a client with the person's token, can cause in any number without a login. The list omits them. */
const WITHOUT_LOGIN = ['history_shown', 'browsers_forgotten', 'receipt_issued'] as const;

/**
 * @param persons the pseudonyms of the person under each key of the audit
 * @param page all by default
 */
export async function loginsOfPerson(
  { rows }: Pick<AuditView, 'rows'>,
  persons: readonly string[],
  { skip, count }: LoginsPage = { skip: 0, count: Infinity },
): Promise<LoginsOfPerson> {
  const attempts = new Map<string, number>();
  const refusals: LoginOfAudit[] = [];
  for await (const row of rows({ persons, notEvents: WITHOUT_LOGIN })) {
    const { attempt } = row.data;
    if (typeof attempt === 'string') {
      if (!attempts.has(attempt)) attempts.set(attempt, row.at);
    } else if (row.event === 'push_refused' || row.event === 'login_limited') {
      refusals.push(refusalOf(row));
    }
  }
  const all = [...[...attempts].map(([attempt, at]) => ({ attempt, at })), ...refusals].sort(newestFirst);
  const part = all.slice(skip, skip + count);
  // The first events of a login by QR code or app do not know the person yet.
  const wanted = part.flatMap((each) => ('outcome' in each ? [] : [each.attempt]));
  const collector = createLoginCollector();
  if (wanted.length > 0) {
    for await (const row of rows({ attempts: wanted, notEvents: WITHOUT_LOGIN })) collector.add(row);
  }
  const others = part.filter((each) => 'outcome' in each);
  return { logins: [...collector.logins(), ...others].sort(newestFirst), total: all.length };
}

function newestFirst(a: { readonly at: number }, b: { readonly at: number }): number {
  return b.at - a.at;
}

/** A request that was refused before there was an attempt. */
function refusalOf({ at, event, data }: Pick<AuditRow, 'at' | 'event' | 'data'>): LoginOfAudit {
  const text = (name: string) => (typeof data[name] === 'string' ? data[name] : undefined);
  return {
    attempt: '',
    reference: text('request'),
    client: text('client') ?? '',
    flow: 'notification',
    backchannel: text('channel') === 'backchannel',
    at,
    begun: false,
    limited: event === 'login_limited',
    outcome: 'failed',
    code: text('code') ?? event,
    detail: undefined,
    milliseconds: undefined,
    legs: {},
    network: text('address'),
    browser: undefined,
    redeemed: false,
  };
}
