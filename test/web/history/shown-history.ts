import { createSecretKey } from 'node:crypto';
import type { AuditRow } from '../../../src/audit/audit-store.ts';
import { createSecrets, pseudonymOf } from '../../../src/secrets/secrets.ts';
import type { WebAppOptions } from '../../../src/web/app.ts';
import type { WebContext } from '../../../src/web/context.ts';
import { beginVisit } from '../../../src/web/history/visit.ts';

const BROWSER = 'a browser';
const PSEUDONYM_KEY = createSecretKey('the key of the pseudonyms in these tests', 'utf8');

type Recorded = Pick<AuditRow, 'event' | 'data'>;

/** What the web app needs to show a person their history, with an audit of these events. `begin` logs the person, or another one, in: its headers. */
export function shownHistory(person: string, secretKey: string, events: readonly Recorded[]) {
  const records = new Map<string, { payload: Record<string, unknown> }>();
  const headers: Record<string, string> = { 'user-agent': BROWSER };
  const rows = events.map(
    ({ event, data }, at) =>
      ({ at, event, data: { ...data, person: pseudonymOf(PSEUDONYM_KEY, person) } }) as unknown as AuditRow,
  );
  const history = {
    auditDays: 400,
    audit: {
      viewBriefly: (use) =>
        use({
          checkpoint: undefined,
          keys: new Map([['key', { pseudonym: PSEUDONYM_KEY }]]) as never,
          rows: async function* (filter) {
            for (const row of rows) {
              const { attempt } = row.data;
              if (!filter?.attempts || filter.attempts.includes(String(attempt))) yield row;
            }
          },
        }),
    },
    clientName: (id) => Promise.resolve(id === 'portal' ? 'City Portal' : undefined),
    loginResults: { find: () => Promise.resolve(undefined) },
    attempts: { removeConfirmed: () => Promise.resolve(0) },
    records: {
      find: (_model, id) => Promise.resolve(records.get(id)),
      async remove(_model, id) {
        records.delete(id);
      },
      list: () => Promise.resolve([]),
      write: () => Promise.resolve(false),
      removeGrant: () => Promise.resolve(),
    },
  } satisfies WebAppOptions['history'];

  async function begin(now: number, who = person): Promise<void> {
    const ctx = {
      secure: false,
      get: () => BROWSER,
      cookies: { set: (name: string, value: string) => void (headers.cookie = `${name}=${value}`) },
    } as unknown as WebContext;
    await beginVisit({ secrets: createSecrets(secretKey), now: () => now }, ctx, async ({ id }) => {
      records.set(id, { payload: { accountId: who } });
      return who;
    });
  }

  return { history, headers, begin };
}
