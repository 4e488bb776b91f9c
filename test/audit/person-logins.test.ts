import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { loginsOfPerson, type LoginsPage } from '../../src/audit/person-logins.ts';
import type { AuditData } from '../../src/audit/audit-store.ts';
import type { Store } from '../../src/store/store.ts';
import { openTestStore } from '../support/database.ts';

const DAY = Date.UTC(2031, 3, 5);
/** One person under two values of SECRET_KEY. */
const PERSONS = ['pseudonym-before', 'pseudonym-now'];

let store: Store;
before(async () => {
  store = await openTestStore();
  const events: readonly (readonly [string, AuditData])[] = [
    ['login_begun', { attempt: 'old', person: 'pseudonym-before', client: 'portal', flow: 'notification' }],
    ['login_begun', { attempt: 'qr', client: 'portal', flow: 'qr', address: 'network' }],
    ['login_begun', { attempt: 'theirs', client: 'portal', flow: 'qr', person: 'somebody-else' }],
    [
      'push_refused',
      { code: 'browser_not_known', person: 'pseudonym-now', client: 'shop', request: 'K7Q4-M2XF' },
    ],
    ['push_refused', { code: 'browser_not_known', person: 'somebody-else', client: 'shop' }],
    [
      'login_finished',
      { attempt: 'qr', person: 'pseudonym-now', client: 'portal', flow: 'qr', milliseconds: 5 },
    ],
    ['history_shown', { person: 'pseudonym-now', client: 'sild-history' }],
  ];
  await store.audit.append(
    events.map(([event, data], index) => ({
      at: DAY + index,
      instance: 'x',
      number: index + 1,
      event,
      data,
    })),
  );
});
after(() => store.close());

const read = (page?: LoginsPage) => store.audit.view((view) => loginsOfPerson(view, PERSONS, page));

describe('the logins of a person', () => {
  it('are found under former keys, with their first events, the newest first, without those of others', async () => {
    const { logins, total } = await read();
    assert.equal(total, 3);
    assert.deepEqual(
      logins.map(({ attempt, outcome, client, network }) => [attempt, outcome, client, network]),
      [
        ['', 'failed', 'shop', undefined],
        ['qr', 'finished', 'portal', 'network'],
        ['old', 'open', 'portal', undefined],
      ],
    );
  });

  it('are read page by page', async () => {
    const pages = [0, 1, 2, 3].map((skip) => read({ skip, count: 1 }));
    const found = await Promise.all(pages);
    assert.deepEqual(
      found.map(({ total }) => total),
      [3, 3, 3, 3],
    );
    assert.deepEqual(found.map(({ logins }) => logins.map(({ attempt }) => attempt)).slice(2), [['old'], []]);
    const all = found.flatMap(({ logins }) => logins.map(({ client }) => client));
    assert.deepEqual(all.toSorted(), ['portal', 'portal', 'shop']);
  });

  it('are read without what the person can cause in any number', async () => {
    const events: string[] = [];
    await store.audit.view((view) =>
      loginsOfPerson(
        {
          async *rows(filter) {
            for await (const row of view.rows(filter)) {
              events.push(row.event);
              yield row;
            }
          },
        },
        PERSONS,
      ),
    );
    assert.deepEqual([...new Set(events)].toSorted(), ['login_begun', 'login_finished', 'push_refused']);
  });
});
