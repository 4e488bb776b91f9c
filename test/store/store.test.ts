/** The store's contract, on every supported database. */
import { after, before, describe, it } from 'node:test';
import { type TestDatabase, testStoresWithPooler } from '../support/database.ts';
import type { Store } from '../../src/store/store.ts';
import { attemptSuite } from './suite/attempts.ts';
import { knownBrowserSuite } from './suite/known-browsers.ts';
import { limitSuite } from './suite/limits.ts';
import { loginResultSuite } from './suite/login-results.ts';
import { lifetimeSuite } from './suite/lifetime.ts';
import { migrationSuite } from './suite/migrations.ts';
import { recordSuite } from './suite/records.ts';
import { sealingSuite } from './suite/sealing.ts';
import { formerReleaseSuite, signingKeySuite } from './suite/signing-keys.ts';
import { createTestClock } from './suite/clock.ts';

for (const { name, start, skip } of testStoresWithPooler('as served')) {
  if (skip !== undefined) {
    // A skipped suite is not counted, a skipped test is.
    it(`the store on ${name}`, { skip });
    continue;
  }
  describe(`the store on ${name}`, () => {
    const clock = createTestClock();
    let database: TestDatabase;

    describe('while it is open', () => {
      let store: Store;
      before(async () => {
        database = await start();
        store = await database.open({ now: clock.now });
      });
      after(() => store.close());

      attemptSuite(() => store);
      recordSuite(() => store, clock);
      loginResultSuite(() => store, clock);
      signingKeySuite(() => store, clock);
      knownBrowserSuite(() => store, clock);
      limitSuite(() => store, clock);
    });

    lifetimeSuite(() => database, clock);
    sealingSuite(() => database);
    migrationSuite(() => database);
    formerReleaseSuite(() => database);

    after(() => database.stop());
  });
}
