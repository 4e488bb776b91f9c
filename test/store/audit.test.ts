/** The audit and the retention of personal data, on every supported database. */
import { after, before, describe } from 'node:test';
import { testStores, type TestDatabase } from '../support/database.ts';
import { auditSuite } from './suite/audit.ts';
import { createTestClock } from './suite/clock.ts';
import { personalDataSuite } from './suite/personal-data.ts';

for (const { name, start } of testStores()) {
  describe(`on ${name}`, () => {
    const clock = createTestClock();
    let database: TestDatabase;
    before(async () => {
      database = await start();
      await (await database.open()).close();
    });
    after(() => database.stop());

    auditSuite(() => database, clock);
    personalDataSuite(() => database, clock);
  });
}
