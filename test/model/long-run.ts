/**
 * `npm run test:model -- --minutes 60`: logins with an error at each statement, then whole logins at random until the time is over. Prints what was done. At the first
 * failure it prints the smallest commands that show it, and how to repeat them.
 *
 *   MODEL_SEED=…                           repeats a run
 *   MODEL_SEED=… MODEL_PATH=… MODEL_REPLAY=…   repeats one failure
 */
import { parseArgs } from 'node:util';
import fc from 'fast-check';
import { Agent, setGlobalDispatcher } from 'undici';
import { executed } from './commands/command.ts';
import { failEveryStatement } from './every-statement.ts';
import { anyCommands, reportOf, runCommands, startModel } from './property.ts';

/** Runs between two looks at the time. */
const BATCH = 20;

const { values } = parseArgs({
  options: { minutes: { type: 'string', default: '10' }, unshrunk: { type: 'boolean', default: false } },
});
const end = performance.now() + Number(values.minutes) * 60_000;
const { MODEL_SEED, MODEL_PATH, MODEL_REPLAY } = process.env;
// No connection is used twice: a server can close an idle one just when a request is sent.
setGlobalDispatcher(new Agent({ pipelining: 0 }));
const system = await startModel();
const seeds: number[] = [];
let runs = 0;
let seed = Number(MODEL_SEED ?? Math.floor(Math.random() * 2 ** 31));

if (MODEL_SEED === undefined) {
  print(`${await failEveryStatement(system)} logins with an error at each statement`);
}
for (;;) {
  seeds.push(seed);
  const result = await fc.check(
    fc.asyncProperty(anyCommands(MODEL_REPLAY), (commands) => runCommands(system, commands)),
    {
      seed,
      numRuns: BATCH,
      endOnFailure: values.unshrunk,
      ...(MODEL_PATH === undefined ? {} : { path: MODEL_PATH }),
    },
  );
  runs += result.numRuns;
  if (result.failed) {
    process.exitCode = 1;
    print(`FAILED after ${runs} runs\n${reportOf(result)}`);
    break;
  }
  if (performance.now() > end || MODEL_PATH !== undefined) break;
  seed = (seed + 1) % 2 ** 31;
}
await system.verifyAudit();
print(`${runs} runs, MODEL_SEED=${seeds[0]} to ${seeds.at(-1)}`);
for (const [name, count] of [...executed].sort(([, one], [, other]) => other - one))
  print(`${count} ${name}`);
await system.stop();

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
