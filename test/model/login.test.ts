/**
 * Whole logins at random, the same in each run of the tests: `npm run test:model -- --minutes 60` makes new ones, from a seed of its
 * own, and shrinks what fails.
 */
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { anyCommands, runCommands, startModel } from './property.ts';
import type { System } from './system/system.ts';

const RUNS = 10;
const SEED = 1;

describe('whole logins at random', () => {
  let system: System;
  before(async () => {
    system = await startModel();
  });
  after(() => system.stop());

  it('keep the invariants', async (test) => {
    const { MODEL_SEED, MODEL_PATH, MODEL_REPLAY } = process.env;
    const seed = Number(MODEL_SEED ?? SEED);
    test.diagnostic(`MODEL_SEED=${seed}`);
    await fc.assert(
      fc.asyncProperty(anyCommands(MODEL_REPLAY), (commands) => runCommands(system, commands)),
      { seed, numRuns: RUNS, endOnFailure: true, ...(MODEL_PATH === undefined ? {} : { path: MODEL_PATH }) },
    );
    await system.verifyAudit();
  });
});
