import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { endWithin } from '../../../src/bootstrap/workers/end-within.ts';

/** A process, and its end by a code or a signal. */
async function running(script: string) {
  const child = spawn(process.execPath, ['-e', script], { stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  const how = once(child, 'exit');
  return { child, how, ended: how.then(() => undefined) };
}

describe('a worker that was told to end', () => {
  it('is killed if it does not, which is reported', async () => {
    const { child, how, ended } = await running('setInterval(() => {}, 1000)');
    let killed = 0;
    await endWithin({ process: child }, ended, 20, () => (killed += 1));
    assert.deepEqual(await how, [null, 'SIGKILL']);
    assert.equal(killed, 1);
  });

  it('ends by itself within its time', async () => {
    const { child, how, ended } = await running('process.stdin.resume().once("end", () => process.exit(0))');
    const waited = endWithin({ process: child }, ended, 60_000, () => assert.fail('killed'));
    child.stdin.end();
    await waited;
    assert.deepEqual(await how, [0, null]);
  });
});
