import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { GRANT_SECONDS, INTERACTION_SECONDS } from '../../../src/oidc/lifetimes.ts';
import type { Store } from '../../../src/store/store.ts';
import { KNOWN_MS } from '../../../src/web/login/known-browser.ts';
import type { TestDatabase } from '../../support/database.ts';
import type { TestClock } from './clock.ts';
import { aStart } from './limits.ts';
import { authenticatedAttempt, LOGIN_RESULT, pendingAttempt } from './samples.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const AUDIT_DAYS = 365;
/** Interval of the periodic removal. */
const CLEANUP = MINUTE;

/** The maximum retention that docs/security.md states for each table with personal data. */
const RETENTION: Readonly<Record<string, { readonly ms: number; readonly words: string }>> = {
  rate_limit: { ms: 10 * MINUTE, words: '10 minutes' },
  login_result: { ms: 26 * MINUTE, words: '26 minutes' },
  oidc_record: { ms: 26 * MINUTE, words: '26 minutes' },
  login_attempt: { ms: HOUR, words: 'an hour; the answer seconds, or 15 minutes' },
  person_limit: { ms: 26 * HOUR, words: '26 hours' },
  known_browser: { ms: 365 * DAY, words: '365 days' },
  audit_event: { ms: 366 * DAY, words: '365 days' },
};
const OF_NOBODY = [
  'kept_secret',
  'audit_checkpoint',
  'audit_key',
  'audit_count',
  'audit_time',
  'audit_figures_state',
  'instance',
  'lease',
  'signing_key',
  'kysely_migration',
];

/** Writes rows with the longest lifetimes that the defaults allow. */
async function fill(store: Store, now: number): Promise<void> {
  const inSeconds = (seconds: number) => Math.floor(now / SECOND) + seconds;
  const person = LOGIN_RESULT.person.semanticsIdentifier;
  await store.attempts.add(pendingAttempt({ createdAt: now }));
  await store.attempts.add(authenticatedAttempt({ createdAt: now }));
  for (const [model, seconds] of [
    ['Interaction', INTERACTION_SECONDS],
    ['Grant', GRANT_SECONDS],
  ] as const) {
    await store.records.put(model, randomUUID(), { accountId: person }, {}, inSeconds(seconds));
  }
  await store.loginResults.put(randomUUID(), LOGIN_RESULT, inSeconds(GRANT_SECONDS));
  await store.knownBrowsers.remember(randomUUID(), person, LOGIN_RESULT.documentNumber, now + KNOWN_MS);
  const start = aStart();
  const rules = {
    address: { count: 100, perMs: 10 * MINUTE },
    client: undefined,
    person: { count: 10, perMs: HOUR },
    pushWaits: [HOUR],
  };
  for (let count = 0; count < 100; count++) {
    // As many starts as an address may make at once; the first one is a push.
    await store.limits.admit(count === 0 ? start : aStart({ networks: start.networks, push: false }), rules);
  }
  await store.limits.pushEnded({
    attemptId: start.attemptId,
    identifier: start.identifier ?? '',
    ending: 'unanswered',
    waits: rules.pushWaits,
  });
  await store.audit.append([
    { at: now, instance: randomUUID(), number: 1, event: 'login_begun', data: { person: 'pseudonym' } },
  ]);
}

/** Checks the retention table of docs/security.md. No store is open when one of these tests starts. */
export function personalDataSuite(database: () => TestDatabase, clock: TestClock): void {
  describe('personal data', () => {
    let table: string;
    before(async () => {
      const text = await readFile(new URL('../../../docs/security.md', import.meta.url), 'utf8');
      table = text.split('\n## Personal data\n')[1]?.split('\n## ')[0] ?? '';
    });

    it('is only in tables that the documentation lists', async () => {
      const rows = await database().execute(
        `select table_name from information_schema.tables where table_schema = 'public'`,
      );
      const names = rows.map(({ table_name }) => String(table_name));
      assert.deepEqual(names.sort(), [...Object.keys(RETENTION), ...OF_NOBODY].sort());
      for (const [name, { words }] of Object.entries(RETENTION)) {
        const line = table.split('\n').find((each) => each.startsWith(`| \`${name}\``));
        const [, , , , kept = ''] = line?.split('|') ?? [];
        assert.ok(kept.includes(words), `${name} is kept for ${words}`);
      }
    });

    it('is removed from each table after the documented time', async () => {
      clock.advance(800 * DAY);
      await removeExpired();
      const begun = clock.now();
      await withStore((store) => fill(store, begun));
      assert.deepEqual(await kept(), Object.keys(RETENTION).sort());
      const ages = Object.entries(RETENTION).sort(([, one], [, other]) => one.ms - other.ms);
      for (const [index, [name, { ms }]] of ages.entries()) {
        clock.advance(begun + ms + CLEANUP - clock.now());
        await removeExpired();
        const over = ages.slice(0, index + 1).map(([each]) => each);
        const left = (await kept()).filter((each) => over.includes(each));
        assert.deepEqual(left, [], `after the time of ${name}`);
      }
    });

    it('does not keep an unfetched answer after its authorization request has expired', async () => {
      await withStore((store) => store.attempts.add(authenticatedAttempt({ createdAt: clock.now() })));
      clock.advance(15 * MINUTE + CLEANUP);
      await removeExpired();
      assert.deepEqual(
        await database().execute(`select from login_attempt where state = 'authenticated'`),
        [],
      );
    });

    async function withStore(use: (store: Store) => Promise<unknown>): Promise<void> {
      const store = await database().open({ now: clock.now });
      try {
        await use(store);
      } finally {
        await store.close();
      }
    }

    function removeExpired(): Promise<void> {
      return withStore((store) => store.removeExpired({ auditDays: AUDIT_DAYS }));
    }

    /** The tables with rows, except clients, which do not expire and are not people. */
    async function kept(): Promise<string[]> {
      const tables = Object.keys(RETENTION).map((name) => {
        const ended = name === 'oidc_record' ? 'where expires_at is not null' : '';
        return `select '${name}' as name where exists (select from ${name} ${ended})`;
      });
      const found = await database().execute(tables.join(' union all '));
      return found.map(({ name }) => String(name)).sort();
    }
  });
}
