/** The audit and the retention of personal data, on every supported database. */
import { after, before, describe, it } from 'node:test';
import { type TestDatabase, testStoresWithPooler } from '../support/database.ts';
import { auditSuite } from './suite/audit.ts';
import { auditRemovalSuite } from './suite/audit-removal.ts';
import { createTestClock } from './suite/clock.ts';
import { personalDataSuite } from './suite/personal-data.ts';

for (const { name, start, skip } of testStoresWithPooler('here')) {
  if (skip !== undefined) {
    // A skipped suite is not counted, a skipped test is.
    it(`on ${name}`, { skip });
    continue;
  }
  describe(`on ${name}`, () => {
    const clock = createTestClock();
    let database: TestDatabase;
    before(async () => {
      database = await start();
      await (await database.open()).close();
    });
    after(() => database.stop());

    auditSuite(() => database, clock);
    auditRemovalSuite(() => database, clock);
    personalDataSuite(() => database, clock);
  });
}
