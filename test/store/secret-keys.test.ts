/** Changes of SECRET_KEY, on every supported database. */
import { describe, it } from 'node:test';
import { testStoresWithPooler } from '../support/database.ts';
import { createTestClock } from './suite/clock.ts';
import { secretKeySuite } from './suite/secret-keys.ts';

for (const { name, start, skip } of testStoresWithPooler('here')) {
  if (skip === undefined)
    describe(`on ${name}`, () => {
      secretKeySuite(start, createTestClock());
    });
  // A skipped suite is not counted, a skipped test is.
  else it(`on ${name}`, { skip });
}
