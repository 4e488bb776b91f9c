/**
 * Whole logins at random, the same in each run of the tests: `npm run test:model -- --minutes 60` makes new ones, from a seed of its
 * own, and shrinks what fails.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { failEveryStatement } from './every-statement.ts';
import { anyCommands, reportOf, runCommands, startModel } from './property.ts';
import type { System } from './system/system.ts';

const RUNS = 10;
const SEED = 1;
/** Of the logins with an error at a statement. A prime number: every statement, fault and flow has its turn. */
const EVERY = 17;

describe('whole logins at random', () => {
  const seed = Number(process.env.MODEL_SEED ?? SEED);
  let system: System;
  before(async () => {
    system = await startModel();
  });
  after(() => system.stop());

  it('keep the invariants', async (test) => {
    test.diagnostic(`MODEL_SEED=${seed}`);
    const result = await fc.check(
      fc.asyncProperty(anyCommands(), (commands) => runCommands(system, commands)),
      { seed, numRuns: RUNS, endOnFailure: true },
    );
    assert.ok(
      !result.failed,
      `${reportOf(result)}\nTo shrink it: npm run test:model, with MODEL_SEED, MODEL_PATH and MODEL_REPLAY from above`,
    );
    await system.verifyAudit();
  });

  it('keep the invariants with an error at a statement', async (test) => {
    test.diagnostic(`MODEL_SEED=${seed}`);
    const logins = await failEveryStatement(system, EVERY, seed);
    assert.ok(logins > 20);
    await system.verifyAudit();
  });
});
