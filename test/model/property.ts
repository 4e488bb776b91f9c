/** Whole logins at random: commands, and what must hold during and after them. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import fc from 'fast-check';
import { CLIENT_METADATA } from './clients.ts';
import { browserCommands } from './commands/browser.ts';
import { executed, type ModelCommand, type Real } from './commands/command.ts';
import { phoneCommands } from './commands/phone.ts';
import { loginAgain, manyPushes, wholeLogin } from './commands/whole-login.ts';
import { worldCommands } from './commands/world.ts';
import { drain } from './drain.ts';
import { type Facts, noFacts } from './facts.ts';
import { checkAudit } from './invariants/audit.ts';
import { checkLimits } from './invariants/limits.ts';
import { checkLog } from './invariants/log.ts';
import { PEOPLE } from './people.ts';
import { createRelyingParties } from './relying-party.ts';
import { startRun } from './run.ts';
import { createPhones } from './system/phone.ts';
import { startSystem, type System } from './system/system.ts';

const MAX_COMMANDS = 40;
/** How many times as frequent as each other command. */
const WHOLE_LOGINS = 6;
/** Logins younger than this have not expired. */
const OPEN_MS = 13 * 60_000;
/** Between two runs, so that no time of the one counts in the next. */
const BETWEEN_RUNS_MS = 3_600_000;

export async function startModel(): Promise<System> {
  const system = await startSystem(CLIENT_METADATA);
  const phones = createPhones(system.simulatorUrl);
  for (const person of PEOPLE) await phones.add(person);
  return system;
}

/** Those of people are more frequent than those that disturb them. */
export function anyCommands(replayPath?: string): fc.Arbitrary<Iterable<ModelCommand>> {
  const whole = Array.from({ length: WHOLE_LOGINS }, () => wholeLogin);
  const people = [...browserCommands, ...phoneCommands, ...phoneCommands, ...phoneCommands];
  return fc.commands(
    [...whole, loginAgain, loginAgain, manyPushes, manyPushes, ...people, ...worldCommands],
    {
      maxCommands: MAX_COMMANDS,
      size: 'max',
      ...(replayPath === undefined ? {} : { replayPath }),
    },
  );
}

/** What a failure prints. */
export function reportOf(result: fc.RunDetails<[Iterable<ModelCommand>]>): string {
  return `${fc.defaultReportMessage(result) ?? ''}\n${inspect(result.errorInstance)}`;
}

export async function runCommands(system: System, commands: Iterable<ModelCommand>): Promise<void> {
  system.clock.move(BETWEEN_RUNS_MS);
  const [last] = (await system.auditAfter(0)).slice(-1);
  const facts: Facts = noFacts();
  const run = await startRun(system, facts);
  const real: Real = { ...run, relyingParties: createRelyingParties(run) };
  let allEnded: boolean;
  try {
    await fc.asyncModelRun(() => ({ model: facts, real }), commands);
    const now = system.clock.now();
    allEnded = !facts.setBack && facts.logins.every(({ openedAt }) => now - openedAt < OPEN_MS);
    await drain(facts, real);
  } finally {
    await run.stop();
  }
  count('= logins', facts.logins.length);
  count('= codes', facts.logins.filter(({ codes }) => codes.size > 0).length);
  count('= tokens', facts.logins.filter(({ redeemed }) => redeemed > 0).length);
  const sessions = facts.logins.flatMap((login) => login.sessions);
  count('= sessions of Smart-ID', sessions.length);
  count(
    '= pushes of known browsers',
    sessions.filter(({ kind, asKnown }) => kind === 'push' && asKnown).length,
  );
  count(
    '= failed statements',
    run.instances.reduce((sum, { faults }) => sum + faults.failures(), 0),
  );
  count('= killed instances', run.instances.filter(({ faults }) => faults.isDead()).length);
  assert.deepEqual(run.strays, [], 'every session belongs to a login');
  checkLimits(facts);
  checkLog(facts, run);
  checkAudit(facts, run, { rows: await system.auditAfter(last?.position ?? 0), allEnded });
}

function count(what: string, more: number): void {
  executed.set(what, (executed.get(what) ?? 0) + more);
}
