/** The files of deploy/, by the programs that read them. A program that is not installed is reported as skipped. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { createMetrics } from '../../src/metrics/metrics.ts';
import { installedProgram } from '../support/installed-program.ts';

const deploy = join(import.meta.dirname, '..', '..', 'deploy');

function skipWithout(program: string, from: string) {
  return installedProgram(program) === undefined
    ? { skip: `${program} is not installed: apt-get install ${from}` }
    : {};
}

function run(program: string, ...args: readonly string[]) {
  return spawnSync(installedProgram(program) ?? program, args, { encoding: 'utf8', cwd: deploy });
}

describe('the alerts', () => {
  it('are accepted by Prometheus, and fire when they should', skipWithout('promtool', 'prometheus'), () => {
    for (const args of [
      ['check', 'rules', 'alerts.yaml'],
      ['test', 'rules', 'alerts_test.yaml'],
    ]) {
      const { status, stdout, stderr } = run('promtool', ...args);
      assert.equal(status, 0, stdout + stderr);
    }
  });

  it('name series that there are', async () => {
    const metrics = createMetrics(Date.now);
    const { text: published } = await metrics.exposition();
    const named = readFileSync(join(deploy, 'alerts.yaml'), 'utf8').match(/\bsild_\w+/g) ?? [];
    assert.ok(named.length > 5);
    for (const name of new Set(named)) assert.match(published, new RegExp(`^# TYPE ${name} `, 'm'));
  });
});

describe('the systemd unit', () => {
  it('is accepted by systemd', skipWithout('systemd-analyze', 'systemd'), () => {
    const { stderr } = run('systemd-analyze', 'verify', './sild.service');
    // The program is not where the unit has it.
    assert.deepEqual(
      stderr.split('\n').filter((line) => line !== '' && !line.includes('/opt/sild')),
      [],
    );
  });
});
