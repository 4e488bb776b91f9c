/** The database fails once while a command changes something, before or after it has done it. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type CommandOutput, runCommand } from '../../../src/bootstrap/commands/run-command.ts';
import { storeCommand } from '../../../src/commands/store-command.ts';
import { createLogger } from '../../../src/log/logger.ts';
import { createSecrets } from '../../../src/secrets/secrets.ts';
import { StoreError } from '../../../src/store/errors.ts';
import type { Store } from '../../../src/store/store.ts';
import { openTestStore } from '../../support/database.ts';
import { OPERATOR } from '../../support/oidc-bridge.ts';

const PERSON = 'PNOEE-40504040001';
const REDIRECT = ['--redirect-uri', 'https://app.example.ee/callback'];
const secrets = createSecrets('a secret key of the tests, long enough');
const log = createLogger({ level: 'silent' });

let store: Store;
before(async () => (store = await openTestStore({ secrets })));
after(() => store.close());

/** Fails once, unless nothing is to be changed. */
function failsOnce<A extends readonly unknown[], T>(change: (...about: A) => Promise<T>, isDone: boolean) {
  let hasFailed = false;
  return async (...about: A): Promise<T> => {
    if (hasFailed) return change(...about);
    hasFailed = true;
    if (isDone) await change(...about);
    throw new StoreError('database_unreachable', 'the connection was lost');
  };
}

async function run(words: readonly string[], isDone: boolean): Promise<string> {
  const { attempts, records, knownBrowsers } = store;
  const failing: Store = {
    ...store,
    records: {
      ...records,
      put: failsOnce((...record: Parameters<typeof records.put>) => records.put(...record), isDone),
      remove: failsOnce((model: string, id: string) => records.remove(model, id), isDone),
      removeGrant: failsOnce((grantId: string) => records.removeGrant(grantId), isDone),
    },
    attempts: {
      ...attempts,
      removeConfirmed: failsOnce((person: string) => attempts.removeConfirmed(person), isDone),
    },
    knownBrowsers: {
      ...knownBrowsers,
      forgetPerson: failsOnce((person: string) => knownBrowsers.forgetPerson(person), isDone),
    },
  };
  const lines: string[] = [];
  const output: CommandOutput = {
    print: (line) => Promise.resolve(void lines.push(line)),
    printLast: (line) => lines.push(line),
    complain: (line) => assert.fail(line),
  };
  const foundation = { operator: OPERATOR, store: failing, secrets, log, now: Date.now };
  assert.equal(await runCommand(await storeCommand(words, '/nowhere'), foundation, {}, output), 0);
  return lines.join('\n');
}

async function audited(event: string): Promise<number> {
  return store.audit.view(async ({ rows }) => {
    let count = 0;
    for await (const row of rows()) if (row.event === event) count += 1;
    return count;
  });
}

const secretOf = (printed: string) => /shown this once: (?<secret>\S+)/.exec(printed)?.groups?.secret;

for (const isDone of [true, false]) {
  describe(`a command whose change the database has ${isDone ? '' : 'not '}done, without an answer`, () => {
    const id = `client-${String(isDone)}`;
    const stored = async () => (await store.records.find('Client', id))?.payload;

    it('prints the secret that a client has from now on, and keeps the one before', async () => {
      const first = secretOf(await run(['client', 'add', id, ...REDIRECT], isDone));
      assert.ok(first);
      assert.equal((await stored())?.client_secret, first);
      const second = secretOf(await run(['client', 'secret', id, '--keep-old', '24h'], isDone));
      assert.ok(second);
      const { client_secret, previous_client_secret } = (await stored()) ?? {};
      assert.deepEqual([client_secret, previous_client_secret], [second, first]);
    });

    it('is in the audit, once', async () => {
      const before_ = [await audited('client_removed'), await audited('browsers_forgotten')];
      assert.match(await run(['client', 'remove', id], isDone), /is removed/);
      await store.knownBrowsers.remember(`token-${id}`, PERSON, `${PERSON}-MOCK-Q`, Date.now() + 60_000);
      assert.match(await run(['browsers', 'forget', PERSON], isDone), /no longer know the person: 1$/m);
      const after_ = [await audited('client_removed'), await audited('browsers_forgotten')];
      assert.deepEqual(
        after_.map((count, index) => count - (before_[index] ?? 0)),
        [1, 1],
      );
    });
  });
}
