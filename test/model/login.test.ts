/**
 * Whole logins at random: new ones every day (UTC), and the same all day, so that a failure is repeated by a second run.
 * `npm run test:model -- --minutes 60` makes many more, from a seed of its own; it also shrinks what fails here.
 */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { failEveryStatement } from './every-statement.ts';
import { anyCommands, reportOf, runCommands, startModel } from './property.ts';
import type { System } from './system/system.ts';

const RUNS = 10;
/** Of the logins with an error at a statement. A prime number: every statement, fault and flow has its turn. */
const EVERY = 17;
const DAY_MS = 24 * 60 * 60 * 1000;

describe('whole logins at random', () => {
  const seed = Number(process.env.MODEL_SEED ?? Math.floor(Date.now() / DAY_MS));
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
