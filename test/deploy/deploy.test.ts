/** The files of deploy/, by the programs that read them. A program that is not installed is reported as skipped. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, it } from 'node:test';
import { createMetrics } from '../../src/metrics/create-metrics.ts';
import { alerts, dashboardQueries, namedMetrics } from '../support/outputs/named-metrics.ts';
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

  it('are all explained to operators', () => {
    const operations = readFileSync(join(deploy, '..', 'docs', 'operations.md'), 'utf8');
    for (const { alert } of alerts()) assert.ok(operations.includes(`| \`${alert}\``), alert);
  });
});

describe('the alerts and the dashboard', () => {
  it('name metrics that there are', async () => {
    const { text: published } = await createMetrics(Date.now).exposition();
    const named = namedMetrics();
    assert.ok(named.length > 15);
    for (const name of named) assert.match(published, new RegExp(`^# TYPE ${name} `, 'm'));
  });

  it('ask in PromQL', skipWithout('promtool', 'prometheus'), () => {
    const recorded = dashboardQueries().map((expr, number) => ({ record: `panel_${number}`, expr }));
    const file = join(mkdtempSync(join(tmpdir(), 'sild-dashboard-')), 'rules.yaml');
    writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules: recorded }] }));
    const { status, stdout, stderr } = run('promtool', 'check', 'rules', '--lint=none', file);
    rmSync(dirname(file), { recursive: true });
    assert.equal(status, 0, stdout + stderr);
  });

  it('are read by a Prometheus that is configured', skipWithout('promtool', 'prometheus'), () => {
    const { status, stdout, stderr } = run('promtool', 'check', 'config', 'prometheus.yaml');
    assert.equal(status, 0, stdout + stderr);
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

  it('leaves the service little that it does not need', skipWithout('systemd-analyze', 'systemd'), () => {
    const { status, stdout, stderr } = run(
      'systemd-analyze',
      'security',
      '--offline=true',
      '--threshold=20',
      './sild.service',
    );
    // Its exposure is at most 2.0 of 10.
    assert.equal(status, 0, stdout + stderr);
  });
});
